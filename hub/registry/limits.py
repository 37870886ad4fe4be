"""How many permissions one address may ask for in a minute, with or without a password.

Counted by each process for itself: a push asks for several, and each answer would wait for the database.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import caches

OF_A_PERSON = 20  # times HUB_PEOPLE_PER_ADDRESS
_MINUTE = 60  # seconds


class TooManyRequests(Exception):  # noqa: N818
    """The sentence that docker shows, and the seconds to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "Foram pedidos demais deste endereço em pouco tempo. Espere um minuto e tente de novo."
        )
        self.seconds = seconds


def check(address: str) -> None:
    """Counts one more. Raises TooManyRequests."""
    cache, now = caches["process"], time.time()
    key = f"permissions:{int(now // _MINUTE)}:{address}"
    cache.add(key, 0, 2 * _MINUTE)
    try:
        asked = cache.incr(key)
    except ValueError:  # so many others asked meanwhile that this one was forgotten
        return
    if asked > OF_A_PERSON * settings.HUB_PEOPLE_PER_ADDRESS:
        raise TooManyRequests(_MINUTE - int(now % _MINUTE))
