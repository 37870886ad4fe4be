"""How an image was made, by the same function for the registry's and for the engine's."""

from dataclasses import replace
from typing import Any

import pytest

from checks.image import Access, Image
from checks.rules import RULES
from checks.rules.base import LEARNER_FACTS
from tests.checks.rule_facts import (
    AMD64,
    ARM64,
    BUILD,
    BUILD_ALL,
    FAILED,
    NOT_ATTEMPTED,
    PASSED,
    PUSH,
    UNVERIFIABLE,
    absent,
    expect,
    image,
    judge,
    local,
    remote,
)

BARE = image()
LABEL: dict[str, Any] = {"labels": (("versao", "1.0"), ("vazio", ""))}
SHELL = ("/bin/sh", "-c", "python app.py")


def sized(size: int | None) -> Image:
    return replace(BARE, size=size)


PASSING = [
    ("label", {"name": "versao"}, image(**LABEL), "o rótulo `versao`, com o valor `1.0`"),
    ("label", {"name": "versao", "value": "1.0"}, image(**LABEL), "o rótulo `versao`"),
    ("label", {"name": "vazio"}, image(**LABEL), "com o valor vazio"),
    ("env", {"name": "MODO"}, image(env=("MODO=a=b",)), "a variável `MODO`"),
    ("env", {"name": "MODO", "value": "a=b"}, image(env=("A=1", "MODO=a=b")), "a variável `MODO`"),
    ("user", {}, image(user="app"), "rodar como `app`"),
    ("user", {}, image(user="1000:0"), "rodar como `1000`"),
    ("user", {"name": "app"}, image(user="app:grupo"), "rodar como `app`"),
    ("entrypoint", {"command": ("/app",)}, image(entrypoint=("/app",)), '`["/app"]` no `ENTRYPOINT`'),
    ("cmd", {"command": ("a", "ção")}, image(cmd=("a", "ção")), '`["a", "ção"]` no `CMD`'),
    ("exposed_port", {"port": 80}, image(exposed_ports=("80/tcp",)), "a porta `80/tcp`"),
    ("exposed_port", {"port": 80}, image(exposed_ports=("53/udp", "80")), "a porta `80/tcp`"),
    ("exposed_port", {"port": 53, "protocol": "udp"}, image(exposed_ports=("53/udp",)), "`53/udp`"),
    ("size", {"at_most_mb": 20}, sized(20_000_000), "ocupa 20,0 MB"),
    ("size", {"at_most_mb": 20}, sized(4_200), "ocupa 0,005 MB"),
    ("layers", {"at_most": 2}, image(layers="ab"), "não passa do máximo de camadas, que é 2"),
]
FAILING = [
    ("label", {"name": "autor"}, BARE, ["não tem o rótulo `autor`", '`LABEL autor="VALOR"`']),
    ("label", {"name": "autor", "value": "Ana"}, BARE, ['`LABEL autor="Ana"`']),
    (
        "label",
        {"name": "versao", "value": "2.0"},
        image(**LABEL),
        ["com o valor `1.0`, e o valor pedido é `2.0`", '`LABEL versao="2.0"`'],
    ),
    ("env", {"name": "MODO"}, BARE, ["não define a variável `MODO`", '`ENV MODO="VALOR"`']),
    (
        "env",
        {"name": "MODO", "value": "b"},
        image(env=("MODO=a",)),
        ["com o valor `a`, e o valor pedido é `b`", '`ENV MODO="b"`'],
    ),
    ("env", {"name": "MODO", "value": "b"}, image(env=("MODO=",)), ["com o valor vazio"]),
    ("user", {}, BARE, ["rodar como root", "`USER 1000`"]),
    ("user", {}, image(user="root:app"), ["rodar como root", "`USER 1000`"]),
    ("user", {}, image(user="0"), ["rodar como root", "`USER 1000`"]),
    ("user", {}, image(user="0" * 9000 + ":1000"), ["rodar como root", "`USER 1000`"]),
    ("user", {"name": "app"}, image(user="1000"), ["rodar como `1000`", "é `app`", "`USER app`"]),
    ("user", {"name": "app"}, BARE, ["rodar como `root`", "`USER app`"]),
    (
        "entrypoint",
        {"command": ("/app", "-v")},
        BARE,
        ["não tem `ENTRYPOINT`", '`ENTRYPOINT ["/app", "-v"]`'],
    ),
    (
        "entrypoint",
        {"command": ("/app",)},
        image(entrypoint=("/app", "-v")),
        ['tem `["/app", "-v"]` no `ENTRYPOINT`', '`ENTRYPOINT ["/app"]`'],
    ),
    ("cmd", {"command": ("a",)}, BARE, ["não tem `CMD`", '`CMD ["a"]`']),
    ("cmd", {"command": ("python", "app.py")}, image(cmd=SHELL), ["/bin/sh", '`CMD ["python", "app.py"]`']),
    ("exposed_port", {"port": 80}, BARE, ["não expõe nenhuma porta", "`EXPOSE 80`"]),
    (
        "exposed_port",
        {"port": 53, "protocol": "udp"},
        image(exposed_ports=("53/tcp", "80/tcp")),
        ["a porta `53/udp`", "é `53/tcp` e `80/tcp`", "`EXPOSE 53/udp`"],
    ),
    ("size", {"at_most_mb": 20}, sized(20_000_001), ["ocupa 20,1 MB", "é 20 MB", "`.dockerignore`"]),
    ("layers", {"at_most": 2}, image(layers="abc"), ["tem 3 camadas", "é 2", "num só `RUN`"]),
]


