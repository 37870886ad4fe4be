"""Another request that comes in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def just_before(statement: str, do: Callable[[], object]) -> Iterator[None]:
    """What else happens, once, when ours is about to run the first SQL that begins so."""
    waiting = [do]

    def run(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if waiting and sql.startswith(statement):
            waiting.pop()()
        return execute(sql, *rest)

    with connection.execute_wrapper(run):
        yield
    assert not waiting, f"nothing began with {statement}"
