"""The four permissions of a personal access token, as Docker Hub names them.

Names: https://docs.docker.com/security/access-tokens/reference/; API values: `scopes` of /v2/access-tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """From the least to the most: each one also allows what those before it do."""

    PUBLIC_READ = "repo:public_read"
    READ = "repo:read"
    WRITE = "repo:write"
    ADMIN = "repo:admin"

    @property
    def rank(self) -> int:
        return list(Scope).index(self)

    @property
    def label(self) -> str:
        return _WORDS[self][0]

    @property
    def english(self) -> str:
        return _WORDS[self][1]

    @property
    def allows(self) -> str:
        """What its bearer may do, in one sentence."""
        return _WORDS[self][2]


_WORDS = {
    Scope.PUBLIC_READ: (
        "Só ler o que é público",
        "Repo Public Read-only",
        "Baixa imagens de repositórios públicos. É a permissão padrão.",
    ),
    Scope.READ: (
        "Só ler",
        "Repo Read-only",
        "Baixa imagens de repositórios públicos e dos seus privados.",
    ),
    Scope.WRITE: ("Ler e enviar", "Repo Read & Write", "Baixa e também envia imagens, com docker push."),
    Scope.ADMIN: (
        "Ler, enviar e apagar",
        "Repo Read, Write, Delete",
        "Baixa, envia, apaga imagens e cuida dos repositórios.",
    ),
}


def widest(scopes: Iterable[str]) -> Scope:
    """The one of several that allows all that the others do."""
    return max((Scope(scope) for scope in scopes), key=lambda scope: scope.rank)
