"""`python -m hub serve`: brings the database up to date, then serves until it is told to stop."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from hub import serve
from hub.catalogue import load as catalogue

NO_TLS = "HUB_TLS_BIND pede um certificado: diga em HUB_TLS_CERT e HUB_TLS_KEY onde estão os arquivos dele."
NO_DATABASE = "O banco de dados do hub não abriu: {}. {}"
OWN_DATABASE = "Confira a pasta {} e o espaço em disco."
OTHER_DATABASE = "Confira HUB_DATABASE_URL e se o servidor está no ar."
NO_GATE = (
    "Aviso: HUB_GATE_BINDS está vazia, e ninguém protege o registry: tags imutáveis podem ser trocadas por "
    "um push, e um repositório arquivado recebe o de quem já tinha permissão. Veja docs/servidor.md."
)
NO_ADDRESS = "O hub não pôde usar um dos seus endereços ({}): {}."


class Command(BaseCommand):
    help = "Serve o hub de treino em HUB_TLS_BIND e HUB_PLAIN_BINDS."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HUB_TLS_BIND and not (settings.HUB_TLS_CERT and settings.HUB_TLS_KEY):
            self.refuse(NO_TLS)
        try:
            migrate_when_needed()
        except OperationalError as error:
            is_ours = connection.vendor == "sqlite"
            mend = OWN_DATABASE.format(settings.HUB_DATA_DIR) if is_ours else OTHER_DATABASE
            self.refuse(NO_DATABASE.format(str(error).strip(), mend))
        if not settings.HUB_GATE_BINDS:
            self.stderr.write(NO_GATE)
        addresses = [*settings.HUB_TLS_BIND, *settings.HUB_PLAIN_BINDS]
        self.stdout.write(f"O hub de treino responde em {', '.join(addresses)}.")
        self.stdout.flush()
        try:
            serve.run()
        except OSError as error:
            self.refuse(NO_ADDRESS.format(", ".join(addresses), error.strerror or error))

    def refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(1)


def migrate_when_needed() -> None:
    """The whole `migrate` takes half a second even with nothing to do; looking takes a few milliseconds."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    else:
        catalogue.load()  # which `migrate` does too
    connection.close()
