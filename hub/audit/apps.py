"""The audit app, for Django."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hub.audit"
    label = "audit"
    verbose_name = "Atividade"
