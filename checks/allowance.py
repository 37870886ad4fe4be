"""How many pulls Docker Hub still allows, as its answers say: read and told, never guessed.

`ratelimit-limit: 100;w=21600` and `ratelimit-remaining: 76;w=21600` come with manifests; no headers, no
limit (docs.docker.com, docker-hub/usage/pulls).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_QUOTA = re.compile(r"([0-9]{1,9})(?:;w=([0-9]{1,9}))?", re.ASCII)
_HOUR = 3600
# What is said when nothing is left, and when something is.
_SIGNED_IN = (
    "Os {limit} downloads que o Docker Hub deixa a sua conta fazer no período de {period} acabaram; "
    "espere um pouco antes do próximo `docker pull`.",
    "O Docker Hub ainda deixa a sua conta fazer {remaining} de {limit} downloads no período de {period}.",
)
_ANYONE = (
    "Os {limit} downloads que o Docker Hub deixa a sua rede fazer sem login no período de {period} acabaram; "
    "com `docker login` vale o limite da sua conta.",
    "O Docker Hub ainda deixa a sua rede fazer sem login {remaining} de {limit} downloads "
    "no período de {period}.",
)


@dataclass(frozen=True)
class Allowance:
    """`remaining` pulls of `limit` in `window` seconds; of an account, or of anyone in this network."""

    limit: int
    remaining: int
    window: int
    signed_in: bool = False

    @classmethod
    def from_headers(cls, headers: Mapping[str, str], *, signed_in: bool) -> Allowance | None:
        """Names of headers are in lower case; None when they do not tell."""
        limit = _QUOTA.fullmatch(headers.get("ratelimit-limit", "").strip())
        remaining = _QUOTA.fullmatch(headers.get("ratelimit-remaining", "").strip())
        if not limit or not remaining:
            return None
        window = int(limit[2] or remaining[2] or 0)
        return cls(int(limit[1]), int(remaining[1]), window, signed_in) if window else None

    @property
    def sentence(self) -> str:
        """For people."""
        sentences = _SIGNED_IN if self.signed_in else _ANYONE
        text = sentences[1] if self.remaining else sentences[0]
        return text.format(remaining=self.remaining, limit=self.limit, period=self._period)

    @property
    def _period(self) -> str:
        hours, rest = divmod(self.window, _HOUR)
        return f"{hours} h" if hours and not rest else f"{max(1, round(self.window / 60))} min"

    def to_dict(self) -> dict[str, int | bool]:
        return {
            "limit": self.limit,
            "remaining": self.remaining,
            "window_seconds": self.window,
            "signed_in": self.signed_in,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Allowance:
        """Reads what `to_dict` wrote."""
        limit, remaining, window = (int(data[key]) for key in ("limit", "remaining", "window_seconds"))
        return cls(limit, remaining, window, bool(data["signed_in"]))
