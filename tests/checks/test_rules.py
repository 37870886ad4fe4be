"""Every rule by tables of facts: the outcome, and the words that must be in the message."""

from collections.abc import Callable
from typing import Any

import pytest

from checks.image import (
    Access,
    Account,
    Event,
    History,
    Image,
    LocalImage,
    Login,
    Platform,
    PublicImage,
    RemoteImage,
    RunConfig,
)
from checks.outcome import Outcome
from checks.reference import parse
from checks.rules import RULES, Verdict
from checks.rules.account import account_confirmed, logged_in
from checks.rules.base import rule
from checks.rules.history import removed_then_pulled
from checks.rules.local import local_image, same_image
from checks.rules.remote import public, pushed

PASSED, FAILED, NOT_ATTEMPTED, UNVERIFIABLE = (
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.NOT_ATTEMPTED,
    Outcome.UNVERIFIABLE,
)
SOURCE, NAME = parse("docker-is-cool"), parse("ana/docker-is-cool")

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
COOL = Image(AMD64, ("sha256:aa", "sha256:bb"), RunConfig(cmd=("/hello",)))
COOL_ARM = Image(ARM64, ("sha256:cc", "sha256:bb"), RunConfig(cmd=("/hello",)))
OTHER = Image(AMD64, ("sha256:zz",))
COOL_ELSE = Image(AMD64, COOL.diff_ids, RunConfig(cmd=("/other",)))


def source(image: Image | None = COOL) -> LocalImage:
    return LocalImage(SOURCE, image, "sha256:id" if image else "")


def named(image: Image | None = COOL) -> LocalImage:
    return LocalImage(NAME, image, "sha256:id" if image else "")


def remote(*images: Image) -> RemoteImage:
    return RemoteImage(NAME, Access.FOUND, "sha256:digest", images)


MISSING, DENIED = RemoteImage(NAME, Access.MISSING), RemoteImage(NAME, Access.DENIED)
ANA, BOB, NOBODY = Login("ana"), Login("bob"), Login(None)


def expect(verdict: Verdict, outcome: Outcome, *words: str) -> None:
    assert verdict.outcome is outcome
    for word in words:
        assert word in verdict.message


@pytest.mark.parametrize(
    ("account", "outcome", "word"),
    [
        (Account("ana", exists=True, confirmed=True), PASSED, "confirmado"),
        (Account("ana", exists=True, confirmed=None), PASSED, "existe"),
        (Account("ana", exists=True, confirmed=False), FAILED, "caixa de spam"),
        (Account("ana", exists=False), NOT_ATTEMPTED, "inscrição"),
    ],
)
def test_account_confirmed(account: Account, outcome: Outcome, word: str) -> None:
    expect(account_confirmed(account), outcome, word, "`ana`")


@pytest.mark.parametrize(
    ("login", "outcome", "word"),
    [
        (ANA, PASSED, "`ana`"),
        (NOBODY, NOT_ATTEMPTED, "`docker login -u SEU_DOCKER_ID`"),
        (Login("ana@example.com"), FAILED, "`docker logout`"),
    ],
)
def test_logged_in(login: Login, outcome: Outcome, word: str) -> None:
    expect(logged_in(login), outcome, word)


def test_local_image() -> None:
    expect(local_image(source()), PASSED, "`docker-is-cool:latest`")
    expect(local_image(source(None)), NOT_ATTEMPTED, "`docker image ls`")


TAG = "`docker tag docker-is-cool:latest ana/docker-is-cool:latest`"
PUSH = "`docker push ana/docker-is-cool:latest`"


@pytest.mark.parametrize(
    ("image", "same_as", "outcome", "word"),
    [
        (named(), source(), PASSED, "mesma imagem"),
        (named(None), source(), NOT_ATTEMPTED, TAG),
        (named(OTHER), source(), FAILED, TAG),
        (named(COOL_ELSE), source(), FAILED, "outra imagem"),
        (named(), source(None), UNVERIFIABLE, "não há com o que comparar"),
    ],
)
def test_same_image(image: LocalImage, same_as: LocalImage, outcome: Outcome, word: str) -> None:
    expect(same_image(image, same_as), outcome, word)


