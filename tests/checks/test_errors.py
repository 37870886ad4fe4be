"""The tree of errors: every branch is drawn in the docstring and every message helps."""

import inspect

import pytest

from checks import errors
from checks.errors import (
    BadReference,
    ClockWrong,
    CourseError,
    EngineOff,
    LoginUnreadable,
    OutOfReach,
    RateLimited,
)

CLASSES = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if issubclass(each, Exception) and each.__module__ == errors.__name__
]


def test_every_error_is_drawn_in_the_tree() -> None:
    drawing = errors.__doc__ or ""
    assert [each.__name__ for each in CLASSES if each.__name__ not in drawing] == []


def test_every_error_is_a_course_error() -> None:
    assert all(issubclass(each, CourseError) for each in CLASSES)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EngineOff("unix:///x", "Ligue-o com `lab aula`."), ["unix:///x", "lab aula"]),
        (RateLimited("registry-1.docker.io", 30), ["429", "30 s", "não perde pontos"]),
        (ClockWrong("x.io", "10:00 de 01/01/1970"), ["x.io", "10:00 de 01/01/1970", "não perde pontos"]),
        (LoginUnreadable("config.json", "não é JSON", "Apague-o."), ["config.json", "Apague-o."]),
    ],
)
def test_a_message_says_what_where_and_what_to_do(error: OutOfReach, words: list[str]) -> None:
    assert all(word in str(error) for word in words)


def test_a_monstrous_name_is_shown_short_and_on_one_line() -> None:
    message = str(BadReference("a\x1b[31m\n" * 1000, "name", "não serve"))
    assert len(message) < 120
    assert message.isprintable()
