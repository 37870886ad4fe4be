"""What may be a Docker ID or a password, and how a wrong one is mended."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

from checks.reference import OFFICIAL

SHORTEST_NAME, LONGEST_NAME = 4, 30
# `python -m hub account` also makes the three-letter names of the chapter's examples (ana, bia),
# as old accounts of the real hub have; nobody can sign up with one.
SHORTEST_EXAMPLE_NAME = 3
# Any name that an account may have.
DOCKER_ID = re.compile(rf"[a-z0-9]{{{SHORTEST_EXAMPLE_NAME},{LONGEST_NAME}}}", re.ASCII)
# The namespaces of official images and of the company: nobody's.
RESERVED_NAMES = frozenset({OFFICIAL, "docker", "dockerhub"})
SHORTEST_PASSWORD, LONGEST_PASSWORD = 9, 128

RULE = f"O Docker ID tem de {SHORTEST_NAME} a {LONGEST_NAME} letras minúsculas e números"
NAME_HELP = f"{RULE}, sem acento, espaço ou símbolo. Ele não muda depois de criado."
PASSWORD_HELP = f"Pelo menos {SHORTEST_PASSWORD} caracteres. Invente uma só para este treino."


def is_open_to_signup(name: str) -> bool:
    return DOCKER_ID.fullmatch(name) is not None and len(name) >= SHORTEST_NAME


def suggest(typed: str) -> str | None:
    """The nearest right Docker ID: no accents, no capitals, no symbols; None when nothing is left."""
    plain = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode("ascii").lower()
    name = re.sub(r"[^a-z0-9]", "", plain)[:LONGEST_NAME]
    if not name:
        return None
    return name if len(name) >= SHORTEST_NAME else f"{name}2026"


def validate_docker_id(typed: str) -> None:
    """Refuse what the real hub refuses, and say which name would do."""
    if is_open_to_signup(typed):
        return
    name = suggest(typed)
    if name is None:
        message = f"{RULE}. Escolha, por exemplo, «ana2026»."
    elif len(typed) < SHORTEST_NAME and name.startswith(typed):
        message = f"«{typed}» é curto demais: são pelo menos {SHORTEST_NAME} caracteres. Que tal «{name}»?"
    elif len(typed) > LONGEST_NAME:
        message = f"O nome é longo demais: são no máximo {LONGEST_NAME} caracteres. Que tal «{name}»?"
    else:
        message = f"{RULE}, sem acento, espaço ou símbolo. Que tal «{name}»?"
    raise ValidationError(message, code="docker_id")


class PasswordValidator:
    """Length alone, as on the real hub; the upper end keeps the slow hash from being fed megabytes."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) < SHORTEST_PASSWORD:
            raise ValidationError(
                f"A senha precisa de pelo menos {SHORTEST_PASSWORD} caracteres, e esta tem {len(password)}.",
                code="password_too_short",
            )
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(
                f"A senha pode ter no máximo {LONGEST_PASSWORD} caracteres.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return PASSWORD_HELP
