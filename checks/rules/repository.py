"""Rules about a repository of Docker Hub: it exists, who sees it, what is written about it."""

from __future__ import annotations

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
    if not image.exists:
        return _absent(image)
    name, found = image.reference.familiar_name, image.description
    if found is None:
        return _untold(name)
    if not found.strip():
        return failed(
            f"O repositório `{name}` ainda não tem descrição curta. No navegador, abra o repositório no "
            "Docker Hub e escreva uma, de até 100 caracteres, que diga para que a imagem serve."
        )
    if contains and alike(contains) not in alike(found):
        return failed(
            f"A descrição curta de `{name}` não tem o texto `{contains}`. No navegador, abra o repositório "
            "no Docker Hub e acrescente esse texto à descrição curta."
        )
    if len(found.strip()) < at_least:
        return failed(
            f"A descrição curta de `{name}` tem poucos caracteres ({len(found.strip())}), e o mínimo pedido "
            f"é {at_least}. No navegador, abra o repositório no Docker Hub e diga mais, em até 100."
        )
    return passed(f"O repositório `{name}` tem uma descrição curta.")


@rule(title="O repositório tem uma apresentação (Overview)")
def overview(image: Repository, contains: str = "", at_least: Count = 1) -> Verdict:
    """The page in Markdown; `at_least` counts characters."""
    if not image.exists:
        return _absent(image)
    name, found = image.reference.familiar_name, image.overview
    if found is None:
        return _untold(name)
    if not found.strip():
        return failed(
            f"O repositório `{name}` ainda não tem apresentação. No navegador, abra o repositório no Docker "
            "Hub e escreva em Markdown, em Overview, o que a imagem faz e como se usa."
        )
    if contains and alike(contains) not in alike(found):
        return failed(
            f"A apresentação de `{name}` não tem o texto `{contains}`. No navegador, abra o repositório no "
            "Docker Hub e acrescente esse texto em Overview."
        )
    if len(found.strip()) < at_least:
        return failed(
            f"A apresentação de `{name}` tem poucos caracteres ({len(found.strip())}), e o mínimo pedido é "
            f"{at_least}. No navegador, abra o repositório no Docker Hub e conte mais em Overview."
        )
    return passed(f"O repositório `{name}` tem uma apresentação.")


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
