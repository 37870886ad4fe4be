"""The inbox app, for Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.mail.utils import DNS_NAME


class InboxConfig(AppConfig):
    name = "hub.inbox"
    label = "inbox"
    verbose_name = "Correio"

    def ready(self) -> None:
        # Each e-mail carries this machine's name. Django asks DNS for it, which without a network may take
        # longer than a learner waits; ours is settled beforehand.
        DNS_NAME._fqdn = "hub.treino"
