"""A small class in a real lab: a list, pushes, one command, and the grades that come of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import psutil
import pytest

from lab.addresses import free_port
from tests.lab.desk import PATIENCE, soon
from tests.lab.person import Person
from tests.real_lab import LAB, Lab

pytestmark = pytest.mark.lab
CLIENTS = Path(__file__).with_name("clients")
PASSWORD = "uma-senha-bem-longa"
OTHER = "FROM docker-is-cool\nLABEL outra=sim\n"


@dataclass
class Class:
    """Ana did it, Bia pushed another image, Caio copied hers, Duda has no Docker ID, Edu did nothing."""

    lab: Lab
    folder: Path
    edu: Person

    def __call__(self, *arguments: str, text: str = "") -> str:
        done = self.lab.cli("turma", *arguments, text=text)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sh(self, *command: str, text: str = "") -> None:
        done = self.lab.run(command, text=text)
        assert done.returncode == 0, done.stdout + done.stderr

    def grades(self) -> dict[str, dict[str, object]]:
        """By name, the score of each unit; None is no grade."""
        path = self.folder / "notas.json"
        self("exportar", "json", "--arquivo", str(path))
        book = json.loads(path.read_text(encoding="utf-8"))
        return {
            row["name"]: {unit: grade["score"] for unit, grade in row["grades"].items()}
            for row in book["learners"]
        }


@pytest.fixture(scope="module")
def a_class(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    folder = tmp_path_factory.mktemp("t")
    lab = Lab(folder / "lab", folder / "trabalho")
    lab.start()
    ids = {"Ana": "anasouza", "Silva, Bia": "biasilva", "Caio": "caio1234", "Edu": "edu12345"}
    people = {name: Person(lab, docker_id, PASSWORD) for name, docker_id in ids.items()}
    whole = Class(lab, folder, people["Edu"])
    rows = "".join(f'"{name}",{docker_id}@escola.br,{docker_id}\n' for name, docker_id in ids.items())
    (folder / "lista.csv").write_text(
        f"Nome,E-mail,Docker ID\n{rows}Duda,duda@escola.br,\n", encoding="utf-8"
    )
    whole("importar", str(folder / "lista.csv"))
    _push(whole)
    yield whole
    lab.cli("limpar")


def _push(a_class: Class) -> None:
    other = a_class.folder / "outra"
    other.mkdir()
    (other / "Dockerfile").write_text(OTHER, encoding="utf-8")
    a_class.sh("docker", "build", "-q", "-t", "outra", str(other))
    for docker_id, source in (("anasouza", "docker-is-cool"), ("biasilva", "outra"), ("caio1234", "outra")):
        a_class.lab.login(docker_id, PASSWORD)
        a_class.sh("docker", "tag", source, f"{docker_id}/docker-is-cool")
        a_class.sh("docker", "push", f"{docker_id}/docker-is-cool")


def test_a_class_is_graded_by_what_is_in_the_registry(a_class: Class) -> None:
    told = a_class("corrigir", "--unidade", "push")
    assert "Pessoas corrigidas: 4" in told
    grades = {name: units["push"] for name, units in a_class.grades().items()}
    assert grades == {"Ana": 8, "Silva, Bia": 2, "Caio": 2, "Edu": None, "Duda": None}


def test_the_same_image_at_two_learners_is_told_and_costs_nothing(a_class: Class) -> None:
    told = a_class("corrigir", "--unidade", "push", "--do-comeco")
    assert "Imagens repetidas, para você olhar (não mudam nenhuma nota): 1." in told
    assert "biasilva/docker-is-cool:latest" in told
    assert "caio1234/docker-is-cool:latest" in told
    assert "Ana" not in told


def test_what_was_mended_is_seen_the_next_time(a_class: Class) -> None:
    a_class.lab.login("caio1234", PASSWORD)
    a_class.sh("docker", "tag", "docker-is-cool", "caio1234/docker-is-cool")
    a_class.sh("docker", "push", "caio1234/docker-is-cool")
    a_class("corrigir", "--unidade", "push")
    assert a_class.grades()["Caio"]["push"] == 8


def test_what_is_private_is_seen_by_who_grades(a_class: Class) -> None:
    """The grader reads what only its owner may see, and the check of what is public still says so."""
    private = {"namespace": "edu12345", "name": "docker-is-cool", "is_private": True}
    a_class.edu.asks("POST", "/v2/namespaces/edu12345/repositories", **private)
    a_class.edu.logs_in()
    a_class.sh("docker", "tag", "docker-is-cool", "edu12345/docker-is-cool")
    a_class.sh("docker", "push", "edu12345/docker-is-cool")
    a_class("corrigir", "--unidade", "push")
    assert a_class.grades()["Edu"]["push"] == 6


def test_as_on_the_real_hub_anyone_sees_when_the_work_was_done(a_class: Class) -> None:
    """The hub's API, the registry and their names are the real one's: what is asked there works here."""
    program = str(CLIENTS / "public_grades.py")
    before = datetime.now(UTC)
    time.sleep(1.1)  # reports tell whole seconds
    done = a_class.lab.run([sys.executable, program, "anasouza", "conta", "repositorio", "push", "versoes"])
    assert done.returncode == 0, done.stderr
    reports = {report["unit"]: report for report in json.loads(done.stdout)}
    assert {unit for unit, report in reports.items() if "worked_at" in report} == {
        "conta",
        "repositorio",
        "push",
    }
    moments = [
        datetime.fromisoformat(reports[unit]["worked_at"]) for unit in ("conta", "repositorio", "push")
    ]
    assert moments == sorted(moments), "the account first, then the repository, then what was pushed"
    assert before - timedelta(minutes=15) < moments[0] <= moments[-1] < before
    assert all(datetime.fromisoformat(report["checked_at"]) > before for report in reports.values())


def test_who_grades_is_nobodys_pull_and_may_write_nothing(a_class: Class) -> None:
    secret = (a_class.lab.home / "secrets" / "grader").read_text(encoding="utf-8").strip()
    a_class.sh("docker", "login", "-u", "hub-corretor", "--password-stdin", text=secret)
    a_class.sh("docker", "tag", "docker-is-cool", "anasouza/invadido")
    refused = a_class.lab.run(["docker", "push", "anasouza/invadido"])
    assert refused.returncode != 0
    assert "denied" in refused.stderr + refused.stdout
    wrong = a_class.lab.run(["docker", "login", "-u", "hub-corretor", "--password-stdin"], text=secret[:-1])
    assert wrong.returncode != 0


def test_the_cost_is_told_and_nothing_is_asked(a_class: Class) -> None:
    told = a_class("corrigir", "--quanto-custa")
    assert "Pessoas: 4. Unidades: 7." in told
    assert "Pessoas corrigidas" not in told


def test_a_unit_that_nothing_remote_proves_is_refused(a_class: Class) -> None:
    done = a_class.lab.cli("turma", "corrigir", "--unidade", "tag")
    assert done.returncode == 2
    assert "acontece no computador do aluno" in done.stderr


def test_the_board_turns_by_itself_when_a_push_arrives_and_when_a_page_changes_something(
    a_class: Class,
) -> None:
    """Nobody grades: the hub judges what it hears of, and finds what it does not hear of."""
    fabi = Person(a_class.lab, "fabi1234", PASSWORD)
    a_class("importar", str(_list(a_class, "Fabi", fabi.name)))
    fabi.logs_in()
    a_class.sh("docker", "tag", "docker-is-cool", f"{fabi.name}/docker-is-cool")
    a_class.sh("docker", "push", f"{fabi.name}/docker-is-cool")
    _until(a_class, "Fabi", push=8, repositorio=6)
    fabi.asks("PATCH", f"/v2/repositories/{fabi.name}/docker-is-cool", description="Olá em português")
    _until(a_class, "Fabi", repositorio=8)


def _list(a_class: Class, name: str, docker_id: str) -> Path:
    path = a_class.folder / "mais.csv"
    path.write_text(f"Nome,E-mail,Docker ID\n{name},{docker_id}@escola.br,{docker_id}\n", encoding="utf-8")
    return path


def _until(a_class: Class, name: str, **expected: float) -> None:
    deadline = time.monotonic() + 30
    while (found := {unit: a_class.grades()[name][unit] for unit in expected}) != expected:
        assert time.monotonic() < deadline, found


def test_a_person_and_all_that_was_kept_can_be_erased(a_class: Class) -> None:
    a_class("apagar", "edu12345@escola.br", "--sim")
    assert "Edu" not in a_class.grades()
    gone = a_class.lab.cli("turma", "apagar", "edu12345@escola.br", "--sim")
    assert gone.returncode == 2
    assert "Ninguém da turma atende" in gone.stderr


def test_an_outage_costs_nobody_and_the_rest_is_graded_later(a_class: Class) -> None:
    before = a_class.grades()
    blind = a_class.lab.cli("turma", "corrigir", "--hub", "real", "--unidade", "push")
    assert blind.returncode == 3, blind.stdout + blind.stderr
    assert "O que não deu para verificar não tirou pontos de ninguém" in blind.stdout
    assert "registry-1.docker.io" in blind.stdout
    assert not (a_class.lab.home / "class" / "corrigir.jsonl").exists()
    assert a_class.grades() == before


def test_workers_of_dask_grade_the_same(a_class: Class) -> None:
    """A scheduler, and a worker that is in this lab: it reads the registry with the lab's own secret."""
    before, port = a_class.grades(), free_port()
    address, program = f"tcp://127.0.0.1:{port}", str(Path(LAB).with_name("dask"))
    scheduler = [program, "scheduler", "--host", "127.0.0.1", "--port", str(port)]
    scheduler += ["--dashboard-address", "127.0.0.1:0"]
    with _going(scheduler, a_class.lab) as central:
        soon(lambda: ("127.0.0.1", port) in _listening(central), "o agendador")
        with _going([LAB, "turma", "operario", address], a_class.lab) as worker:
            told = a_class("corrigir", "--unidade", "push", "--dask", address)
            hosts = {host for host, _ in _listening(central) | _listening(worker)}
    assert "Pessoas corrigidas: 4" in told
    assert a_class.grades() == before
    assert hosts == {"127.0.0.1"}, "whoever reaches a worker may run anything there"


