"""Rules about a repository of Docker Hub: it exists, who sees it, what is written about it."""

from __future__ import annotations

from dataclasses import dataclass

from checks.image import Repository
from checks.rules.base import Count, Verdict, failed, not_attempted, passed, rule, unverifiable
from checks.rules.words import alike


@rule(title="O repositório existe no Docker Hub")
def repository_exists(image: Repository) -> Verdict:
    if not image.exists:
        return _absent(image)
    return passed(f"O repositório `{image.reference.familiar_name}` existe no Docker Hub.")


@rule(title="O repositório tem a visibilidade pedida")
def visibility(image: Repository, private: bool) -> Verdict:
    """Private or public; a private one is seen with the learner's own login only."""
    if not image.exists:
        return _absent_private(image) if private else _absent(image)
    name = image.reference.familiar_name
    if image.private is None:
        return unverifiable(
            f"O Docker Hub não disse se `{name}` é público ou privado. Verifique de novo em alguns instantes."
        )
    if image.private and not private:
        return failed(
            f"O repositório `{name}` é privado, e o pedido é que seja público. "
            "No navegador, abra o repositório no Docker Hub e torne-o público."
        )
    if private and not image.private:
        return failed(
            f"O repositório `{name}` é público, e o pedido é que seja privado. "
            "No navegador, abra o repositório no Docker Hub e torne-o privado."
        )
    how = "privado: sem login, ninguém o vê" if private else "público: qualquer pessoa o vê"
    return passed(f"O repositório `{name}` é {how}.")


@rule(title="O repositório tem uma descrição curta")
def short_description(image: Repository, contains: str = "", at_least: Count = 1) -> Verdict:
    """The line of up to 100 characters; `at_least` counts characters."""
    return _written(image, _SHORT, image.description, contains, at_least)


@rule(title="O repositório tem uma apresentação (Overview)")
def overview(image: Repository, contains: str = "", at_least: Count = 1) -> Verdict:
    """The page in Markdown; `at_least` counts characters."""
    return _written(image, _OVERVIEW, image.overview, contains, at_least)


@dataclass(frozen=True)
class _Text:
    """How a text of the repository is called, and what to do about it in the browser."""

    name: str
    begin: str
    where: str
    go_on: str


_SHORT = _Text(
    "descrição curta",
    begin="escreva uma, de até 100 caracteres, que diga para que a imagem serve",
    where="à descrição curta",
    go_on="diga mais, em até 100",
)
_OVERVIEW = _Text(
    "apresentação",
    begin="escreva em Markdown, em Overview, o que a imagem faz e como se usa",
    where="em Overview",
    go_on="conte mais em Overview",
)


def _written(image: Repository, text: _Text, found: str | None, contains: str, at_least: int) -> Verdict:
    if not image.exists:
        return _absent(image)
    name, there = image.reference.familiar_name, "No navegador, abra o repositório no Docker Hub e"
    if found is None:
        return _untold(name)
    if not found.strip():
        return failed(f"O repositório `{name}` ainda não tem {text.name}. {there} {text.begin}.")
    if contains and alike(contains) not in alike(found):
        return failed(
            f"A {text.name} de `{name}` não tem o texto `{contains}`. {there} acrescente esse texto "
            f"{text.where}."
        )
    if len(found.strip()) < at_least:
        return failed(
            f"A {text.name} de `{name}` tem poucos caracteres ({len(found.strip())}), e o mínimo pedido é "
            f"{at_least}. {there} {text.go_on}."
        )
    return passed(f"O repositório `{name}` tem uma {text.name}.")


def _absent(image: Repository) -> Verdict:
    return not_attempted(
        f"O repositório `{image.reference.familiar_name}` ainda não existe no Docker Hub. Crie-o no "
        f"navegador ou envie a imagem com `docker push {image.reference.familiar}`, que cria o repositório."
    )


def _absent_private(image: Repository) -> Verdict:
    """A push would make it public, but for who chose otherwise."""
    return not_attempted(
        f"O repositório `{image.reference.familiar_name}` ainda não existe no Docker Hub. Crie-o no "
        "navegador, com a visibilidade privada."
    )


def _untold(name: str) -> Verdict:
    return unverifiable(
        f"O Docker Hub não disse o que está escrito sobre `{name}`. Verifique de novo em alguns instantes."
    )
