"""What the hub remembers of its talks with the registry: counted pulls, allowed pushes, what was pushed."""

from __future__ import annotations

from django.db import models

from hub.repositories.names import LONGEST_PATH

LONGEST_DIGEST = 160


class CountedPull(models.Model):
    """The id of an event that is to count once; kept for a day, far longer than the registry retries."""

    event_id = models.CharField(max_length=64, unique=True)
    counted_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.event_id


class SeenManifest(models.Model):
    """A manifest that somebody pushed: the registry lists tags alone, and keeps what they pointed at before.

    `loose_since`: when no tag was found to lead to it any more.
    """

    namespace = models.CharField(max_length=LONGEST_PATH)
    name = models.CharField(max_length=LONGEST_PATH)
    digest = models.CharField(max_length=LONGEST_DIGEST)
    loose_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["namespace", "name", "digest"], name="manifest_seen_once")
        ]

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}@{self.digest}"


class ExpectedRepository(models.Model):
    """A name without a repository that somebody was allowed to push to, and how private it is to be.

    The registry knows nothing of privacy. What it holds that the hub neither has nor expects was pushed
    before this database, so it may have been private.
    """

    namespace = models.CharField(max_length=LONGEST_PATH)
    name = models.CharField(max_length=LONGEST_PATH)
    is_private = models.BooleanField()
    allowed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["namespace", "name"], name="expected_unique_path")]

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"
