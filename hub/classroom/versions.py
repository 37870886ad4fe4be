"""The number of the newest change of the class, which an open board asks for twice a second.

Whoever changes something takes the one row first and keeps it until the transaction ends, so that changes
become visible in the order of their versions, and two who change the same thing wait for each other.
"""

from __future__ import annotations

from django.db import connection

from hub.classroom.models import Newest

_ROW = 1
# The update changes nothing; what it does is to keep the row. SQLite and PostgreSQL know it.
_TAKE = """
    INSERT INTO classroom_newest (id, version) VALUES (%s, 0)
    ON CONFLICT (id) DO UPDATE SET version = classroom_newest.version
    RETURNING version
"""


def newest() -> int:
    found = Newest.objects.filter(pk=_ROW).values_list("version", flat=True).first()
    return found or 0


def take() -> int:
    """Inside of a transaction: waits for our turn. The version of what will be written now."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [_ROW])
        known: int = cursor.fetchone()[0]
        return known + 1


def publish(version: int) -> None:
    """What was written under the version that `take` gave is there for boards to see."""
    Newest.objects.filter(pk=_ROW).update(version=version)
