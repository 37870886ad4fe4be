"""lesson.md and exercise.md become cells; every misuse names the file, the line and the mend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lab.author.errors import BadSource
from lab.author.quizzes import read_quiz
from lab.author.source import Kind, read_exercise, read_lesson
from tests.author.toy import EXERCISE, LESSON

Write = Callable[[str], Path]
GAP = '```python tags=["exercise"]\n___\n```\n\n'
SOLVED = '```python tags=["solution"]\n1\n```\n\n'
CHECK = '```python tags=["check"]\nex.verificar()\n```\n'
QUIZ = '```python tags=["quiz"]\n{}\n```\n'
ASKED = 'pergunta("cor", "Que cor?", {"azul": "É.", "verde": "Não."}, certa="azul")'


def test_a_lesson_is_prose_and_code_in_order(write: Write) -> None:
    cells = read_lesson(write(LESSON))
    assert [(cell.code, cell.text, cell.line) for cell in cells] == [
        (False, "# Lição\n\nTexto.", 1),
        (True, "!docker image ls", 5),
    ]


def test_an_exercise_keeps_the_kind_and_the_line_of_each_cell(write: Write) -> None:
    cells = read_exercise(write(EXERCISE))
    assert [(cell.kind, cell.line) for cell in cells] == [
        (Kind.PLAIN, 1),
        (Kind.PLAIN, 3),
        (Kind.EXERCISE, 7),
        (Kind.SOLUTION, 11),
        (Kind.CHECK, 15),
    ]


def test_prose_has_a_kind_too(write: Write) -> None:
    text = '<!-- #region tags=["exercise"] -->\nSua vez.\n<!-- #endregion -->\n\n' + GAP + SOLVED + CHECK
    first = read_exercise(write(text))[0]
    assert (first.kind, first.code, first.text) == (Kind.EXERCISE, False, "Sua vez.")


def test_a_console_fence_is_shown_and_not_run(write: Write) -> None:
    cells = read_lesson(write("# Terminal\n\n```console\n$ docker login\n```\n\n```python\n1\n```\n"))
    assert [cell.code for cell in cells] == [False, True]
    assert cells[1].line == 7


def test_the_same_code_twice_is_found_at_its_own_lines(write: Write) -> None:
    cells = read_lesson(write("```python\n1\n```\n\n```python\n1\n```\n"))
    assert [cell.line for cell in cells] == [1, 5]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "vazio"),
        ("---\ntitle: x\n---\n# A\n", 1, "cabeçalho"),
        ("# A\n\n```bash\nls\n```\n", 3, "console"),
        ("# A\n\n```python\n1\n```\n\n```sh\nls\n```\n", 7, "console"),
        (CHECK + "\n```python\n# NBVAL_SKIP\n```\n", 5, "NBVAL_"),
        ('```python tags=["gap"]\n1\n```\n' + CHECK, 1, "`gap`"),
        ('```python tags=["exercise", "check"]\n1\n```\n', 1, "vários"),
        ("```python editable=false\n1\n```\n", 1, "editable"),
        (SOLVED + CHECK, 1, "acima"),
        (GAP + CHECK, 1, "abaixo"),
        (GAP, 1, "abaixo"),
        (GAP.replace("___", "1") + SOLVED + CHECK, 5, "lacuna"),
        ("# A\n", 1, "check"),
        ('```python tags=["check"]\nprint(1)\n```\n', 1, "verificar"),
        (CHECK + "\n" + QUIZ.format(ASKED), 5, r"ex\.responder"),
    ],
)
def test_misuse_names_the_line_and_the_mend(write: Write, text: str, line: int, says: str) -> None:
    path = write(text)
    with pytest.raises(BadSource, match=says) as caught:
        read_exercise(path)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{path}, linha {line}: ")


@pytest.mark.parametrize("kind", ["exercise", "solution", "check"])
def test_a_lesson_asks_for_nothing(write: Write, kind: str) -> None:
    with pytest.raises(BadSource, match=r"exercise\.md"):
        read_lesson(write(f'# A\n\n```python tags=["{kind}"]\nex.verificar()\n```\n'))


def test_a_lesson_asks_a_question_that_is_read_without_running_it(write: Write) -> None:
    path = write("# A\n\n" + QUIZ.format(f"from checks import pergunta\n\n{ASKED}"))
    (prose, asked) = read_lesson(path)
    assert (prose.kind, asked.kind, asked.line) == (Kind.PLAIN, Kind.QUIZ, 3)
    assert "<summary>verde</summary><p>✗ Não é essa. Não.</p>" in read_quiz(asked.text).folded()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("print(1)", "termina em"),
        ("", "termina em"),
        ("!docker images", "termina em"),
        (ASKED + "\nprint(1)", "termina em"),
        (ASKED.replace('"cor"', "chave"), "por extenso"),
        (ASKED.replace('"Que', 'f"Que'), "por extenso"),
        (ASKED.replace("certa=", "certas="), "modelo"),
        (ASKED.replace('certa="azul"', 'certa="roxo"'), "resposta certa"),
    ],
)
def test_a_question_badly_written_is_told_before_any_lab_starts(write: Write, asked: str, says: str) -> None:
    path = write("# A\n\n" + QUIZ.format(asked))
    with pytest.raises(BadSource, match=says) as caught:
        read_lesson(path)
    assert caught.value.line == 3


def test_a_question_is_not_prose(write: Write) -> None:
    path = write('# A\n\n<!-- #region tags=["quiz"] -->\nQue cor?\n<!-- #endregion -->\n')
    with pytest.raises(BadSource, match="de código"):
        read_lesson(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"lesson\.md.*falta"):
        read_lesson(tmp_path / "lesson.md")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lesson.md"
    path.write_bytes("# Lição\n".encode("latin-1"))
    with pytest.raises(BadSource, match="UTF-8"):
        read_lesson(path)
