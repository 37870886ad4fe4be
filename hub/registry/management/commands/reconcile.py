"""`python -m hub reconcile`: rebuilds repositories and tags from the registry."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.registry.errors import RegistryError
from hub.registry.reconcile import reconcile


class Command(BaseCommand):
    help = "Refaz os repositórios e as tags do hub a partir do que o registry guarda."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = reconcile()
        except RegistryError as error:
            raise CommandError(
                f"Não foi possível conferir o registry. {error} Veja se ele está no ar e tente de novo.",
                returncode=3,
            ) from error
        self.stdout.write(str(outcome))
