"""A chore that one process of the hub does while the others leave it alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

RECONCILE = 7_203_001  # any number that nobody else uses in this database


@contextmanager
def only_one(chore: int) -> Iterator[bool]:
    """Whether the chore is ours until the block ends.

    PostgreSQL, where several processes may serve one hub, keeps the turn with the connection: who dies gives
    it back. SQLite has one process, whose turn it always is.
    """
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [chore])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [chore])
