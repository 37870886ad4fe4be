"""By whose clock a class's days count: the pages show, and terminal and pages read, one and the same zone."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

VARIABLE: Final = "HUB_TIME_ZONE"
DEFAULT: Final = "America/Sao_Paulo"


def zone(name: str) -> ZoneInfo:
    """ValueError, with a Portuguese sentence, for a name that no zone has."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: half of a name, as America, is a folder
        raise ValueError(
            f"{VARIABLE} precisa ser um fuso horário como America/Manaus, e vale «{name}»."
        ) from None
