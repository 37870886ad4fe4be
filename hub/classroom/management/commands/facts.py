"""`python -m hub facts`: what the hub knows of every account of the class, in one answer."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from hub.classroom.facts import facts


class Command(BaseCommand):
    help = "Mostra, de cada Docker ID da turma, a conta e os repositórios, em JSON."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(facts(), ensure_ascii=False))
