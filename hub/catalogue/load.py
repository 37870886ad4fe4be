"""Makes the table of entries say what entries.json says; does nothing when it already does."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction

from hub.catalogue.models import Entry

FILE = Path(__file__).with_name("entries.json")
_TOLD = ("trust", "description", "overview")


def load() -> None:
    wanted = {(entry.namespace, entry.name): entry for entry in read()}
    present = {(entry.namespace, entry.name): entry for entry in Entry.objects.all()}
    changed = [path for path in wanted.keys() & present.keys() if _told(wanted[path]) != _told(present[path])]
    gone = [present[path].pk for path in present.keys() - wanted.keys() | set(changed)]
    new = [wanted[path] for path in sorted(wanted.keys() - present.keys() | set(changed))]
    if gone or new:
        with transaction.atomic():
            Entry.objects.filter(pk__in=gone).delete()
            Entry.objects.bulk_create(new, ignore_conflicts=True)  # another hub may start at the same time


def read() -> list[Entry]:
    """The entries as the file has them, not saved."""
    return [Entry(**fields) for fields in json.loads(FILE.read_text(encoding="utf-8"))]


def _told(entry: Entry) -> tuple[str, ...]:
    return tuple(getattr(entry, field) for field in _TOLD)
