"""How much each one has asked of the API in the minute that runs."""

from __future__ import annotations

from django.db import models


class Use(models.Model):
    """One row for each person or address; the database holds it, so that all processes count together."""

    who = models.CharField(max_length=80, primary_key=True)
    minute = models.BigIntegerField(db_index=True)  # since 1970
    requests = models.PositiveBigIntegerField()

    class Meta:
        db_table = "hub_api_use"

    def __str__(self) -> str:
        return f"{self.who}: {self.requests}"
