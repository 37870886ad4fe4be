"""Mistakes of beginners in the names of images: which part is wrong, why, and the nearest right name."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given

from checks.errors import BadReference
from checks.reference import Reference, parse, parse_typed
from tests.names import NAMES


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("Ana/App", "o nome do repositório só aceita minúsculas; use `ana/app`."),
        ("ana/minha imagem", "não pode ter espaços nem quebras de linha; use `ana/minha-imagem`."),
        ("ana/app\n", "não pode ter espaços nem quebras de linha; use `ana/app`."),
        ("ana/café", "só aceita letras de `a` a `z`, sem acento nem cedilha; use `ana/cafe`."),
        (
            "ana/app:versão",
            "a tag só aceita letras de `a` a `z`, sem acento nem cedilha; use `ana/app:versao`.",
        ),
        ("ana//app", "tem duas `/` seguidas"),
        ("ana/app/", "não começa nem termina por `/`"),
        ("-ana/app", "começa e termina por letra ou número, nunca por `.`, `_` ou `-`"),
        ("ana/app:", "falta a tag depois de `:`; use `ana/app`."),
        (":latest", "falta o nome do repositório no começo."),
        ("ana/app:v1:v2", "só pode haver uma tag, e há mais de um `:`"),
        ("ana/app:" + "v" * 129, "a tag tem no máximo 128 caracteres"),
        ("ana@example.com/app", "o e-mail não entra no nome; use `ana/app`."),
        ("ana/\ufeffapp", "há um caractere invisível no nome"),
        (
            "http://hub.docker.com/r/ana/app",
            "isto é um endereço da web, não o nome de uma imagem; use `ana/app`.",
        ),
        ("SEU_DOCKER_ID/app:v1", "`SEU_DOCKER_ID/app:v1`: troque `SEU_DOCKER_ID` pelo seu Docker ID."),
        ("{docker_id}/app", "`{docker_id}/app`: troque `{docker_id}` pelo seu Docker ID."),
    ],
)
def test_a_beginners_mistake_is_explained(written: str, reason: str) -> None:
    with pytest.raises(BadReference, match=re.escape(reason)):
        parse(written)


@pytest.mark.parametrize(
    ("written", "part", "nearest"),
    [
        ("hub.docker.com/ana/app", "registry", "ana/app"),
        ("hub.docker.com/r/ana/app:v1", "registry", "ana/app:v1"),
        ("registry-1.docker.io/ana/app", "registry", "ana/app"),
        ("Ana/app", "repository", "ana/app"),
        ("a_b.c/app", "registry", None),
        ("ana//app", "repository", "ana/app"),
    ],
)
def test_what_docker_accepts_and_nobody_means_is_refused_when_typed(
    written: str, part: str, nearest: str | None
) -> None:
    with pytest.raises(BadReference) as caught:
        parse_typed(written)
    assert (caught.value.part, caught.value.nearest) == (part, nearest)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("http://127.0.0.1:26418/r/ana/app", "ana/app"),
        ("127.0.0.1:26418/r/ana/app", "ana/app"),
        ("http://127.0.0.1:26418/repositories/ana/app/configuracoes/", "ana/app"),
        ("127.0.0.1:26418/ana/app:v1", "ana/app:v1"),
        ("127.0.0.1:5000/ana/app", None),
    ],
)
def test_a_page_of_the_practice_hub_is_no_name(
    written: str, nearest: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_HUB_URL", "http://127.0.0.1:26418")
    error = mistake(parse_typed, written)
    assert (error and error.nearest) == nearest


@pytest.mark.parametrize("written", ["ana/app", "docker.io/ana/app:latest", "localhost/app", "a.b:80/x:V1"])
def test_what_may_be_meant_is_accepted_when_typed(written: str) -> None:
    assert parse_typed(written) == parse(written)


def mistake(understood: Callable[[str], Reference], text: str) -> BadReference | None:
    try:
        understood(text)
    except BadReference as error:
        return error
    return None


@given(NAMES)
def test_the_nearest_name_is_always_a_right_one(text: str) -> None:
    for error in filter(None, (mistake(parse, text), mistake(parse_typed, text))):
        assert error.part in {"name", "registry", "repository", "tag", "digest"}
        assert error.nearest != text
        assert error.nearest is None or parse_typed(error.nearest)