@pytest.mark.parametrize(("rule", "keys", "seen", "word"), PASSING)
def test_it_has_the_property(rule: str, keys: dict[str, Any], seen: Image, word: str) -> None:
    expect(judge(rule, image=remote(seen), **keys), PASSED, "No Docker Hub, `ana/app:1.0`", word)
    expect(
        judge(f"local_{rule}", image=local(seen), **keys), PASSED, "No seu computador, `ana/app:1.0`", word
    )


@pytest.mark.parametrize(("rule", "keys", "seen", "words"), FAILING)
def test_it_lacks_the_property(rule: str, keys: dict[str, Any], seen: Image, words: list[str]) -> None:
    there = judge(rule, image=remote(seen), **keys)
    expect(there, FAILED, "No Docker Hub, `ana/app:1.0`", *words, BUILD, PUSH, "só falta o push")
    assert there.facts["digest"] == "sha256:d"
    here = judge(f"local_{rule}", image=local(seen), **keys)
    expect(here, FAILED, "No seu computador, `ana/app:1.0`", *words, BUILD)
    assert "docker push" not in here.message


def test_a_size_that_nobody_tells_is_not_too_big() -> None:
    expect(judge("size", image=remote(sized(None)), at_most_mb=1), UNVERIFIABLE, "não diz quanto ocupa")
    expect(judge("local_size", image=local(sized(None)), at_most_mb=1), UNVERIFIABLE, "não diz quanto ocupa")


def test_what_a_variable_may_hide_is_not_repeated() -> None:
    seen = image(env=("DB_PASSWORD=hunter2",))
    verdict = judge("env", image=remote(seen), name="DB_PASSWORD", value="")
    assert "hunter2" not in verdict.message + str(verdict.facts)
    verdict = judge("env", image=remote(seen), name="DB_PASSWORD", value="x")
    expect(verdict, FAILED, "com um valor que parece secreto")
    assert "hunter2" not in verdict.message


def test_a_value_cannot_break_the_sentence() -> None:
    seen = image(labels=(("versao", "`1.0`\n" + "x" * 500),))
    verdict = judge("label", image=remote(seen), name="versao", value="2.0")
    assert "\n" not in verdict.message
    assert len(verdict.message) < 450


# ---------------------------------------------------------------- several platforms

LABELLED, UNLABELLED = image(AMD64, **LABEL), image(ARM64)


def test_in_an_index_every_platform_has_to_have_it() -> None:
    both = remote(LABELLED, image(ARM64, **LABEL))
    verdict = judge("label", image=both, name="versao")
    expect(verdict, PASSED, "No Docker Hub, `ana/app:1.0` tem")
    assert verdict.facts == {"digest": "sha256:d"}


