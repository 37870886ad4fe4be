"""What learners and teachers read, taken out of the files it is written in: prose without code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Words of Portuguese alone and words of English alone: a message has some of the first and none of the
# second.
_PORTUGUESE = re.compile(
    r"\b(de|da|dos|das|que|não|é|um|uma|para|com|seu|sua|você|está|foi|há|ou|mais|ao|à|pelo|pela|já)\b"
)
_ENGLISH = re.compile(r"\b(the|of|is|are|to|and|with|that|this|when|which|what|it)\b")
_QUIZ = re.compile(r'(?ms)^```python tags=\["quiz"\]\n(.*?)^```')
_CODE = (
    re.compile(r"(?ms)^( *)(`{3,}|~{3,}).*?^\1\2"),  # fences
    re.compile(r"(?s)<(style|script|code|svg|kbd|pre)\b.*?</\1>"),
    re.compile(r"`[^`]*`"),
    re.compile(r"\]\([^)]*\)"),  # where a link leads
    re.compile(r"(?s)<!--.*?-->|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"),
    re.compile(r"<[^>]*>"),
    re.compile(r"\{[^}]*\}"),
    re.compile(r"\S*(://|@|/)\S*"),  # addresses, paths, names of images
    re.compile(r"\S*[\w]\.\w\S*"),  # names of files and hosts
    re.compile(r"--?[a-z][\w-]*|\w*[\d_]\w*"),  # options, and words that are no words
)


def plain(text: str) -> str:
    for code in _CODE:
        text = code.sub(" ", text)
    return unescape(text)


def sources() -> Iterator[tuple[str, str]]:
    """Each file that people read, from the root of the project, and its prose."""
    for path in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("course/**/*.md")]):
        yield _named(path), plain(_without_english(path.read_text(encoding="utf-8")))
    for path in sorted(ROOT.glob("course/*/lesson.md")):
        yield f"{_named(path)}, perguntas", plain("\n".join(_questions(path.read_text(encoding="utf-8"))))
    for path in sorted(ROOT.glob("course/*/unit.toml")):
        yield _named(path), plain("\n".join(_texts(tomllib.loads(path.read_text(encoding="utf-8")))))
    for path in sorted(ROOT.glob("course/**/*.svg")):
        drawn = path.read_text(encoding="utf-8")
        yield _named(path), plain(re.sub(r"(?s)<style>.*?</style>|<text class=\"code.*?</text>", " ", drawn))
    for package in ("hub", "checks"):
        for path in sorted([*(ROOT / package).rglob("*.html"), *(ROOT / package).rglob("*.txt")]):
            yield _named(path), plain(_foreign_out(path.read_text(encoding="utf-8")))
    for package in ("checks", "hub", "lab"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield _named(path), plain("\n".join(messages(path.read_text(encoding="utf-8"))))


def messages(code: str) -> Iterator[str]:
    """The texts of a program that are Portuguese; of an f-string, its fixed parts as one text."""
    for text in _strings(ast.parse(code)):
        clean = plain(text).lower()
        if _PORTUGUESE.search(clean) and not _ENGLISH.search(clean):
            yield text


def _questions(text: str) -> Iterator[str]:
    """All that is said in the quizzes of a lesson, which are code: what comes after the key of each."""
    for code in _QUIZ.findall(text):
        _, *said = _strings(ast.parse(code))
        yield from said


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _texts(value: object) -> Iterator[str]:
    """What is read of a unit: titles and hints."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item) if key in ("title", "hints", "check") else ()
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _without_english(text: str) -> str:
    """The README's paragraph for who reads no Portuguese."""
    return re.sub(r"(?ms)^## In English$.*?(?=^## |\Z)", " ", text)


def _foreign_out(text: str) -> str:
    return re.sub(r"(?s)<(\w+)[^>]*\blang=\"en\".*?</\1>", " ", text)
