"""An e-mail that arrived at the practice mailbox."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Mail(models.Model):
    recipient = models.EmailField("para", max_length=254, db_index=True)
    sender = models.CharField("de", max_length=254)
    subject = models.CharField("assunto", max_length=254)
    text = models.TextField("texto")
    received_at = models.DateTimeField("recebido em", default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = "e-mail"
        verbose_name_plural = "e-mails"

    def __str__(self) -> str:
        return f"{self.subject} (para {self.recipient})"
