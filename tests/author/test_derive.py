"""Derived notebooks depend on the source alone, and `--check` sees every other change."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from typer.testing import CliRunner, Result

from lab.author import derive
from lab.author import notebook as nb
from lab.author.cli import app
from lab.author.errors import BadSource

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def in_step(course: Path) -> Path:
    """The course with its notebooks derived and, as if they had been run, numbered."""
    for derived in derive.derive_course(course):
        if derived.runs:
            number(derived.notebook)
        derive.write(course.parent, derived)
    return course


def number(notebook: Any) -> None:
    for count, cell in enumerate(nb.code_cells(notebook), start=1):
        cell.execution_count = count


def run(course: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["derivar", *words], env={"COURSE_HOME": str(course)})


def sources(course: Path, role: str) -> list[str]:
    unit = derive.derive_unit(course / "10-ola")
    return [cell.source for one in unit if one.role == role for cell in nb.code_cells(one.notebook)]


def test_the_learner_gets_the_gap_and_not_the_solution(course: Path) -> None:
    assert sources(course, "exercises") == ["ex = 1", "!docker tag ___", "ex.verificar()"]


def test_the_solved_side_gets_the_solution_and_not_the_gap(course: Path) -> None:
    assert sources(course, "solutions") == ["ex = 1", "!docker tag a b", "ex.verificar()"]


def test_deriving_twice_gives_the_same_bytes(course: Path) -> None:
    once, again = derive.derive_course(course), derive.derive_course(course)
    assert [nb.dump(one.notebook) for one in once] == [nb.dump(one.notebook) for one in again]


def test_the_text_has_sorted_keys_and_one_newline_at_the_end(course: Path) -> None:
    for derived in derive.derive_course(course):
        text = nb.dump(derived.notebook)
        assert text == json.dumps(json.loads(text), sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def test_cells_said_twice_have_their_own_ids(course: Path) -> None:
    (course / "10-ola" / "lesson.md").write_text("```python\n1\n```\n\n```python\n1\n```\n", encoding="utf-8")
    lesson = derive.derive_unit(course / "10-ola")[0].notebook
    first, second = (cell.id for cell in lesson.cells)
    assert second == f"{first}-2"
    nbformat.validate(lesson)


def test_a_new_paragraph_leaves_the_other_ids_alone(course: Path) -> None:
    def ids() -> list[str]:
        return [cell.id for cell in nb.code_cells(derive.derive_unit(course / "10-ola")[2].notebook)]

    before = ids()
    path = course / "10-ola" / "exercise.md"
    path.write_text("Novo.\n\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert ids() == before


def test_what_holds_the_answers_is_folded_in_jupyterlab_and_left_out_of_the_site(course: Path) -> None:
    asked = 'pergunta("cor", "Que cor?", {"azul": "É.", "verde": "Não."}, certa="azul")'
    text = f'```python\n1\n```\n\n```python tags=["quiz"]\n{asked}\n```\n'
    (course / "10-ola" / "lesson.md").write_text(text, encoding="utf-8")
    plain, quiz = derive.derive_unit(course / "10-ola")[0].notebook.cells
    assert plain.metadata == {}
    assert quiz.metadata == {"jupyter": {"source_hidden": True}, "tags": ["quiz", "remove-input"]}


def test_pictures_travel_inside_the_notebook(course: Path) -> None:
    (course / "10-ola" / "images").mkdir()
    (course / "10-ola" / "images" / "hub.png").write_bytes(PNG)
    (course / "10-ola" / "lesson.md").write_text("![O hub](images/hub.png)\n", encoding="utf-8")
    lesson = derive.derive_unit(course / "10-ola")[0].notebook
    assert lesson.cells[0].source == "![O hub](data:image/png;base64,iVBORw0KGgo=)"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("![O hub](images/nada.png)", "não existe"),
        ("![](images/hub.png)", "descreva"),
        ("![O hub](images/hub.bmp)", "use uma imagem"),
    ],
)
def test_a_picture_that_cannot_travel_is_refused(course: Path, text: str, says: str) -> None:
    (course / "10-ola" / "lesson.md").write_text(text, encoding="utf-8")
    with pytest.raises(BadSource, match=says):
        derive.derive_unit(course / "10-ola")


def test_check_is_content_with_what_was_derived(in_step: Path) -> None:
    result = run(in_step, "--check")
    assert (result.exit_code, result.output) == (0, "Os 3 notebooks correspondem às unidades.\n")


def test_check_names_the_notebooks_of_a_changed_source(in_step: Path) -> None:
    path = in_step / "10-ola" / "exercise.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nMais.\n", encoding="utf-8")
    result = run(in_step, "--check")
    assert result.exit_code == 1
    assert [line.split(" ")[0] for line in result.output.splitlines()] == [
        "exercises/10-ola.ipynb",
        "solutions/10-ola.ipynb",
    ]
    assert "lab autor derivar" in result.output


def edit(course: Path, role: str, change: Any) -> None:
    path = course.parent / role / "10-ola.ipynb"
    notebook = nb.load(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(nb.dump(notebook), encoding="utf-8")


def by_hand(notebook: Any) -> None:
    notebook.cells[0].source = "# Outra"


def with_widgets(notebook: Any) -> None:
    notebook.metadata["widgets"] = {"state": {}}


def with_output(notebook: Any) -> None:
    output: Any = nbformat.v4.new_output("stream", text="x")  # type: ignore[no-untyped-call]
    nb.code_cells(notebook)[0].outputs = [output]


def with_error(notebook: Any) -> None:
    output: Any = nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])  # type: ignore[no-untyped-call]
    nb.code_cells(notebook)[0].outputs = [output]


def never_run(notebook: Any) -> None:
    nb.code_cells(notebook)[0].execution_count = None


@pytest.mark.parametrize(
    ("role", "change", "says"),
    [
        ("notebooks", by_hand, "não corresponde"),
        ("notebooks", with_widgets, "não corresponde"),
        ("notebooks", with_error, "terminou em erro"),
        ("solutions", never_run, "nunca foram executadas"),
        ("exercises", with_output, "não pode ter saídas"),
    ],
)
def test_check_refuses(in_step: Path, role: str, change: Any, says: str) -> None:
    edit(in_step, role, change)
    result = run(in_step, "--check")
    assert result.exit_code == 1
    assert f"{role}/10-ola.ipynb" in result.output
    assert says in result.output


def test_outputs_alone_are_not_compared(in_step: Path) -> None:
    edit(in_step, "notebooks", with_output)
    assert run(in_step, "--check").exit_code == 0


def test_check_refuses_a_missing_an_extra_and_a_broken_file(in_step: Path) -> None:
    root = in_step.parent
    (root / "notebooks" / "10-ola.ipynb").unlink()
    (root / "solutions" / "10-ola.ipynb").write_text("{", encoding="utf-8")
    (root / "exercises" / "99-velha.ipynb").write_text("{}", encoding="utf-8")
    lines = run(in_step, "--check").output.splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "notebooks/10-ola.ipynb",
        "solutions/10-ola.ipynb",
        "exercises/99-velha.ipynb",
    ]


def test_check_writes_nothing(course: Path) -> None:
    before = sorted(course.parent.rglob("*"))
    assert run(course, "--check").exit_code == 1
    assert sorted(course.parent.rglob("*")) == before


def test_without_running_unchanged_cells_keep_their_outputs(in_step: Path) -> None:
    edit(in_step, "notebooks", with_output)
    path = in_step / "10-ola" / "lesson.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n```python\n2\n```\n", encoding="utf-8")
    result = run(in_step, "--sem-executar")
    assert "notebooks/10-ola.ipynb: 1 célula(s) sem saída" in result.output
    text = (in_step.parent / "notebooks" / "10-ola.ipynb").read_text(encoding="utf-8")
    old, new = nb.code_cells(nb.load(text))
    assert (old.outputs[0].text, new.execution_count) == ("x", None)


def test_deriving_removes_what_no_unit_asks_for(in_step: Path) -> None:
    stranger = in_step.parent / "notebooks" / "99-velha.ipynb"
    stranger.write_text("{}", encoding="utf-8")
    assert "99-velha" in run(in_step, "--sem-executar").output
    assert not stranger.exists()


def test_a_malformed_source_is_a_sentence_and_not_a_traceback(course: Path) -> None:
    (course / "10-ola" / "lesson.md").unlink()
    result = run(course, "--check")
    assert result.exit_code == 1
    assert "lesson.md, linha 1: este arquivo falta" in result.stderr
