"""`lab turma tarefa`: chooses the units, writes the folder and tells the teacher what to do with it."""

from __future__ import annotations

import errno
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from checks.classroom.models import Models
from checks.classroom.remote import public_form
from checks.errors import BadDocument, CourseError, OutOfReach
from checks.reference import parse
from checks.unit import Unit
from lab import study, typed
from lab.assignments import github_classroom, gradescope, kit, nbgrader
from lab.assignments.kit import File
from lab.classroom import models
from lab.entry import adopt
from lab.errors import BadState, LabError, UsageError, from_os
from lab.paths import Home, make, work_home
from lab.screen import complain, say
from lab.study import CourseBroken

Files = Callable[[Sequence[Unit], Models], dict[str, File]]
_KINDS: dict[str, tuple[Files, str]] = {
    "nbgrader": (
        nbgrader.course_files,
        "Por dentro do laboratório, o nbgrader trabalha nela como sempre: "
        "`{inside} nbgrader generate_assignment {first}`, e depois `{inside} nbgrader autograde {first}`.",
    ),
    "github-classroom": (
        github_classroom.repository_files,
        "Faça dela um repositório modelo no GitHub e, no Classroom, proteja o caminho `.github/**/*`.",
    ),
    "gradescope": (
        gradescope.autograder_files,
        "No Gradescope, em `Configure Autograder`, envie o arquivo autograder.zip que está nela.",
    ),
}


def write(home: Home, kind: str, ids: Sequence[str], folder: Path | None) -> None:
    adopt(home)
    target = folder or work_home() / "tarefas" / kind
    files_of, next_step = _KINDS[kind]
    with _explained():
        handed_out = models.present(home)
        units = _units(ids, handed_out)
        files = files_of(units, handed_out)
    for name in _put(target, files):
        complain(
            f"{target / name} é seu e não foi trocado. Para ter o do curso, apague-o e repita o comando."
        )
    for unit in units:
        _tell(unit, handed_out)
    say(f"\nA pasta da tarefa: {target}")
    inside = f"{typed.lab()} executar -- env --chdir={shlex.quote(str(target.absolute()))}"
    say(next_step.format(first=units[0].folder.name, inside=inside))


@contextmanager
def _explained() -> Iterator[None]:
    """What was typed is not at fault for the course, for the lab's folder, or for an engine."""
    try:
        yield
    except OutOfReach as error:
        raise LabError(str(error)) from None
    except BadDocument as error:
        raise BadState(_BAD_MODELS.format(problem=error)) from None
    except CourseError as error:
        raise CourseBroken(str(error)) from None


def _put(target: Path, files: kit.Files) -> tuple[str, ...]:
    """Gives those that the teacher has changed, and that stay; UsageError where no file can be."""
    try:
        make(target, "WORK_HOME")
        return kit.write(target, files, keep=[nbgrader.CONFIG])
    except OSError as error:
        if error.errno != errno.ENOTDIR and from_os(error) is not None:
            raise
        raise UsageError(_NO_PLACE.format(path=error.filename or target)) from None


def _units(ids: Sequence[str], handed_out: Models) -> tuple[Unit, ...]:
    """Those that were asked for, or all that can be graded so; UsageError for one that cannot."""
    asked = study.chosen(ids, everything=not ids)
    graded = tuple(unit for unit in asked if public_form(unit, handed_out))
    left = [unit for unit in asked if unit not in graded]
    if ids and left:
        raise UsageError(_NOTHING_TO_SEE.format(id=left[0].id))
    if not graded:
        raise UsageError(_NO_UNIT)
    return graded


def _tell(unit: Unit, handed_out: Models) -> None:
    """What it is worth here, and how far that can be trusted."""
    form = public_form(unit, handed_out)
    worth = form.points if form else 0
    say(f"{unit.title} ({unit.id}): {worth} de {unit.points} pontos se veem no Docker Hub, sem senha.")
    for check in unit.checks:
        model = str(check.arguments.get("same_as", ""))
        if check.rule.name == "pushed" and "{" not in model and not handed_out.named(parse(model)):
            complain(_NO_MODEL.format(id=unit.id, model=model))


_NOTHING_TO_SEE = (
    "A unidade `{id}` não deixa no Docker Hub nada que se veja sem senha: não há o que corrigir de longe. "
    "Acompanhe-a com o comprovante do aluno: lab entregar"
)
_NO_UNIT = (
    "Nenhuma unidade deste curso deixa no Docker Hub algo que se veja sem senha: não há tarefa a fazer."
)
_BAD_MODELS = (
    "{problem} Apague esse arquivo e repita o comando, com o laboratório ligado: ele é feito de novo."
)
_NO_PLACE = (
    "Não dá para gravar a tarefa em {path}: há outra coisa nesse lugar, ou o nome não serve. "
    "Escolha outra pasta com --pasta."
)
_NO_MODEL = (
    "Sem a imagem modelo `{model}`, o push da unidade `{id}` fica sem nota: não há com o que comparar. "
    "Ligue o laboratório, ou veja `lab turma modelo`, e repita o comando."
)
