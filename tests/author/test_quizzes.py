"""The questions of the lessons: one or two in each, feedback on every answer, nothing given away."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from checks.place import REPOSITORY
from checks.widgets.quiz import Quiz
from lab.author import notebook as nb
from lab.author.quizzes import read_quiz
from lab.author.source import Kind, read_lesson

LESSONS = sorted((REPOSITORY / "course").glob("*/lesson.md"))


def quizzes(lesson: Path) -> list[Quiz]:
    return [read_quiz(cell.text) for cell in read_lesson(lesson) if cell.kind is Kind.QUIZ]


def explained() -> Iterator[tuple[str, str]]:
    """Each option and why it is right or wrong."""
    for lesson in LESSONS:
        for quiz in quizzes(lesson):
            yield from quiz.question.options.items()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.parent.name)
def test_a_lesson_asks_one_or_two_questions(lesson: Path) -> None:
    assert len(quizzes(lesson)) in (1, 2)


def test_no_two_questions_are_kept_under_the_same_name() -> None:
    keys = [quiz.question.key for lesson in LESSONS for quiz in quizzes(lesson)]
    assert len(keys) == len(set(keys))


def test_every_answer_is_told_why_in_a_sentence_of_its_own() -> None:
    told = [why for _, why in explained()]
    assert not [why for why in told if not re.fullmatch(r"[A-ZÀ-Ú`0-9].{15,}\.", why)]
    assert len(set(told)) == len(told)


def test_no_question_is_without_a_wrong_answer() -> None:
    for lesson in LESSONS:
        for quiz in quizzes(lesson):
            assert 0 < len(quiz.question.right) < len(quiz.question.options)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.parent.name)
def test_what_is_committed_shows_the_question_and_not_the_answer(lesson: Path) -> None:
    notebook = nb.load((REPOSITORY / "notebooks" / f"{lesson.parent.name}.ipynb").read_text(encoding="utf-8"))
    shown = [cell for cell in nb.code_cells(notebook) if Kind.QUIZ.value in cell.metadata.get("tags", [])]
    for cell, quiz in zip(shown, quizzes(lesson), strict=True):
        (output,) = cell.outputs
        assert set(output.data) == {"text/html", "text/plain"}
        for form in output.data.values():
            assert all(_plain(option) in _plain(form) for option in quiz.question.options)
            assert not [why for why in quiz.question.options.values() if _plain(why) in _plain(form)]
            assert not re.search(r"[✓✗]|Certa\.|Não é essa", form)


def _plain(text: str) -> str:
    """Without what marks code: backquotes in a text, tags in a page."""
    return escape(re.sub(r"</?code>|`", "", text).replace("&amp;", "&"))
