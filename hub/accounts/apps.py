"""The accounts app, for Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hub.accounts"
    label = "accounts"
    verbose_name = "Contas"

    def ready(self) -> None:
        import_module("hub.accounts.signals")  # connects the receivers, once the models are there
