"""Reads the question that is written in a quiz cell, without running the cell."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from checks.about import Note
from checks.errors import CourseError
from checks.widgets import quiz

_ASKS: Mapping[str, Callable[..., quiz.Quiz | Note]] = {"pergunta": quiz.pergunta, "multipla": quiz.multipla}


def read_quiz(source: str) -> quiz.Quiz:
    """The quiz that is the value of a cell; CourseError says what the author has to mend."""
    call = _call(source)
    try:
        given = [ast.literal_eval(value) for value in call.args]
        named = {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
    except ValueError:
        raise CourseError(_NOT_PLAIN) from None
    try:
        made = _ASKS[_name(call)](*given, **named)
    except TypeError as error:
        raise CourseError(_OTHER_WORDS.format(error=error)) from None
    if not isinstance(made, quiz.Quiz):
        raise CourseError(str(made))
    return made


def _call(source: str) -> ast.Call:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        raise CourseError(_NO_QUIZ) from None
    last = body[-1] if body else None
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and _name(last.value) in _ASKS:
        return last.value
    raise CourseError(_NO_QUIZ)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


_NO_QUIZ = "uma célula `quiz` termina em `pergunta(…)` ou `multipla(…)`, e não tem comandos com `!`."
_NOT_PLAIN = "escreva a pergunta e as opções por extenso, entre aspas: nem variáveis nem `f` antes das aspas."
_OTHER_WORDS = "a chamada não está completa ou tem algo a mais ({error}); veja o modelo em docs/autor.md."
