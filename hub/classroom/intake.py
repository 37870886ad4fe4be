"""Results that come as a stream of JSON lines: kept as they come, a bad line told and left out."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from checks.report import Report
from hub.classroom.models import Member
from hub.classroom.results import record_many
from hub.classroom.seen import Seen

MOST_AT_ONCE: Final = 100  # lines in a transaction
PATIENCE: Final = 0.25  # seconds without a line, and what came is kept
LONGEST: Final = 1_000_000  # bytes of a line
_END: Final = None
TOO_LONG = "A linha é longa demais."
NOT_JSON = "A linha não é um objeto JSON com `report` e `key` ou `docker_id`."
BAD_REPORT = "O relatório da linha não tem a forma esperada."
NOBODY = "Ninguém da turma tem a chave ou o Docker ID da linha."
OTHER = "O relatório da linha é de outro Docker ID."


class BadLine(Exception):  # noqa: N818
    """What is wrong with it, as a sentence."""


@dataclass(frozen=True)
class _Row:
    pk: int
    docker_id: str


class People:
    """Who the lines may be about, read once."""

    def __init__(self) -> None:
        rows = list(Member.objects.values_list("pk", "key", "docker_id"))
        self._by_key = {key: _Row(pk, docker_id) for pk, key, docker_id in rows}
        self._by_docker_id = {docker_id: _Row(pk, docker_id) for pk, _, docker_id in rows if docker_id}

    def read(self, line: bytes) -> tuple[int, Seen]:
        """Raises BadLine."""
        if len(line) > LONGEST:
            raise BadLine(TOO_LONG)
        try:
            told = json.loads(line)
            row = self._meant(told)
            report = told["report"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadLine(NOT_JSON) from None
        if row is None:
            raise BadLine(NOBODY)
        seen = _seen(report)
        if seen.learner not in (None, row.docker_id):
            raise BadLine(OTHER)
        return row.pk, seen

    def _meant(self, told: dict[str, Any]) -> _Row | None:
        if "key" in told:
            return self._by_key.get(str(told["key"]))
        return self._by_docker_id.get(str(told["docker_id"]).lower())


def _seen(report: Any) -> Seen:
    try:
        return Seen.of(Report.from_dict(report))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadLine(BAD_REPORT) from None


def take_in(lines: Iterable[bytes], tell: Callable[[int, str], None]) -> int:
    """How many were kept. `tell` hears the number of each bad line, from 1, and what is wrong with it."""
    people, kept = People(), 0
    for batch in batches(lines):
        good = []
        for number, line in batch:
            try:
                good.append(people.read(line))
            except BadLine as bad:
                tell(number, str(bad))
        if good:
            record_many(good)
            kept += len(good)
    return kept


def batches(lines: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """The lines with their numbers, a few at a time; none waits long for others. Empty lines are none."""
    waiting: queue.Queue[tuple[int, bytes] | None] = queue.Queue(2 * MOST_AT_ONCE)
    threading.Thread(target=_read, args=(lines, waiting), daemon=True, name="lines").start()
    batch: list[tuple[int, bytes]] = []
    while True:
        try:
            item = waiting.get(timeout=PATIENCE if batch else None)
        except queue.Empty:
            item = ()  # type: ignore[assignment]
        if item:
            batch.append(item)
        if batch and (not item or len(batch) >= MOST_AT_ONCE):
            yield batch
            batch = []
        if item is _END:
            return


def _read(lines: Iterable[bytes], waiting: queue.Queue[tuple[int, bytes] | None]) -> None:
    try:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                waiting.put((number, line))
    finally:
        waiting.put(_END)
