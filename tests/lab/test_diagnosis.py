"""`lab diagnostico IMAGEM`, `lab verificar`: each cause of a refused push or pull, brought about in a lab.

Those that lie in the login, its rights or the quota are in test_diagnosis_login.py.
"""

import json
import sys
import tarfile
import time
from pathlib import Path

import pytest

from tests.lab.desk import Desk, without
from tests.lab.person import Person
from tests.real_lab import Lab

pytestmark = pytest.mark.lab


def test_the_verb_goes_into_the_lab_by_itself(desk: Desk, name: str) -> None:
    desk.docker("tag", "docker-is-cool", name)
    said = desk.lab.cli("diagnostico", name)
    assert said.returncode == 1
    assert said.stdout.strip().endswith(f"docker push {name}:latest")


def test_nothing_in_the_way(desk: Desk, name: str) -> None:
    desk.docker("tag", "docker-is-cool", name)
    assert desk.told(name)[1] == f"docker push {name}:latest"
    assert desk.verdicts()["pushed"][0] == "not_attempted"
    desk.docker("push", name)
    assert "Nada impede" in desk.told(name, 0)[0]


# Who is logged in, and whose the name is


def test_not_logged_in(desk: Desk, name: str) -> None:
    desk.docker("tag", "docker-is-cool", name)
    desk.docker("logout")
    desk.refused("push", name)
    assert desk.told(name)[1] == f"docker login -u {name.partition('/')[0]}"


def test_logged_in_as_someone_else(desk: Desk, name: str) -> None:
    desk.docker("tag", "docker-is-cool", name)
    other = desk.lab.newcomer()
    desk.refused("push", name)
    sentence, command = desk.told(name)
    assert f"`{other}`" in sentence
    assert command == f"docker login -u {name.partition('/')[0]}"


@pytest.mark.parametrize("wrong", ["docker-is-cool", "ninguemaqui/docker-is-cool"])
def test_wrong_namespace(desk: Desk, name: str, wrong: str) -> None:
    if "/" in wrong:
        desk.docker("tag", "docker-is-cool", wrong)
    desk.refused("push", wrong)
    assert desk.told(wrong)[1] == f"docker tag {wrong}:latest {name}:latest"
    if "/" in wrong:
        desk.docker("rmi", wrong)


def test_the_learners_own_name_is_found_behind_anothers(desk: Desk, name: str) -> None:
    desk.docker("tag", "docker-is-cool", name)
    desk.refused("push", "ninguemaqui/docker-is-cool")
    assert desk.told("ninguemaqui/docker-is-cool")[1] == f"docker push {name}:latest"


# Tags


def test_missing_tag(desk: Desk, name: str) -> None:
    desk.refused("push", name)
    assert desk.told(name)[1] == f"docker tag docker-is-cool:latest {name}:latest"
    assert f"`docker tag docker-is-cool:latest {name}:latest`" in desk.verdicts()["pushed"][1]


def test_wrong_tag_here_and_there(desk: Desk, name: str) -> None:
    desk.docker("tag", "docker-is-cool", f"{name}:v2")
    desk.refused("push", name)
    sentence, command = desk.told(name)
    assert "a tag é outra" in sentence
    assert command == f"docker push {name}:v2"
    outcome, message = desk.verdicts()["pushed"]
    assert outcome == "not_attempted"
    assert "tem a tag `v2`" in message
    desk.docker("push", f"{name}:v2")
    desk.docker("rmi", f"{name}:v2")
    desk.refused("pull", name)
    sentence, command = desk.told(name)
    assert "sem a tag `latest`" in sentence
    assert command == f"docker pull {name}:v2"
    assert "com a tag `v2`" in desk.verdicts()["pushed"][1]


def test_a_near_miss_is_named(desk: Desk, name: str) -> None:
    typo = name.replace("cool", "col")
    desk.docker("tag", "docker-is-cool", typo)
    desk.refused("push", name)
    assert desk.told(name)[1] == f"docker tag {typo}:latest {name}:latest"
    assert f"`{typo}:latest`" in desk.verdicts()["pushed"][1]


# Private or absent


def test_private_or_absent(desk: Desk, person: Person) -> None:
    name = f"{person.name}/docker-is-cool"
    person.asks(
        "POST", f"/v2/namespaces/{person.name}/repositories",
        namespace=person.name, name="docker-is-cool", is_private=True,
    )  # fmt: skip
    person.logs_in()
    desk.docker("push", name)
    outcome, message = desk.verdicts()["public"]
    assert outcome == "failed"
    assert "privado" in message
    desk.docker("rmi", name)
    desk.docker("logout")
    desk.refused("pull", name)
    sentence, command = desk.told(name)
    assert "não existe ou é privado" in sentence
    assert command == f"docker login -u {person.name}"
    desk.lab.newcomer()
    desk.refused("pull", name)
    assert desk.told(name)[1] == "docker search docker-is-cool"
    assert "não existe ou é privado" in desk.told(f"{person.name}/outra")[0]
    desk.docker("tag", "docker-is-cool", name)


