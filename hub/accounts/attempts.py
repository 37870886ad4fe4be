"""How many passwords one address may try on one account: guessing is slow, mistyping costs nothing.

Only different wrong passwords count. docker sends a stored one again and again, which is no guess, and it
is refused again without paying for the slow hash.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

MOST_WRONG = 10
WINDOW = 5 * 60  # seconds, from the first wrong password on
_noting = threading.Lock()


class TooManyAttempts(Exception):  # noqa: N818
    """The sentence that the learner reads, and the seconds to wait."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        wait = "1 minuto" if minutes == 1 else f"{minutes} minutos"
        reset = settings.HUB_WEB_URL + reverse("account_reset_password")
        super().__init__(
            f"Foram {MOST_WRONG} senhas erradas para este Docker ID em pouco tempo. "
            f"Espere {wait} e tente de novo; se esqueceu a senha, escolha outra em {reset}."
        )
        self.seconds = seconds


class _Seen(NamedTuple):
    ends: float
    wrong: frozenset[str]


@dataclass(frozen=True)
class Attempts:
    """What one address tried on one account; `key` and the passwords are fingerprints, never the words."""

    key: str

    def was_wrong(self, password: str) -> bool:
        return password in self._seen().wrong

    def check(self) -> None:
        """Raises TooManyAttempts."""
        seen = self._seen()
        if len(seen.wrong) >= MOST_WRONG:
            raise TooManyAttempts(max(1, round(seen.ends - time.time())))

    def note_wrong(self, password: str) -> None:
        with _noting:
            seen = self._seen()
            now_seen = _Seen(seen.ends, seen.wrong | {password})
            cache.set(self.key, now_seen, max(1.0, seen.ends - time.time()))

    def _seen(self) -> _Seen:
        found = cache.get(self.key)
        return found if isinstance(found, _Seen) else _Seen(time.time() + WINDOW, frozenset())
