"""`nome`: the parts of a name, what Docker fills in, and what is wrong with it."""

import re
from html.parser import HTMLParser

import ipywidgets
import pytest

from checks import nome
from checks.widgets.anatomy import Anatomy, Wrong, dissect

DIGEST = "sha256:" + "a" * 64


def parts(text: str) -> str:
    """The parts on one line, those that Docker fills in between brackets."""
    seen = dissect(text)
    assert isinstance(seen, Anatomy), seen
    return " ".join(part.text if part.written else f"[{part.text}]" for part in seen.parts)


def controls(text: str) -> tuple[ipywidgets.Text, ipywidgets.HTML, ipywidgets.Button]:
    """The field, what is seen under it, and the button that mends."""
    _, field, seen, fix = nome(text).widget.children
    return field, seen, fix


@pytest.mark.parametrize(
    ("text", "expected", "full"),
    [
        ("nginx", "[docker.io] [library] nginx [latest]", "docker.io/library/nginx:latest"),
        ("ana/app", "[docker.io] ana app [latest]", "docker.io/ana/app:latest"),
        ("ana/app:1.0", "[docker.io] ana app 1.0", "docker.io/ana/app:1.0"),
        ("library/nginx", "[docker.io] library nginx [latest]", "docker.io/library/nginx:latest"),
        ("docker.io/nginx:1", "docker.io [library] nginx 1", "docker.io/library/nginx:1"),
        ("index.docker.io/ana/app", "docker.io ana app [latest]", "docker.io/ana/app:latest"),
        ("docker.io/ana/app:1", "docker.io ana app 1", "docker.io/ana/app:1"),
        ("ghcr.io/time/ana/app:2", "ghcr.io time/ana app 2", "ghcr.io/time/ana/app:2"),
        ("localhost:5000/app", "localhost:5000 app [latest]", "localhost:5000/app:latest"),
        (f"ana/app@{DIGEST}", f"[docker.io] ana app {DIGEST}", f"docker.io/ana/app@{DIGEST}"),
        (f"ana/app:1@{DIGEST}", f"[docker.io] ana app 1 {DIGEST}", f"docker.io/ana/app@{DIGEST}"),
        ("  ana/app  ", "[docker.io] ana app [latest]", "docker.io/ana/app:latest"),
    ],
)
def test_the_parts_of_a_name_and_who_wrote_each(text: str, expected: str, full: str) -> None:
    assert parts(text) == expected
    assert f"Nome completo: {full}" in repr(nome(text))


@pytest.mark.parametrize(
    ("text", "part", "nearest"),
    [
        ("Ana/App", "repositório", "ana/app"),
        ("ana/app:", "tag", "ana/app"),
        ("ana/app:1 0", "tag", "ana/app:1-0"),
        ("hub.docker.com/r/ana/app", "registry", "ana/app"),
        ("ana/app@sha256:abc", "digest", "ana/app"),
        ("", "nome inteiro", None),
        ("a" * 64, "nome inteiro", None),
        ("<script>alert(1)</script>", "repositório", "script-alert-1/script"),
    ],
)
def test_a_wrong_name_says_which_part_why_and_what_is_near(text: str, part: str, nearest: str | None) -> None:
    seen = dissect(text)
    assert isinstance(seen, Wrong)
    assert (seen.part, seen.nearest) == (part, nearest)
    assert seen.reason


@pytest.mark.parametrize(
    ("text", "word"),
    [("nginx", "`library`"), (f"ana/app:1@{DIGEST}", "a tag não conta"), ("ghcr.io/ana/app", "`ghcr.io`")],
)
def test_what_a_beginner_does_not_expect_is_told(text: str, word: str) -> None:
    seen = dissect(text)
    assert isinstance(seen, Anatomy)
    assert word in " ".join(seen.notes)


def test_typing_shows_the_parts_labelled_and_the_full_name() -> None:
    field, seen, fix = controls("")
    assert "Escreva o nome" in seen.value
    field.value = "ana/app"
    for word in ("docker.io", "registry", "namespace", "repositório", "o Docker completa", "você escreveu"):
        assert word in seen.value
    assert "docker.io/ana/app:latest" in seen.value
    assert fix.layout.display == "none"


def test_the_button_mends_the_name_and_goes_away() -> None:
    field, seen, fix = controls("Ana/App")
    assert fix.description == "Usar ana/app"
    assert fix.layout.display != "none"
    assert "repositório" in seen.value
    fix.click()
    assert field.value == "ana/app"
    assert fix.layout.display == "none"
    assert "Parte com problema" not in seen.value


def test_nothing_typed_becomes_markup() -> None:
    field, seen, fix = controls("<b>oi</b>")
    assert "<b>" not in seen.value
    assert "<b>" not in fix.description
    field.value = "ana/app:<img src=x>"
    assert "<img" not in seen.value
    assert "<img" not in nome("ana/<img>")._repr_html_()


@pytest.mark.parametrize("text", ["ana/app", "Ana/App", "", 3, None])
def test_whatever_is_given_has_three_forms(text: object) -> None:
    bundle = nome(text)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert "Nome da imagem" in bundle["text/plain"]
    balanced(bundle["text/html"])


def balanced(html: str) -> None:
    """Every element that is opened is closed, in order."""
    open_now: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: object) -> None:
            if tag not in {"br", "input", "rect"}:
                open_now.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_now.pop() == tag

    Reader().feed(html)
    assert not open_now


def test_the_form_that_stays_does_not_change_with_what_is_typed() -> None:
    piece = nome("ana/app:1.0")
    before = piece._repr_html_(), repr(piece)
    piece.widget.children[1].value = "outra"
    assert (piece._repr_html_(), repr(piece)) == before
    assert re.search(r"<th scope='row'>tag</th><td><code>1\.0</code></td><td>você escreveu</td>", before[0])