def test_an_account_that_does_not_exist(desk: Desk, name: str) -> None:
    desk.refused("pull", "contaquenaoexiste/nada")
    sentence, command = desk.told("contaquenaoexiste/nada")
    assert "nem há conta com o Docker ID `contaquenaoexiste`" in sentence
    assert command == "docker search nada"


# Another processor, a wrong clock, too many tries


def test_only_another_architecture(desk: Desk, name: str, tmp_path: Path) -> None:
    name_as_arm64(desk, name, tmp_path)
    desk.docker("push", name)
    sentence, command = desk.told(name)
    assert "só está no Docker Hub para linux/arm64" in sentence
    assert command == f"docker build --platform linux/amd64 -t {name}:latest ."
    desk.docker("tag", "docker-is-cool", name)
    assert desk.told(name)[1] == f"docker push {name}:latest"
    assert "linux/arm64" in desk.verdicts()["pushed"][1]
    desk.lab.newcomer()
    desk.docker("rmi", name)
    assert desk.told(name)[1] == f"docker pull --platform linux/arm64 {name}:latest"


def name_as_arm64(desk: Desk, name: str, folder: Path) -> None:
    """The chapter's image, told to be for another processor; this machine can neither build nor run one."""
    work = desk.lab.work
    desk.docker("save", "-o", str(work / "imagem.tar"), "docker-is-cool")
    with tarfile.open(work / "imagem.tar") as archive:
        archive.extractall(folder, filter="data")
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    config = folder / entries[0]["Config"]
    described = json.loads(config.read_text(encoding="utf-8")) | {"architecture": "arm64"}
    (folder / "config.json").write_text(json.dumps(described), encoding="utf-8")
    entry = {**entries[0], "Config": "config.json", "RepoTags": [f"{name}:latest"]}
    (folder / "manifest.json").write_text(json.dumps([entry]), encoding="utf-8")
    for other in ("index.json", "oci-layout", "repositories"):  # what an engine would read before it
        (folder / other).unlink(missing_ok=True)
    with tarfile.open(work / "arm64.tar", "w") as archive:
        archive.add(folder, arcname=".")
    desk.docker("load", "-i", str(work / "arm64.tar"))
    (work / "arm64.tar").unlink()


def test_a_wrong_clock(desk: Desk, name: str) -> None:
    """Of this one program, an hour ahead: the machine's own clock is everybody's."""
    desk.docker("tag", "docker-is-cool", name)
    late = "import sys, time; true = time.time; time.time = lambda: true() + 3600"
    typed = f"{late}; from lab.cli import run; sys.exit(run(['diagnostico', '{name}']))"
    said = desk.lab.run([sys.executable, "-c", typed])
    assert said.returncode == 3, said.stdout + said.stderr
    assert "adiantado 1 hora" in said.stdout
    assert "timedatectl set-ntp true" in said.stdout


def test_what_is_no_name_is_wrong_use(desk: Desk) -> None:
    said = desk.lab.cli("diagnostico", "Ana/App")
    assert said.returncode == 2
    assert "`ana/app`" in said.stderr


def test_a_lab_that_is_off_says_so(tmp_path: Path) -> None:
    said = Lab(tmp_path / "lab", tmp_path / "trabalho").cli("diagnostico", "ana/docker-is-cool")
    assert said.returncode == 3
    assert "lab aula`" in said.stderr


# Services that are away, one after the other


@pytest.mark.parametrize(
    ("service", "verb", "words"),
    [  # without a registry or a hub, a push would try for most of a minute before it gives up
        ("engine", "push", "O Docker Engine está desligado"),
        ("registry", "pull", "O registry (registry-1.docker.io) está fora de alcance"),
        ("hub", "pull", "O serviço de contas do Docker Hub (auth.docker.io) está fora de alcance"),
    ],
)
def test_a_service_that_is_out(desk: Desk, name: str, service: str, verb: str, words: str) -> None:
    desk.docker("tag", "docker-is-cool", name)
    with without(desk.lab, service):
        desk.refused(verb, name)
        start = time.monotonic()
        sentence, command = desk.told(name, 3)
        assert time.monotonic() - start < 18
        assert desk.verdicts()["pushed"][0] == "unverifiable"
    assert words in sentence
    assert command == ".venv/bin/lab parar && .venv/bin/lab aula"
    assert desk.told(name)[1] == f"docker push {name}:latest"
