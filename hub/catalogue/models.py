"""The entries of the catalogue: images of the real Docker Hub that are told of here, and cannot be pulled."""

from __future__ import annotations

from django.db import models

from checks.reference import OFFICIAL
from hub.catalogue.trust import Trust
from hub.repositories.models import LONGEST_DESCRIPTION
from hub.repositories.names import LONGEST_PATH


class Entry(models.Model):
    """`namespace/name` on the real Docker Hub; the words are ours."""

    namespace = models.CharField(max_length=LONGEST_PATH)
    name = models.CharField(max_length=LONGEST_PATH)
    trust = models.CharField(max_length=16, choices=Trust)
    description = models.CharField(max_length=LONGEST_DESCRIPTION)
    overview = models.TextField()

    class Meta:
        ordering = ["name", "namespace"]
        constraints = [models.UniqueConstraint(fields=["namespace", "name"], name="entry_unique_path")]

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def pulled_as(self) -> str:
        """What one types after `docker pull`: official images go without their namespace."""
        return self.name if self.namespace == OFFICIAL else str(self)

    @property
    def real_address(self) -> str:
        """Where it really is (docker/hub-mcp, src/repos.ts)."""
        path = f"_/{self.name}" if self.namespace == OFFICIAL else f"r/{self}"
        return f"https://hub.docker.com/{path}"
