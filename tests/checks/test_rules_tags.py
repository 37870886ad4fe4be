"""Which tags are there, and where each points."""

import pytest

from checks.image import Access, RemoteImage, RemoteTags
from checks.reference import parse
from tests.checks.conftest import ANA, FakeHub, with_registry
from tests.checks.rule_facts import (
    ARM64,
    FAILED,
    NOT_ATTEMPTED,
    PASSED,
    UNVERIFIABLE,
    absent,
    expect,
    image,
    judge,
    remote,
)

ONE, TWO, LATEST = "ana/app:1.0", "ana/app:2.0", "ana/app:latest"
PUSH_LATEST = f"`docker push {LATEST}`"


def at(name: str, digest: str, layers: str = "ab") -> RemoteImage:
    return remote(image(layers=layers), name=name, digest=f"sha256:{digest}")


def tags(*there: str) -> RemoteTags:
    return RemoteTags(parse("ana/app"), there)


# ---------------------------------------------------------------- tags_present


def test_the_tags_are_there_with_others_beside_them() -> None:
    verdict = judge("tags_present", image=tags("1.0", "2.0", "latest"), tags=("1.0", "latest"))
    expect(verdict, PASSED, "as tags `1.0` e `latest`")


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (("1.0",), ["tem no Docker Hub `1.0`", "não tem `2.0` e `latest`"]),
        (("beta", "1.0"), ["tem no Docker Hub `1.0`,", "não tem `2.0` e `latest`"]),
        (("v1", "v2"), ["tem no Docker Hub `v1` e `v2`", "não tem `1.0`, `2.0` e `latest`"]),
    ],
)
def test_a_tag_is_missing(there: tuple[str, ...], words: list[str]) -> None:
    verdict = judge("tags_present", image=tags(*there), tags=("1.0", "2.0", "latest"))
    first = TWO if "1.0" in there else ONE
    expect(verdict, FAILED, *words, f"`docker tag IMAGEM {first}`", f"`docker push {first}`")


def test_a_tag_may_be_among_those_that_were_not_read() -> None:
    many = RemoteTags(parse("ana/app"), ("1.0", "2.0"), complete=False)
    expect(judge("tags_present", image=many, tags=("2.0",)), PASSED)
    expect(
        judge("tags_present", image=many, tags=("2.0", "9.0")), UNVERIFIABLE, "não vi `9.0`", "no navegador"
    )


def test_of_a_great_many_tags_only_the_first_are_read(hub: FakeHub) -> None:
    for at_most, complete in ((199, True), (200, False), (250, False)):
        for number in range(at_most):
            hub.push("ana/app", hub.image(), f"v{number:03}")
        found = with_registry(hub.url, lambda registry: registry.remote_tags(parse("ana/app"), ANA))
        assert (len(found.tags), found.complete) == (min(at_most, 200), complete)


def test_without_any_tag_the_first_one_is_diagnosed() -> None:
    verdict = judge("tags_present", image=tags(), tags=("1.0", "latest"))
    expect(verdict, NOT_ATTEMPTED, f"`docker push {ONE}`")
    assert verdict.situation is not None
    assert verdict.situation.reference == parse(ONE)


# ---------------------------------------------------------------- digests


def test_two_tags_of_one_digest() -> None:
    verdict = judge("same_digest", image=at(LATEST, "a"), same_as=at(ONE, "a"))
    expect(verdict, PASSED, "mesmo digest")
    assert verdict.facts == {"digest": "sha256:a"}


def test_two_tags_of_two_digests_where_one_was_asked_for() -> None:
    """The same content is not enough: a tag points to bytes."""
    verdict = judge("same_digest", image=at(LATEST, "b"), same_as=at(ONE, "a"))
    words = [f"`docker tag {ONE} {LATEST}`", f"`docker push {ONE}`", PUSH_LATEST]
    expect(verdict, FAILED, "digests diferentes", *words)


def test_two_versions() -> None:
    expect(judge("other_digest", image=at(TWO, "b"), other=at(ONE, "a")), PASSED, "digests diferentes")
    verdict = judge("other_digest", image=at(TWO, "a"), other=at(ONE, "a"))
    words = ["dois nomes da mesma imagem", f"com o nome `{TWO}`", f"`docker push {TWO}`"]
    expect(verdict, FAILED, *words)


DIGEST = "sha256:" + "1" * 64


def test_a_tag_points_to_a_digest() -> None:
    there = at(LATEST, "1" * 64)
    expect(judge("points_to", image=there, digest=DIGEST), PASSED, "o digest pedido")
    verdict = judge("points_to", image=at(LATEST, "2" * 64), digest=DIGEST)
    pinned = f"ana/app@{DIGEST}"
    words = ["2" * 64, f"`docker pull {pinned}`", f"`docker tag {pinned} {LATEST}`", PUSH_LATEST]
    expect(verdict, FAILED, *words)


