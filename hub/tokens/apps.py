"""The tokens app, for Django."""

from __future__ import annotations

from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "hub.tokens"
    label = "tokens"
    verbose_name = "Tokens de acesso"
