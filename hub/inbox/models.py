"""An e-mail that arrived at the practice mailbox, and the switch that sends the next one to spam."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Mail(models.Model):
    recipient = models.EmailField("para", max_length=254, db_index=True)
    sender = models.CharField("de", max_length=254)
    subject = models.CharField("assunto", max_length=254)
    text = models.TextField("texto")
    received_at = models.DateTimeField("recebido em", default=timezone.now, db_index=True)
    is_spam = models.BooleanField("no spam", default=False)
    is_read = models.BooleanField("lido", default=False)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = "e-mail"
        verbose_name_plural = "e-mails"

    def __str__(self) -> str:
        return f"{self.subject} (para {self.recipient})"


class NextIsSpam(models.Model):
    """While there is one, the next e-mail that arrives falls into spam, and takes it away."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    def __str__(self) -> str:
        return "o próximo e-mail cai no spam"