@contextmanager
def _going(command: list[str], lab: Lab) -> Iterator[psutil.Process]:
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=nowhere, stderr=nowhere, env=lab.environment) as process:
        whole = psutil.Process(process.pid)
        try:
            yield whole
        finally:
            for one in (*whole.children(recursive=True), whole):
                one.terminate()


def _listening(whole: psutil.Process) -> set[tuple[str, int]]:
    """Where it and what it started take connections."""
    every = (one for each in (whole, *whole.children(recursive=True)) for one in each.net_connections("inet"))
    return {(one.laddr.ip, one.laddr.port) for one in every if one.laddr and one.status == psutil.CONN_LISTEN}


def test_an_interruption_says_how_to_go_on_before_the_prompt_comes_back(a_class: Class) -> None:
    services = {one["name"]: one["pid"] for one in a_class.lab.status()["services"]}
    registry = psutil.Process(services["registry"])
    typed = f"{LAB} turma corrigir --unidade push; echo saiu com $?; {LAB} turma corrigir --unidade push"
    registry.suspend()
    try:
        shell = pexpect.spawn(
            "bash", ["-c", typed], env=a_class.lab.environment, encoding="utf-8", timeout=PATIENCE
        )
        shell.expect_exact("Corrigindo")
        shell.send("\x03")
        assert shell.expect_exact(["saiu com", "Repita o comando para continuar de onde parou."]) == 1
        shell.expect_exact("saiu com 130")
    finally:
        registry.resume()
    shell.expect_exact("Pessoas corrigidas: 4")
    shell.expect(pexpect.EOF)


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (["corrigir", "--unidade", "nenhuma"], 2, "Não existe a unidade `nenhuma`"),
        (["exportar", "moodle", "--unidade", "nenhuma"], 2, "Não existe a unidade `nenhuma`"),
        (["exportar", "planilha"], 2, "Não conheço o formato «planilha»"),
        (["exportar", "csv", "--prazo", "amanhã"], 2, "Não entendi o dia «amanhã»"),
        (["exportar", "csv", "--segunda-chance", "10/12/2026"], 2, "A segunda chance vem depois do prazo"),
        (["corrigir", "--dask", "tcp://10.0.0.5:8786"], 2, "Sem TLS"),
        (["corrigir", "--dask", "tcp://127.0.0.1.exemplo.com:8786"], 2, "Sem TLS"),
        (["corrigir", "--dask", "tcp://127.0.0.1:1"], 3, "Nenhum Dask respondeu"),
        (["operario", "tcp://10.0.0.5:8786"], 2, "Sem TLS"),
        (["operario", "tcp://127.0.0.1:1"], 3, "Nenhum Dask respondeu"),
        (["operario", "tcp://127.0.0.1:porta"], 3, "Nenhum Dask respondeu"),
        (["operario", "tcp://escola..br:8786", "--sem-tls"], 3, "Nenhum Dask respondeu"),
        (["apagar", " "], 2, "Diga quem é"),
        (["modelo", "docker-is-cool", "--de", "ninguem/nada"], 2, "Não achei nenhuma imagem"),
        (["importar", "/nada/lista.csv"], 2, "Não consegui ler /nada/lista.csv"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(a_class: Class, typed: list[str], code: int, said: str) -> None:
    done = a_class.lab.cli("turma", *typed)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stderr


def test_a_list_that_is_no_list_is_refused_and_loses_nothing(a_class: Class) -> None:
    before = a_class("alunos", "--json")
    for name, content in (("nada.csv", b""), ("foto.csv", b"\x89PNG\r\n\x1a\n" + bytes(200))):
        path = a_class.folder / name
        path.write_bytes(content)
        refused = a_class.lab.cli("turma", "importar", str(path))
        assert refused.returncode == 2, refused.stdout
        assert refused.stderr.strip()
    assert a_class("alunos", "--json") == before
