"""`python -m hub account NAME`: a confirmed account, or another password for who forgot theirs."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email
from django.db import IntegrityError

from hub.accounts.adapter import RESERVED, TAKEN
from hub.accounts.forms import BAD_EMAIL
from hub.accounts.models import User
from hub.accounts.names import DOCKER_ID, RESERVED_NAMES, validate_docker_id

NO_NAME = "Diga o Docker ID da conta: python -m hub account NOME, com a senha na entrada padrão."
NOBODY = "Não há conta {} neste hub. Confira o Docker ID."
EMAIL_TAKEN = "Já existe uma conta com o e-mail {}. Use --email para dar outro."


class Command(BaseCommand):
    help = "Cria uma conta já confirmada; a senha vem da entrada padrão."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="o Docker ID")
        parser.add_argument("--email", default="", help="o e-mail (NOME@exemplo.com, se não vier)")
        parser.add_argument("--new-password", action="store_true", help="outra senha para quem já tem conta")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_password"]:
            self.change_password(options["name"])
        else:
            self.create(**options)

    def change_password(self, name: str) -> None:
        """Who is signed in anywhere with the old one is signed out."""
        try:
            person = User.objects.get(username=name)
            password = read_password()
            validate_password(password, person)
        except User.DoesNotExist:
            self.refuse(NOBODY.format(name))
        except ValidationError as error:
            self.refuse(" ".join(error.messages))
        person.set_password(password)
        person.save(update_fields=["password"])
        self.stdout.write(f"A senha de {name} é outra agora.")

    def create(self, **options: Any) -> None:
        name, email = options["name"], options["email"].lower() or f"{options['name']}@exemplo.com"
        try:
            check_name(name)
            check_email(email)
            password = read_password()
            validate_password(password)
            User.objects.create_confirmed(name, email, password)
        except ValidationError as error:
            self.refuse(" ".join(error.messages))
        except IntegrityError:
            self.refuse(TAKEN.format(name, name))
        self.stdout.write(f"A conta {name} está pronta.")

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)


def check_name(name: str) -> None:
    if not name:
        raise ValidationError(NO_NAME)
    if not DOCKER_ID.fullmatch(name):
        validate_docker_id(name)
    if name in RESERVED_NAMES:
        raise ValidationError(RESERVED.format(name))
    if User.objects.filter(username=name).exists():
        raise ValidationError(TAKEN.format(name, name[:29]))


def check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError(BAD_EMAIL) from None
    if User.objects.by_login(email):
        raise ValidationError(EMAIL_TAKEN.format(email))


def read_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Senha (não aparece enquanto você digita): ")
    return sys.stdin.readline().rstrip("\r\n")
