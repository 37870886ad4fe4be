"""What the hub does by itself while it serves: it follows the registry, and clears away what is old."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from hub.accounts.attempts import forget_old_attempts
from hub.accounts.unconfirmed import forget_unconfirmed
from hub.api.limits import forget_old_use
from hub.audit.log import forget_old_entries
from hub.classroom.retention import forget_old_members
from hub.inbox.store import clear_old
from hub.registry.client import RegistryClient
from hub.registry.errors import RegistryError
from hub.registry.notifications import forget_counted_pulls
from hub.registry.official import offer
from hub.registry.reconcile import reconcile
from hub.registry.record import forget_expected
from hub.registry.turns import RECONCILE, only_one

log = logging.getLogger(__name__)

# Seconds between one try and the next while something fails: the registry starts together with the hub.
RETRIES = (1, 1, 2, 2, 5, 5, 10, 30)
TIDY_EVERY = 24 * 60 * 60  # seconds


def keep_up(stopping: threading.Event) -> None:
    """Until told to stop. No trouble ends it, since nobody would start it again."""
    tell, tell_tidying, follow_registry = Teller(), Teller(), Follower()
    failures, tidy_at = 0, time.monotonic()
    pause: float = RETRIES[0]
    while not stopping.wait(pause):
        if time.monotonic() >= tidy_at and attempt(tidy, tell_tidying):
            tidy_at = time.monotonic() + TIDY_EVERY
        failures = 0 if attempt(follow_registry, tell) else failures + 1
        pause = pause_after(failures)
        connections.close_all()  # the next turn is far away


class Teller:
    """Writes a sentence to the log once, and again only after another."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, level: int, sentence: str, error: Exception | None = None) -> None:
        if sentence and sentence != self._last:
            log.log(level, "%s", sentence, exc_info=error)
            self._last = sentence


def attempt(chore: Callable[[], str], tell: Teller) -> bool:
    try:
        tell(logging.INFO, chore())
    except (RegistryError, ImproperlyConfigured) as error:
        tell(logging.INFO, f"O hub ainda não leu o registry, e tenta de novo sozinho. {error}")
    except Exception as error:
        tell(logging.WARNING, f"O hub tropeçou, e tenta de novo sozinho. {type(error).__name__}", error)
    else:
        return True
    return False


def pause_after(failures: int) -> float:
    every: float = settings.HUB_RECONCILE_SECONDS
    return min(every, RETRIES[min(failures, len(RETRIES)) - 1]) if failures else every


class Follower:
    """Follows the registry, by one process of the hub at a time; the others leave it alone."""

    def __init__(self) -> None:
        self._since: datetime | None = None  # when the last round that went well began

    def __call__(self) -> str:
        with only_one(RECONCILE) as is_ours:
            if not is_ours:
                return ""
            began, client = timezone.now(), RegistryClient()
            offer(settings.HUB_LIBRARY_DIR, client)
            outcome = reconcile(client, self._since)
            self._since = began
            return str(outcome)


def tidy() -> str:
    """What is old: sessions that ended, notifications nobody repeats any more, mail, attempts, activity,
    accounts that nobody confirmed, and who was in a class that is long over."""
    call_command("clearsessions")
    forget_counted_pulls()
    forget_expected()
    clear_old()
    forget_old_attempts()
    forget_old_entries()
    forget_old_use()
    forget_unconfirmed()
    forget_old_members()
    return ""
