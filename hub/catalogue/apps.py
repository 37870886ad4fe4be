"""The catalogue app, for Django; its entries come with every migration of the database."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CatalogueConfig(AppConfig):
    name = "hub.catalogue"
    label = "catalogue"
    verbose_name = "Catálogo"

    def ready(self) -> None:
        post_migrate.connect(_fill, sender=self)


def _fill(**_: Any) -> None:
    from hub.catalogue.load import load  # Django has no models yet when it reads this file

    load()
