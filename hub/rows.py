"""Rows that two requests want at the same time: what one writes is not undone by the other."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import Http404

from hub.accounts.models import User


def change(row: Model, **fields: Any) -> None:
    """Writes these fields alone. Raises Http404 when the row was deleted since it was read."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    if not (rows.update(**fields) if fields else rows.exists()):
        raise Http404
    for name, value in fields.items():
        setattr(row, name, value)


def take_turns(username: str) -> None:
    """Two requests at the same time must not both find the one place free. Only within a transaction.

    The key is left alone, since a push that is written down meanwhile points at the person, and would wait
    (https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS).
    """
    list(User.objects.select_for_update(no_key=True).filter(username=username).values_list("pk"))
