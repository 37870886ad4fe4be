"""One thing that somebody did."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from hub.audit.actions import Action

LONGEST_SUBJECT = 255
LONGEST_ADDRESS = 45


class Entry(models.Model):
    """`person` is nobody when no account had the name that was tried. Who leaves takes their own along."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="audit_entries"
    )
    action = models.CharField("o que foi feito", max_length=40, choices=Action)
    subject = models.CharField("com o quê", max_length=LONGEST_SUBJECT, blank=True)
    address = models.CharField("de onde", max_length=LONGEST_ADDRESS, blank=True)
    at = models.DateTimeField("quando", default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="audit_person_at")]
        verbose_name = "atividade"
        verbose_name_plural = "atividades"

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.subject}" if self.subject else self.get_action_display()
