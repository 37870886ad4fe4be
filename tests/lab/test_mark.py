"""The mark, for real: built as the learner is told to, pushed, copied by somebody else."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.mark import LABEL, code_of
from tests.real_lab import Lab

ORIGIN = "docker-is-cool"
MARKED = """\
title = "Marque a sua imagem"
points = 10

[[check]]
rule = "marked"
image = "{docker_id}/marcada"
points = 10
"""


@pytest.fixture(scope="module")
def marked(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """The same lab with a course whose only unit asks for the learner's mark."""
    course = tmp_path_factory.mktemp("course")
    (course / "10-marca").mkdir()
    (course / "10-marca" / "unit.toml").write_text(MARKED, encoding="utf-8")
    return Lab(lab.home, lab.work, (("COURSE_HOME", str(course)),))


def build_command(lab: Lab) -> Sequence[str]:
    """What `lab marca` says to type, as typed."""
    line = next(line for line in lab.cli("marca").stdout.splitlines() if "docker build" in line)
    return line.split()


def verified(lab: Lab) -> tuple[str, str]:
    check = json.loads(lab.cli("verificar", "marca", "--formato", "json").stdout)["checks"][0]
    return check["outcome"], check["message"]


def run(lab: Lab, *command: str, text: str = "") -> subprocess.CompletedProcess[str]:
    done = lab.run(command, text=text)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_mark_tells_the_maker_from_the_copier(marked: Lab) -> None:
    """The whole way: build as told, push; then somebody else pushes the very same image as theirs."""
    ana = marked.newcomer()
    assert verified(marked)[0] == "not_attempted"
    run(marked, "docker", "tag", ORIGIN, f"{ana}/marcada")
    run(marked, "docker", "push", f"{ana}/marcada")
    assert verified(marked)[0] == "failed"
    assert "sem a sua marca" in verified(marked)[1]
    *command, image, _ = build_command(marked)
    run(marked, *command, f"{ana}/marcada", "-", text=f"FROM {ORIGIN}\n")
    assert image == f"{ana}/minha-imagem"
    run(marked, "docker", "push", f"{ana}/marcada")
    assert verified(marked)[0] == "passed"

    bia = marked.newcomer()
    run(marked, "docker", "tag", f"{ana}/marcada", f"{bia}/marcada")
    run(marked, "docker", "push", f"{bia}/marcada")
    outcome, message = verified(marked)
    assert outcome == "failed"
    assert "uma marca que não é a sua" in message
    assert build_command(marked)[3].partition("=")[0] == LABEL


def test_the_teacher_brings_the_secret_of_the_class(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "turma"
    path.write_bytes(b"o segredo da turma\n")
    teacher = Lab(lab.home, lab.work, (("CLASS_SECRET_FILE", str(path)),))
    assert code_of(b"o segredo da turma", "ana") in teacher.cli("marca", "--aluno", "ana").stdout
    assert code_of(b"o segredo da turma", "ana") not in lab.cli("marca", "--aluno", "ana").stdout
