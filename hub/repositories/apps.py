"""The repositories app, for Django."""

from __future__ import annotations

from django.apps import AppConfig


class RepositoriesConfig(AppConfig):
    name = "hub.repositories"
    label = "repositories"
    verbose_name = "Repositórios"