# ---------------------------------------------------------------- tag_moved


@pytest.mark.parametrize(
    ("latest", "outcome", "words"),
    [
        ("two", PASSED, [f"a imagem de `{TWO}`, e não mais para a de `{ONE}`"]),
        ("one", FAILED, ["ainda aponta", "só muda com um push", f"`docker tag {TWO} {LATEST}`", PUSH_LATEST]),
        ("three", FAILED, [f"nem para a de `{ONE}`", f"`docker tag {TWO} {LATEST}`", PUSH_LATEST]),
    ],
)
def test_a_tag_moved(latest: str, outcome: object, words: list[str]) -> None:
    verdict = judge("tag_moved", image=at(LATEST, latest), now=at(TWO, "two"), before=at(ONE, "one"))
    assert verdict.outcome is outcome
    expect(verdict, verdict.outcome, *words)


def test_a_tag_cannot_move_between_two_names_of_one_image() -> None:
    verdict = judge("tag_moved", image=at(LATEST, "one"), now=at(TWO, "one"), before=at(ONE, "one"))
    expect(verdict, FAILED, "não tem para onde mudar", f"com o nome `{TWO}`", f"`docker push {TWO}`")


# ---------------------------------------------------------------- shared_layers


@pytest.mark.parametrize(
    ("layers", "at_least", "outcome", "word"),
    [
        ("abcd", 2, PASSED, "mesmas camadas"),
        ("ab", 2, PASSED, "mesmas camadas"),
        ("axb", 2, FAILED, "as iguais são 1, e o mínimo pedido é 2"),
        ("xab", 1, FAILED, "as iguais são 0"),
    ],
)
def test_the_first_layers_are_shared(layers: str, at_least: int, outcome: object, word: str) -> None:
    verdict = judge("shared_layers", image=at(TWO, "b", layers), other=at(ONE, "a", "ab"), at_least=at_least)
    assert verdict.outcome is outcome
    mend = [f"`FROM {ONE}`", "construa a imagem de novo", f"`docker push {TWO}`"] if outcome is FAILED else []
    expect(verdict, verdict.outcome, word, *mend)


def test_on_every_platform_that_both_have() -> None:
    base = remote(image(layers="ab"), image(ARM64, "cd"), name=ONE)
    only_one = remote(image(layers="abx"), image(ARM64, "zz"), name=TWO)
    expect(judge("shared_layers", image=only_one, other=base), FAILED, "as iguais são 0")
    single = remote(image(layers="abx"), name=TWO)
    expect(judge("shared_layers", image=single, other=base), PASSED)


def test_other_platforms_share_nothing() -> None:
    verdict = judge("shared_layers", image=remote(image(ARM64), name=TWO), other=at(ONE, "a"))
    expect(verdict, FAILED, f"`{TWO}` é para linux/arm64", "é para linux/amd64", f"`FROM {ONE}`")


def test_an_index_without_any_image_shares_nothing() -> None:
    for one, other in ((remote(name=TWO), at(ONE, "a")), (at(TWO, "a"), remote(name=ONE))):
        expect(
            judge("shared_layers", image=one, other=other), FAILED, "não há nenhuma imagem", "`docker push"
        )


# ---------------------------------------------------------------- a tag that is not there


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        ("same_digest", ("image", "same_as")),
        ("other_digest", ("image", "other")),
        ("tag_moved", ("image", "now", "before")),
        ("shared_layers", ("image", "other")),
    ],
)
def test_each_tag_that_is_not_there_is_diagnosed(rule: str, keys: tuple[str, ...]) -> None:
    for missing in keys:
        facts = {key: at(f"ana/app:{key}", key) for key in keys}
        facts[missing] = absent(f"ana/app:{missing}", Access.MISSING)
        verdict = judge(rule, **facts)
        expect(verdict, NOT_ATTEMPTED, f"`docker push ana/app:{missing}`")
        assert verdict.situation is not None


@pytest.mark.parametrize(
    ("rule", "keys", "source"),
    [
        ("same_digest", ("same_as",), "ana/app:same_as"),
        ("tag_moved", ("now", "before"), "ana/app:now"),
        ("other_digest", ("other",), None),
        ("shared_layers", ("other",), None),
    ],
)
def test_a_tag_of_another_image_is_not_what_gets_the_name(
    rule: str, keys: tuple[str, ...], source: str | None
) -> None:
    facts = {key: at(f"ana/app:{key}", key) for key in keys}
    verdict = judge(rule, image=absent("ana/app:image", Access.MISSING), **facts)
    assert verdict.situation is not None
    assert verdict.situation.source == (parse(source) if source else None)


def test_a_tag_that_is_not_there_points_to_nothing() -> None:
    expect(judge("points_to", image=absent(LATEST), digest=DIGEST), NOT_ATTEMPTED, PUSH_LATEST)
