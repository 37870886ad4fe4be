"""Waits for a class to judge: a hub without one pays nothing for the checks."""

from __future__ import annotations

import threading

from django.db import Error, connections

from hub.classroom.models import Member

_LOOK_EVERY = 5.0  # seconds


def sit(stopping: threading.Event) -> None:
    """Until told to stop."""
    while not _has_class():
        if stopping.wait(_LOOK_EVERY):
            return
    from hub.classroom.judge import keep_judging  # loads the checks, and all they need of the web

    keep_judging(stopping)


def _has_class() -> bool:
    try:
        return Member.objects.with_account().exists()
    except Error:  # a database that is being made, or is away for a moment
        return False
    finally:
        connections.close_all()