@pytest.mark.parametrize(
    ("image", "same_as", "tagged", "login", "outcome", "words"),
    [
        # the same content, in any shape, from anyone, whatever is left on this machine
        (remote(COOL), source(), named(), ANA, PASSED, ["mesmo conteúdo"]),
        (remote(COOL_ARM, COOL), source(), named(), ANA, PASSED, ["mesmo conteúdo"]),
        (remote(COOL), source(), named(None), NOBODY, PASSED, ["mesmo conteúdo"]),
        # not on the hub yet: the next step, in the order it is needed
        (MISSING, source(), named(None), NOBODY, NOT_ATTEMPTED, [TAG, PUSH]),
        (MISSING, source(), named(OTHER), ANA, FAILED, ["outra imagem", TAG, PUSH]),
        (MISSING, source(), named(), NOBODY, NOT_ATTEMPTED, ["`docker login -u ana`", PUSH]),
        (MISSING, source(), named(), BOB, FAILED, ["`bob`", "`docker login -u ana`", PUSH]),
        (MISSING, source(), named(), ANA, NOT_ATTEMPTED, ["falta só", PUSH]),
        (MISSING, source(), named(), Login("Ana"), NOT_ATTEMPTED, ["falta só", PUSH]),
        (MISSING, source(None), named(), ANA, NOT_ATTEMPTED, [PUSH]),
        (DENIED, source(), named(), ANA, NOT_ATTEMPTED, ["não dá acesso", PUSH, "`docker login -u ana`"]),
        (DENIED, source(), named(), BOB, FAILED, ["só `ana` pode enviar"]),
        # on the hub, with another content
        (remote(OTHER), source(), named(), ANA, FAILED, ["ainda tem outro conteúdo", PUSH]),
        (remote(COOL_ELSE), source(), named(), ANA, FAILED, [PUSH]),
        (remote(COOL_ARM), source(), named(), ANA, FAILED, ["linux/arm64", "linux/amd64", PUSH]),
        (remote(), source(), named(), ANA, FAILED, [PUSH]),
        (remote(OTHER), source(), named(OTHER), ANA, FAILED, ["é outra imagem", TAG, PUSH]),
        (remote(OTHER), source(), named(None), ANA, FAILED, ["é outra imagem", TAG, PUSH]),
        (remote(COOL), source(None), named(), ANA, UNVERIFIABLE, ["não há com o que comparar"]),
    ],
)
def test_pushed(
    image: RemoteImage,
    same_as: LocalImage,
    tagged: LocalImage,
    login: Login,
    outcome: Outcome,
    words: list[str],
) -> None:
    expect(pushed(image, same_as, tagged, login), outcome, *words)


def test_a_push_to_another_registry_needs_no_docker_hub_login() -> None:
    elsewhere = parse("localhost:5000/cool")
    verdict = pushed(
        RemoteImage(elsewhere, Access.MISSING), source(), LocalImage(elsewhere, COOL), login=NOBODY
    )
    expect(verdict, NOT_ATTEMPTED, "`docker push localhost:5000/cool:latest`")


def test_the_digest_is_evidence_and_not_part_of_the_message() -> None:
    verdict = pushed(remote(COOL), source(), named(), ANA)
    assert verdict.facts == {"digest": "sha256:digest"}
    assert "sha256" not in verdict.message


@pytest.mark.parametrize(
    ("anonymous", "own", "outcome", "word"),
    [
        (Access.FOUND, Access.FOUND, PASSED, "sem login"),
        (Access.DENIED, Access.FOUND, FAILED, "privado"),
        (Access.MISSING, Access.FOUND, FAILED, "privado"),
        (Access.DENIED, Access.DENIED, NOT_ATTEMPTED, PUSH),
        (Access.MISSING, Access.MISSING, NOT_ATTEMPTED, PUSH),
    ],
)
def test_public(anonymous: Access, own: Access, outcome: Outcome, word: str) -> None:
    expect(public(PublicImage(NAME, anonymous), RemoteImage(NAME, own)), outcome, word)


def events(*lines: str) -> History:
    """`push`, `pull`, `tag` are of our name; `untag:other` is of another; `untag#` has but the ID."""
    made = []
    for line in lines:
        if line.endswith("#"):
            made.append(Event(line[:-1], "sha256:id", "sha256:id"))
        else:
            action, _, name = line.partition(":")
            made.append(Event(action, name or "ana/docker-is-cool:latest", "sha256:id" if name else ""))
    return History(tuple(made))


@pytest.mark.parametrize(
    ("lines", "here", "outcome", "word"),
    [
        (["push", "untag", "pull"], True, PASSED, "baixou de novo"),
        (["push", "untag#", "delete#", "pull"], True, PASSED, "baixou de novo"),
        (["untag", "pull", "tag"], True, PASSED, "baixou de novo"),
        ([], True, NOT_ATTEMPTED, "`docker rmi ana/docker-is-cool:latest`"),
        ([], False, NOT_ATTEMPTED, "`docker pull ana/docker-is-cool:latest`"),
        (["push", "untag"], False, FAILED, "Agora baixe-a"),
        (["push", "pull"], True, FAILED, "Remova a cópia"),
        (["untag:other:latest", "pull"], True, FAILED, "Remova a cópia"),
        (["untag", "tag", "push", "pull"], True, FAILED, "Remova a cópia"),
        (["untag", "pull:other:latest"], False, FAILED, "Agora baixe-a"),
        (["untag", "pull", "untag"], False, FAILED, "Baixe outra vez"),
    ],
)
def test_removed_then_pulled(lines: list[str], here: bool, outcome: Outcome, word: str) -> None:
    expect(removed_then_pulled(named(COOL if here else None), events("tag", *lines)), outcome, word)


def test_the_vocabulary_is_what_the_folder_holds() -> None:
    assert {
        "account_confirmed",
        "local_image",
        "logged_in",
        "public",
        "pushed",
        "removed_then_pulled",
        "repository_exists",
        "same_image",
    } <= set(RULES)


def test_the_signature_is_the_schema() -> None:
    assert set(RULES["pushed"].arguments) == {"image", "same_as"}
    assert set(RULES["public"].arguments) == {"image"}
    assert not RULES["account_confirmed"].arguments


def judge_with_a_float(size: float) -> Verdict:
    raise NotImplementedError


def judge_called_pushed(image: RemoteImage) -> Verdict:
    raise NotImplementedError


judge_called_pushed.__name__ = "pushed"


@pytest.mark.parametrize(
    ("judge", "complaint"), [(judge_with_a_float, "cannot ask for size"), (judge_called_pushed, "two rules")]
)
def test_a_malformed_rule_is_refused_at_import(judge: Callable[..., Any], complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        rule(title="x")(judge)