def test_the_platform_that_lacks_it_is_named() -> None:
    verdict = judge("label", image=remote(LABELLED, UNLABELLED), name="versao")
    expect(verdict, FAILED, "`ana/app:1.0` para linux/arm64 não tem o rótulo", BUILD_ALL)
    assert "Falta acertar" not in verdict.message


def test_when_all_lack_it_none_is_named() -> None:
    verdict = judge("label", image=remote(image(AMD64), UNLABELLED), name="versao")
    expect(verdict, FAILED, "`ana/app:1.0` não tem o rótulo", BUILD_ALL)


def test_those_that_lack_it_in_another_way_are_named_too() -> None:
    verdict = judge("label", image=remote(LABELLED, UNLABELLED), name="versao", value="2.0")
    words = [
        "para linux/amd64 tem o rótulo",
        "com o valor `1.0`",
        "acertar também a de linux/arm64.",
        BUILD_ALL,
    ]
    expect(verdict, FAILED, *words)


def test_a_sure_failure_comes_before_what_nobody_tells() -> None:
    index = remote(sized(None), replace(image(ARM64), size=30_000_000))
    expect(judge("size", image=index, at_most_mb=20), FAILED, "para linux/arm64 ocupa 30,0 MB", "linux/amd64")


# ---------------------------------------------------------------- not there


@pytest.mark.parametrize("access", [Access.MISSING, Access.DENIED])
def test_an_image_that_is_not_on_the_hub_is_diagnosed(access: Access) -> None:
    verdict = judge("label", image=absent(access=access), name="versao")
    expect(verdict, NOT_ATTEMPTED, PUSH)
    assert verdict.situation is not None
    assert verdict.situation.remote == absent(access=access)


def test_an_index_without_any_image_is_not_enough() -> None:
    expect(judge("user", image=remote()), FAILED, "não há nenhuma imagem que se possa usar", PUSH)


def test_no_image_under_the_name_here() -> None:
    expect(judge("local_user", image=local(None)), NOT_ATTEMPTED, "`docker image ls`")


# ---------------------------------------------------------------- the steps of the build

STEPS = ("/bin/sh -c #(nop) COPY file:1 in /", "RUN /bin/sh -c apk  add curl # buildkit", "ENV A=1")
BUILT = replace(BARE, history=STEPS)


def test_a_step_is_found_whatever_its_case_and_spaces() -> None:
    expect(judge("build_step", image=remote(BUILT), text="APK add\n curl"), PASSED, "com o passo")


def test_a_step_that_is_not_there() -> None:
    verdict = judge("build_step", image=remote(BUILT), text="apt-get")
    expect(verdict, FAILED, "nenhum passo do build com `apt-get`", BUILD, PUSH)


def test_a_step_that_should_not_be_there_is_told_by_its_number_alone() -> None:
    expect(judge("no_build_step", image=remote(BUILT), text="apt-get"), PASSED, "não tem `apt-get`")
    verdict = judge("no_build_step", image=remote(BUILT), text="a")
    expect(verdict, FAILED, "contados do mais antigo: 2, 3.", "Tire-o do Dockerfile", BUILD, PUSH)
    assert "curl" not in verdict.message


@pytest.mark.parametrize("rule", ["build_step", "no_build_step"])
def test_an_image_without_history_cannot_show_its_steps(rule: str) -> None:
    expect(judge(rule, image=remote(BARE), text="apk"), FAILED, "não guarda os passos", BUILD, PUSH)


# ---------------------------------------------------------------- the vocabulary


def test_each_property_is_two_rules_with_the_same_keys() -> None:
    for name in ("label", "env", "user", "entrypoint", "cmd", "exposed_port", "size", "layers"):
        there, here = RULES[name], RULES[f"local_{name}"]
        assert set(there.arguments) == set(here.arguments)
        assert there.title != here.title


def test_what_the_registry_shows_needs_no_engine() -> None:
    """So that a class can be graded on what a learner cannot forge."""
    kinds = {one.kind.__name__ for one in RULES["label"].parameters if one.kind not in LEARNER_FACTS}
    assert kinds == {"RemoteImage", "str"}
