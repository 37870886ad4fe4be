"""`python -m hub account NAME`: the password comes on standard input, and bad input ends with 2."""

from __future__ import annotations

import io
import sys

import pytest
from django.core.management import call_command
from django.test import Client

from hub.accounts.models import User
from hub.accounts.passwords import verify


@pytest.fixture
def make(db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Make:
    return Make(monkeypatch, capsys)


class Make:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: str, typed: str = "barco-de-papel\n") -> tuple[int, str]:
        """The exit code, and what was said."""
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            call_command("account", *arguments)
        except SystemExit as end:
            return int(str(end.code)), self._capsys.readouterr().err
        return 0, self._capsys.readouterr().out


def test_the_account_is_ready_to_use(make: Make) -> None:
    assert make("ana2026") == (0, "A conta ana2026 está pronta.\n")
    assert verify("ana2026", "barco-de-papel")
    assert User.objects.get().email == "ana2026@exemplo.com"


def test_who_forgot_the_password_gets_another(make: Make, client: Client) -> None:
    make("ana2026")
    client.force_login(User.objects.get())
    assert make("ana2026", "--new-password", typed="barco-de-papel-2\n") == (
        0,
        "A senha de ana2026 é outra agora.\n",
    )
    assert verify("ana2026", "barco-de-papel-2")
    assert not verify("ana2026", "barco-de-papel")
    assert client.get("/perfil/").status_code == 302
    assert "/login" in client.get("/perfil/").headers["Location"]


@pytest.mark.parametrize(
    ("name", "typed", "words"), [("ninguem1", "x\n", "Não há conta ninguem1"), ("ana2026", "curta\n", "9")]
)
def test_no_other_password_without_reason(make: Make, name: str, typed: str, words: str) -> None:
    make("ana2026")
    code, said = make(name, "--new-password", typed=typed)
    assert code == 2
    assert words in said
    assert verify("ana2026", "barco-de-papel")


def test_an_email_may_be_given(make: Make) -> None:
    make("ana2026", "--email", "Ana@Escola.br")
    assert User.objects.get().email == "ana@escola.br"


def test_the_names_of_the_chapter_are_allowed_here(make: Make) -> None:
    """`docker push ana/docker-is-cool` is the chapter's own command; nobody signs up with three letters."""
    assert make("ana")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        ([], "", "Diga o Docker ID da conta"),
        (["José"], "barco-de-papel", "Que tal «jose»?"),
        (["Ana2026"], "barco-de-papel", "Que tal «ana2026»?"),
        (["ab"], "barco-de-papel", "curto demais"),
        (["docker"], "barco-de-papel", "é reservado"),
        (["ana2026"], "curta", "pelo menos 9 caracteres"),
        (["ana2026"], "", "pelo menos 9 caracteres"),
        (["ana2026", "--email", "ana"], "barco-de-papel", "Isto não parece um e-mail"),
    ],
)
def test_bad_input_ends_with_2_and_a_sentence(
    make: Make, arguments: list[str], typed: str, sentence: str
) -> None:
    code, said = make(*arguments, typed=typed)
    assert code == 2
    assert sentence in said
    assert not User.objects.exists()


def test_a_taken_name_or_email_ends_with_2(make: Make, ana: User) -> None:
    code, said = make(ana.username)
    assert (code, "já tem dono" in said) == (2, True)
    code, said = make("outra2026", "--email", ana.email)
    assert (code, "Já existe uma conta com o e-mail" in said) == (2, True)


def test_an_email_that_nobody_has_confirmed_is_free(make: Make, unconfirmed: User) -> None:
    assert make("outra2026", "--email", unconfirmed.email)[0] == 0
    assert User.objects.by_login(unconfirmed.email) == User.objects.get(username="outra2026")
