"""The webhooks of a repository, and what was sent to each; a delivery that waits is the queue itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from hub.repositories.models import Repository

LONGEST_NAME, LONGEST_URL, LONGEST_ANSWER = 60, 500, 300


class Webhook(models.Model):
    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=LONGEST_NAME)
    url = models.CharField(max_length=LONGEST_URL)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["repository", "name"], name="webhook_unique_name"),
        ]

    def __str__(self) -> str:
        return self.name


class State(models.TextChoices):
    WAITING = "waiting", "esperando"
    DELIVERED = "delivered", "entregue"
    FAILED = "failed", "não entregue"


class Delivery(models.Model):
    """One push told to one address. `status` is the last answer's, 0 when there was none."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.CharField(max_length=64)  # the registry tells a push at least once
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=LONGEST_ANSWER, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="delivery_once_for_each_push"),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="delivery_queue")]

    def __str__(self) -> str:
        return f"{self.webhook}: {self.get_state_display()}"

    @property
    def tag(self) -> str:
        return str(self.payload["push_data"]["tag"])
