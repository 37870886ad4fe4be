"""Names of images: Docker's own test tables, what the learner reads, and round trips."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.errors import BadReference
from checks.grammar import DOMAIN, IDENTIFIER, NAME, REFERENCE
from checks.reference import Reference, normalize, parse, split
from tests.facts import ABSENT, VECTORS

Row = dict[str, Any]


def table(name: str, key: str = "tests") -> list[Any]:
    """A table of github.com/distribution/reference; one skipped row stands for an absent file."""
    if not VECTORS.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"no {VECTORS.name} {ABSENT}"))]
    return list(json.loads(VECTORS.read_text(encoding="utf-8"))["tables"][name][key])


def refuses(function: Any, text: str) -> bool:
    try:
        function(text)
    except BadReference:
        return True
    return False


@pytest.mark.parametrize("row", table("TestReferenceParse"))
def test_docker_table_parse(row: Row) -> None:
    if "err" in row:
        assert refuses(split, row["input"])
        return
    found = split(row["input"])
    assert (found.registry, found.tag or "", found.digest or "") == (
        row.get("domain", ""),
        row.get("tag", ""),
        row.get("digest", ""),
    )
    assert str(found).startswith(row["repository"])


@pytest.mark.parametrize("row", table("TestWithNameFailure"))
def test_docker_table_names_that_fail(row: Row) -> None:
    assert NAME.fullmatch(row["input"]) is None or refuses(split, row["input"])


@pytest.mark.parametrize("row", table("TestDomainAndPath"))
def test_docker_table_domain_and_path(row: Row) -> None:
    found = split(row["input"])
    assert (found.registry, found.repository) == (row["domain"], row["path"])


@pytest.mark.parametrize("row", table("TestSerialization"))
def test_docker_table_serialization(row: Row) -> None:
    if "err" in row:
        assert refuses(split, row.get("input", ""))
        return
    assert str(split(row["input"])) == row["input"]


@pytest.mark.parametrize("row", table("TestParseNamed"))
def test_docker_table_canonical_names(row: Row) -> None:
    """ParseNamed takes only what normalizing leaves as it is."""
    canonical = not refuses(normalize, row["input"]) and str(normalize(row["input"])) == row["input"]
    assert canonical is ("err" not in row)


VALID = table("TestValidateReferenceName", "validRepoNames")
INVALID = table("TestValidateReferenceName", "invalidRepoNames")


@pytest.mark.parametrize("name", VALID + table("TestValidateRemoteName", "validRepositoryNames"))
def test_docker_table_valid_names(name: str) -> None:
    assert normalize(name)


@pytest.mark.parametrize("name", INVALID + table("TestValidateRemoteName", "invalidRepositoryNames"))
def test_docker_table_invalid_names(name: str) -> None:
    assert refuses(normalize, name)


@pytest.mark.parametrize("row", table("TestParseRepositoryInfo"))
def test_docker_table_all_ways_to_write_a_name(row: Row) -> None:
    for written in filter(None, (row["FamiliarName"], row["FullName"], row["AmbiguousName"])):
        found = normalize(written)
        assert (found.registry, found.repository) == (row["Domain"], row["RemoteName"])
        assert (found.name, found.familiar_name) == (row["FullName"], row["FamiliarName"])


@pytest.mark.parametrize("row", table("TestParseAnyReference"))
def test_docker_table_any_reference(row: Row) -> None:
    """An identifier or digest alone is no name; the rest normalizes."""
    alone = row["Equivalent"].startswith("sha256:")
    assert alone or str(normalize(row["Reference"])) == row["Equivalent"]


@pytest.mark.parametrize("row", table("TestNormalizedSplitHostname"))
def test_docker_table_split_host_name(row: Row) -> None:
    found = normalize(row["input"])
    assert (found.registry, found.repository) == (row["domain"], row["path"])


@pytest.mark.parametrize("row", table("TestParseDockerRef"))
def test_docker_table_what_the_engine_understands(row: Row) -> None:
    assert str(parse(row["input"])) == row["expected"]


@pytest.mark.parametrize("row", table("TestParseReferenceWithTagAndDigest", "rows"))
def test_docker_table_tag_and_digest(row: Row) -> None:
    found = normalize(row["input"])
    assert (str(found), found.familiar) == (row["full"], row["familiar"])


@pytest.mark.parametrize("name", table("TestInvalidReferenceComponents", "ParseNormalizedNamed"))
def test_docker_table_invalid_components(name: str) -> None:
    assert refuses(normalize, name)


@pytest.mark.parametrize("row", table("TestDomainRegexp"))
def test_docker_table_domain(row: Row) -> None:
    assert bool(DOMAIN.fullmatch(row["input"])) is row["match"]


@pytest.mark.parametrize("row", table("TestFullNameRegexp"))
def test_docker_table_full_name(row: Row) -> None:
    found = NAME.fullmatch(row["input"])
    assert bool(found) is row["match"]
    if found and "subs" in row:
        assert [found["domain"] or "", found["path"]] == row["subs"]


@pytest.mark.parametrize("row", table("TestReferenceRegexp"))
def test_docker_table_whole_reference(row: Row) -> None:
    found = REFERENCE.fullmatch(row["input"])
    assert bool(found) is row["match"]
    if found and "subs" in row:
        assert [found["name"], found["tag"] or "", found["digest"] or ""] == row["subs"]


@pytest.mark.parametrize("row", table("TestIdentifierRegexp"))
def test_docker_table_identifiers(row: Row) -> None:
    assert bool(IDENTIFIER.fullmatch(row["input"])) is row["match"]


# What the course makes of names.


def test_a_short_name_is_the_latest_of_docker_hub() -> None:
    found = parse("ana/docker-is-cool")
    assert str(found) == "docker.io/ana/docker-is-cool:latest"
    assert (found.namespace, found.repository, found.target) == ("ana", "ana/docker-is-cool", "latest")
    assert found.familiar == "ana/docker-is-cool:latest"
    assert found.scope("pull") == "repository:ana/docker-is-cool:pull"
    assert found.scope("push") == "repository:ana/docker-is-cool:pull,push"


def test_two_ways_to_write_a_name_are_equal() -> None:
    assert parse("docker.io/library/alpine:latest") == parse("alpine") == parse("index.docker.io/alpine")


@pytest.mark.parametrize(
    ("written", "part", "nearest"),
    [
        ("Ana/App", "repository", "ana/app"),
        ("ana/Meu App:Última versão", "repository", "ana/meu-app:Ultima-versao"),
        ("ana//app", "repository", "ana/app"),
        ("-app", "repository", "app"),
        ("ana/app._-x", "repository", "ana/app-x"),
        ("ana/app\n", "repository", "ana/app"),
        ("ana/app:", "tag", "ana/app"),
        ("ana/app:v1:v2", "tag", "ana/app:v1-v2"),
        ("ana/app:versão 1", "tag", "ana/app:versao-1"),
        ("ana/app: v1", "tag", "ana/app:v1"),
        ("ana/app:" + "v" * 129, "tag", "ana/app:" + "v" * 128),
        (":latest", "repository", None),
        ("ana/minha imagem", "repository", "ana/minha-imagem"),
        ("ana/café", "repository", "ana/cafe"),
        ("-ana/app", "repository", "ana/app"),
        ("ana/app_", "repository", "ana/app"),
        ("ana/app/", "repository", "ana/app"),
        ("ana\\app", "repository", "ana/app"),
        ("ana/docker–is–cool", "repository", "ana/docker-is-cool"),
        ("ana/app\u200b", "repository", "ana/app"),
        ("日本/app", "repository", None),
        ("docker push ana/app", "repository", "ana/app"),
        ("ana@example.com/app", "digest", "ana/app"),
        ("ana/app@v1", "digest", "ana/app:v1"),
        ("http://hub.docker.com/r/ana/app", "name", "ana/app"),
        ("HTTPS://hub.docker.com/r/Ana/App/tags", "name", "ana/app"),
        ("https://hub.docker.com/_/alpine", "name", "alpine"),
        ("ana/app:-x", "tag", "ana/app:x"),
        ("ana/app@sha256:12", "digest", "ana/app"),
        ("https://hub.docker.com/r/ana/app", "name", "ana/app"),
        ("https://hub.docker.com/repository/docker/ana/app", "name", "ana/app"),
        ("a.b:/x", "registry", None),
        ("ab" * 32, "name", None),
        ("", "name", None),
    ],
)
def test_a_bad_name_says_which_part_and_the_nearest_good_one(
    written: str, part: str, nearest: str | None
) -> None:
    with pytest.raises(BadReference) as caught:
        parse(written)
    assert (caught.value.part, caught.value.nearest) == (part, nearest)
    assert (f"use `{nearest}`" in str(caught.value)) is (nearest is not None)


def test_the_message_of_a_capital_letter() -> None:
    with pytest.raises(
        BadReference, match=re.escape("`Ana/App`: o nome do repositório só aceita minúsculas")
    ):
        parse("Ana/App")


PIECES = st.sampled_from([*"ab0/:@._-A", "__", "docker.io/", "library/", "localhost", "sha256:" + "f" * 64])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_parses_is_normal_for_ever(text: str) -> None:
    try:
        found = parse(text)
    except BadReference:
        return
    assert parse(str(found)) == found
    assert parse(found.familiar) == found


@given(st.text(max_size=300))
def test_any_text_parses_or_is_explained(text: str) -> None:
    try:
        found = parse(text)
    except BadReference as error:
        found = parse(error.nearest or "alpine")
    assert isinstance(found, Reference)


@pytest.mark.parametrize(
    "text", ["a" * 2000 + "!", "a-" * 1000, "A." * 1000, "._" * 1000, "[:" * 1000, "a" * 10**6]
)
def test_a_hostile_name_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    assert refuses(parse, text)
    assert time.perf_counter() - start < 0.5
