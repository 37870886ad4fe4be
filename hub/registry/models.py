"""What the hub remembers of the registry's notifications, so that one delivered twice counts once."""

from __future__ import annotations

from django.db import models


class CountedPull(models.Model):
    """The id of a pull event that was counted; kept for a day, far longer than the registry retries."""

    event_id = models.CharField(max_length=64, unique=True)
    counted_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.event_id
