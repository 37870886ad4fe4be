"""`python -m hub results --load | --dump`: what the checks found, a JSON line for each member and unit."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hub.classroom.book import reports
from hub.classroom.intake import take_in
from hub.classroom.roster import SCHEMA


class Command(BaseCommand):
    help = "Guarda os resultados que chegam pela entrada padrão, ou mostra os que há."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--load", action="store_true", help="lê resultados da entrada padrão")
        chosen.add_argument("--dump", action="store_true", help="mostra os resultados que há")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dump"]:
            for line in reports():
                self.stdout.write(json.dumps(line, ensure_ascii=False))
            return
        self.bad = 0
        kept = take_in(sys.stdin.buffer, self.complain)
        self.stdout.write(json.dumps({"schema": SCHEMA, "kept": kept, "bad": self.bad}))

    def complain(self, number: int, sentence: str) -> None:
        self.bad += 1
        self.stderr.write(f"Linha {number}: {sentence}")
