"""`python -m hub roster --load | --dump | --erase WHO | --release KEY`: the people of the class, as JSON."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from hub.classroom import roster
from hub.classroom.claims import release
from hub.classroom.erasure import erase, find
from hub.classroom.models import Member
from hub.registry.errors import RegistryError

BAD = "A entrada padrão não é uma lista de turma (JSON, com `schema` 1 e `people`)."
NOBODY = "Não há ninguém na turma com a chave ou o Docker ID «{}»."
UNCLAIMED = "{} ainda não tem um Docker ID: não há o que soltar."
AWAY = "O registry não apagou tudo, e a pessoa continua na turma: {} Repita o comando para terminar."


class Command(BaseCommand):
    help = "Lê e mostra a lista da turma; apaga uma pessoa; solta o Docker ID de alguém."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--load", action="store_true", help="lê a lista da entrada padrão")
        chosen.add_argument("--dump", action="store_true", help="mostra a lista")
        chosen.add_argument("--erase", metavar="QUEM", help="apaga a pessoa com esta chave ou este Docker ID")
        chosen.add_argument("--release", metavar="CHAVE", help="solta o Docker ID da pessoa com esta chave")
        parser.add_argument("--account", action="store_true", help="com --erase: apaga também a conta no hub")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["load"]:
            self.load()
        elif options["dump"]:
            people = [person.to_dict() for person in roster.people()]
            self.tell({"schema": roster.SCHEMA, "people": people})
        elif options["erase"]:
            self.erase(options["erase"], account=options["account"])
        else:
            self.release(options["release"])

    def load(self) -> None:
        try:
            told = json.loads(sys.stdin.buffer.read())
            items, is_whole = told["people"], told.get("replace", False)
            is_list = told["schema"] == roster.SCHEMA and isinstance(items, list)
            if not is_list or not isinstance(is_whole, bool):
                self.refuse(BAD)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.refuse(BAD)
        self.tell(roster.load(items, replace=is_whole).to_dict())

    def erase(self, word: str, *, account: bool) -> None:
        member = self.member(find(word), word)
        key = member.key
        try:
            told = erase(member, account=account)
        except RegistryError as error:
            self.refuse(AWAY.format(error))
        self.tell({"schema": roster.SCHEMA, "key": key, **told.to_dict()})

    def release(self, key: str) -> None:
        member = self.member(Member.objects.filter(key=key).first(), key)
        if not member.docker_id:
            self.refuse(UNCLAIMED.format(member.name))
        docker_id = member.docker_id
        results = member.results.count()
        release(member)
        self.tell({"schema": roster.SCHEMA, "key": key, "docker_id": docker_id, "results": results})

    def member(self, found: Member | None, word: str) -> Member:
        if found is None:
            self.refuse(NOBODY.format(word))
        return found

    def tell(self, what: Any) -> None:
        self.stdout.write(json.dumps(what, ensure_ascii=False))

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)
