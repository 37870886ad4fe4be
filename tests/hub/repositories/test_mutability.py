"""Immutable tags and archived repositories: what they hold, and the rules people write."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.models import User
from hub.repositories.life import Archived, activate, archive, require_active
from hub.repositories.models import Repository, Tag
from hub.repositories.mutability import BadRule, is_immutable, matching, set_mutability
from hub.repositories.patterns import BadPattern, compile_pattern
from hub.repositories.privacy import create, set_private


@pytest.fixture
def app(ana: User) -> Repository:
    made = create(ana, "app")
    for name in ("latest", "v1", "v2", "v2.1", "dev"):
        Tag.objects.create(repository=made, name=name, digest="sha256:" + "a" * 64)
    return made


@pytest.mark.parametrize(
    ("pattern", "found", "missed"),
    [
        ("v.*", "v1 v dev 2v", "latest 1.0"),  # anywhere in the tag, as Go's MatchString
        ("^v[0-9]+$", "v1 v2026", "v v1.0 dev xv1"),
        (r"^v\d+(\.\d+){2}$", "v1.2.3 v10.20.30", "v1.2 v1.2.3.4 v1.2.x"),
        (r"^(alpha|beta)-\w+$", "alpha-1 beta-x_y", "alpha- rc-1"),
        ("-RELEASE$", "1.0-RELEASE", "1.0-RELEASE.1 RELEASE"),
        ("(?i)^release", "Release-1 RELEASE", "pre-release"),
        ("^[^.]*$", "latest v1", "v1.0"),
        ("[a-c]{2,3}x", "abx abcx aabbccx", "ax xx"),
        (r"\.", "1.0", "v1"),
        ("^$|^x", "x1", "1x"),
        ("^[[:digit:]]+$", "2026", "v1"),
        (r"\Av(?:1|2)??\z", "v v1 v2", "v3 xv"),
        ("a{,3}", "a{,3}", "aaa"),  # what is no repetition is letters, as in RE2
    ],
)
def test_a_pattern_finds_what_re2_finds(pattern: str, found: str, missed: str) -> None:
    compiled = compile_pattern(pattern)
    assert [tag for tag in found.split() if not compiled.found_in(tag)] == []
    assert [tag for tag in missed.split() if compiled.found_in(tag)] == []


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("", "vazia"), ("a" * 129, "longa demais"), ("não", "sem acento"), ("(a", "fechar um «(»"),
        ("a)", "sem o «(»"), ("[a", "fechar um «[»"), ("[z-a]", "ao contrário"),
        ("*a", "algo antes"), ("a**", "duas repetições"), ("a{2000}", "no máximo, 1000"),
        ("a{3,1}", "do menor para o maior"), ("(?=a)", "para a frente"), (r"(a)\1", "barra invertida"),
        (r"(\pL{99}){9}", "grande demais"), ("a\\", "termina numa barra"), ("+", "algo antes"),
    ],
)  # fmt: skip
def test_a_pattern_that_is_wrong_says_why(pattern: str, says: str) -> None:
    with pytest.raises(BadPattern, match=re.escape(says)):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a|a)*$", "((a+)+)+$", "(a*)*b", "(.*)*(.*)*(.*)*x$", "(a?){30}a{30}b"])
def test_no_pattern_takes_long(pattern: str) -> None:
    begun = time.perf_counter()
    compile_pattern(pattern).found_in("a" * 127 + ".")
    assert time.perf_counter() - begun < 1


_ATOMS = st.sampled_from(["a", "b", "1", ".", "[ab]", "[^a]", r"\d", r"\.", "^", "$", "(?:ab|1)", "(a|b1)"])
_TIMES = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{0,}"])


@given(st.lists(st.tuples(_ATOMS, _TIMES), min_size=1, max_size=6), st.text("ab1.", min_size=1, max_size=8))
def test_where_python_and_re2_agree_so_do_we(parts: list[tuple[str, str]], tag: str) -> None:
    pattern = "".join(atom + ("" if atom in "^$" else times) for atom, times in parts)
    assert compile_pattern(pattern).found_in(tag) == bool(re.search(pattern, tag, re.ASCII))


def test_which_tags_are_immutable(app: Repository) -> None:
    assert not is_immutable(app, "v1")
    set_mutability(app, True, ["^v[0-9]+$", "^rc"])
    app.refresh_from_db()
    held = [tag for tag in ("v1", "v2.1", "rc1", "latest") if is_immutable(app, tag)]
    assert held == ["v1", "rc1"]
    set_mutability(app, True, [])
    assert is_immutable(app, "latest")
    set_mutability(app, False, ["^v"])
    app.refresh_from_db()
    assert (is_immutable(app, "v1"), app.immutable_tags_rules) == (False, ["^v"])


def test_a_rule_is_tried_before_it_is_saved(app: Repository) -> None:
    assert matching(app, "^v") == ["v1", "v2", "v2.1"]
    assert matching(app, "nada") == []
    with pytest.raises(BadRule, match=r"A regra «\(» não serve\. Falta fechar"):
        matching(app, "(")


def test_bad_rules_change_nothing(app: Repository) -> None:
    for rules in (["^v", "("], ["v"] * 11):
        with pytest.raises(BadRule):
            set_mutability(app, True, rules)
    app.refresh_from_db()
    assert not app.immutable_tags


def test_what_is_archived_is_read_only_until_it_is_activated(app: Repository) -> None:
    archive(app)
    changes: list[Callable[[], object]] = [
        lambda: set_private(app, private=True),
        lambda: set_mutability(app, True, []),
        lambda: require_active(app),
    ]
    for change in changes:
        with pytest.raises(Archived, match=r"está arquivado.*/repositories/ana2026/app/configuracoes"):
            change()
    app.refresh_from_db()
    assert (app.is_archived, app.is_private, app.immutable_tags) == (True, False, False)
    activate(app)
    set_private(app, private=True)
    assert Repository.objects.get().is_private
