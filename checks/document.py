"""Files that come from outside (a receipt, a progress): read with bounds, and believed in nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from checks.errors import BadDocument, BadReference
from checks.outcome import Outcome
from checks.reference import parse
from checks.report import Finding, Report

RECEIPT: Final = "receipt"
PROGRESS: Final = "progress"
SCHEMA: Final = 1
LARGEST: Final = 1024 * 1024  # a receipt of the whole course has some 30 kB
_MANY = 200  # units of a course, checks of a unit
_LONG = 10_000  # letters of a sentence
_MOST_POINTS = 1000
_UNIT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_RULE = re.compile(r"[a-z][a-z_]*", re.ASCII)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
# What each is called, and the verb that writes it and the one that reads it.
_NAMES: Mapping[str, tuple[str, str, str]] = {
    RECEIPT: ("um comprovante", "lab entregar", "lab entregar --conferir"),
    PROGRESS: ("um progresso exportado", "lab progresso exportar", "lab progresso importar"),
}

Document = dict[str, Any]


class Malformed(ValueError):  # noqa: N818
    """Some part of a document is not what was written there; for programs, not for people."""


def read(path: Path, kind: str) -> tuple[str, Document]:
    """The text of a file and what it holds; BadDocument when it is not a document of that kind."""
    name, writer, _ = _NAMES[kind]
    text = _text(path)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadDocument(path, f"não é {name}: o conteúdo não é o JSON que `{writer}` grava")
    given = found.get("kind")
    if given != kind:
        other = _NAMES.get(given) if isinstance(given, str) else None
        hint = f"; é {other[0]}, que se lê com `{other[2]}`" if other else f"; quem o grava é `{writer}`"
        raise BadDocument(path, f"não é {name}{hint}")
    if type(found.get("schema")) is not int or found["schema"] != SCHEMA:
        raise BadDocument(
            path, f"é {name} de outra versão do curso; atualize o curso com `git pull` e repita"
        )
    return text, found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise BadDocument(path, "não existe; confira o nome e a pasta") from None
    except IsADirectoryError:
        raise BadDocument(
            path, "é uma pasta, e não um arquivo; diga o nome do arquivo, dentro dela"
        ) from None
    except OSError as error:
        raise BadDocument(path, f"não pôde ser lido ({error.strerror or type(error).__name__})") from None
    if len(body) > LARGEST:
        raise BadDocument(path, f"é grande demais: passa de {LARGEST // 1024 // 1024} MB")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadDocument(path, "não é um texto em UTF-8") from None


def dump(document: Document) -> str:
    """The one way a document is written: byte by byte the same for the same content."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_TIME)


def docker_id_of(value: object) -> str:
    """In any case, as it was typed at the login."""
    if not isinstance(value, str) or "/" in value:
        raise Malformed("not a Docker ID")
    try:
        parse(f"{value.lower()}/x")
    except BadReference as error:
        raise Malformed("not a Docker ID") from error
    return value


def moment_of(value: object) -> datetime:
    try:
        return datetime.strptime(_words(value), _TIME).replace(tzinfo=UTC)
    except ValueError as error:
        raise Malformed("not a moment") from error


def items_of(value: object, most: int = _MANY) -> list[Document]:
    if not isinstance(value, list) or len(value) > most or not all(isinstance(item, dict) for item in value):
        raise Malformed("not a list of tables")
    return value


def report_of(data: Mapping[str, Any]) -> Report:
    """Like Report.from_dict, for what anybody may have written; Malformed when a part does not fit."""
    if data.get("schema") != SCHEMA or not _UNIT.fullmatch(_words(data.get("unit"))):
        raise Malformed("not a report")
    learner = data.get("learner")
    return Report(
        unit=data["unit"],
        title=_words(data.get("title")),
        learner=None if learner is None else docker_id_of(learner),
        checks=tuple(map(_finding, items_of(data.get("checks")))),
        checked_at=moment_of(data.get("checked_at")),
    )


def _finding(data: Mapping[str, Any]) -> Finding:
    points, facts = data.get("max_score"), data.get("facts")
    if type(points) is not int or not 0 <= points <= _MOST_POINTS or not isinstance(facts, dict):
        raise Malformed("not a finding")
    rule = _words(data.get("rule"))
    if not _RULE.fullmatch(rule) or len(facts) > _MANY:
        raise Malformed("not a finding")
    try:
        outcome = Outcome(_words(data.get("outcome")))
    except ValueError as error:
        raise Malformed("not an outcome") from error
    return Finding(
        rule=rule,
        title=_words(data.get("title")),
        outcome=outcome,
        max_score=points,
        message=_words(data.get("message")),
        hint=_words(data.get("hint")),
        facts={_words(key): _words(value) for key, value in facts.items()},
    )


def _words(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONG:
        raise Malformed("not a text")
    return value
