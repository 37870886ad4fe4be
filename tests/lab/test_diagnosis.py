"""`lab diagnostico IMAGEM`: each cause of a refused push or pull, brought about for real in a lab."""

import json
import re
import sqlite3
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests

from lab.paths import Home
from lab.status import look
from lab.supervisor import call
from tests.real_lab import Lab

pytestmark = pytest.mark.lab
PATIENCE = 60


def docker(lab: Lab, *command: str) -> "subprocess.CompletedProcess[str]":
    return lab.run(["docker", *command])


def done(lab: Lab, *command: str) -> None:
    result = docker(lab, *command)
    assert result.returncode == 0, result.stdout + result.stderr


def refused(lab: Lab, *command: str) -> None:
    assert docker(lab, *command).returncode != 0


def told(lab: Lab, image: str, code: int = 1) -> tuple[str, str]:
    """The sentence of the diagnosis, and its command."""
    said = lab.cli("diagnostico", image)
    assert said.returncode == code, said.stdout + said.stderr
    sentence, _, command = said.stdout.strip().partition("\n\n")
    assert not command or command.strip() in sentence, "the sentence holds the command"
    return sentence, command.strip()


def verdicts(lab: Lab, unit: str = "push") -> dict[str, tuple[str, str]]:
    report = json.loads(lab.cli("verificar", unit, "--formato", "json").stdout)
    return {check["rule"]: (check["outcome"], check["message"]) for check in report["checks"]}


@pytest.fixture
def name(lab: Lab) -> Iterator[str]:
    """The image of somebody new, who is logged in; what they named goes away afterwards."""
    owner = lab.newcomer()
    yield f"{owner}/docker-is-cool"
    listed = docker(lab, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"{owner}/*").stdout.split()
    if listed:
        docker(lab, "rmi", *listed)


def test_nothing_in_the_way(lab: Lab, name: str) -> None:
    done(lab, "tag", "docker-is-cool", name)
    assert told(lab, name)[1] == f"docker push {name}:latest"
    assert verdicts(lab)["pushed"][0] == "not_attempted"
    done(lab, "push", name)
    assert "Nada impede" in told(lab, name, 0)[0]


def test_not_logged_in(lab: Lab, name: str) -> None:
    done(lab, "tag", "docker-is-cool", name)
    done(lab, "logout")
    refused(lab, "push", name)
    assert told(lab, name)[1] == f"docker login -u {name.partition('/')[0]}"


def test_logged_in_as_someone_else(lab: Lab, name: str) -> None:
    done(lab, "tag", "docker-is-cool", name)
    other = lab.newcomer()
    refused(lab, "push", name)
    sentence, command = told(lab, name)
    assert f"`{other}`" in sentence
    assert command == f"docker login -u {name.partition('/')[0]}"


@pytest.mark.parametrize("wrong", ["docker-is-cool", "ninguemaqui/docker-is-cool"])
def test_wrong_namespace(lab: Lab, name: str, wrong: str) -> None:
    if "/" in wrong:
        done(lab, "tag", "docker-is-cool", wrong)
    refused(lab, "push", wrong)
    assert told(lab, wrong)[1] == f"docker tag {wrong}:latest {name}:latest"
    if "/" in wrong:
        done(lab, "rmi", wrong)


def test_the_learners_own_name_is_found_behind_anothers(lab: Lab, name: str) -> None:
    done(lab, "tag", "docker-is-cool", name)
    refused(lab, "push", "ninguemaqui/docker-is-cool")
    assert told(lab, "ninguemaqui/docker-is-cool")[1] == f"docker push {name}:latest"


def test_missing_tag(lab: Lab, name: str) -> None:
    done(lab, "tag", "docker-is-cool", name)
    done(lab, "rmi", name)
    refused(lab, "push", name)
    assert told(lab, name)[1] == f"docker tag docker-is-cool:latest {name}:latest"
    assert f"`docker tag docker-is-cool:latest {name}:latest`" in verdicts(lab)["pushed"][1]


def test_wrong_tag_here_and_there(lab: Lab, name: str) -> None:
    done(lab, "tag", "docker-is-cool", f"{name}:v2")
    refused(lab, "push", name)
    sentence, command = told(lab, name)
    assert "a tag é outra" in sentence
    assert command == f"docker push {name}:v2"
    outcome, message = verdicts(lab)["pushed"]
    assert outcome == "not_attempted"
    assert "tem a tag `v2`" in message
    done(lab, "push", f"{name}:v2")
    done(lab, "rmi", f"{name}:v2")
    refused(lab, "pull", name)
    sentence, command = told(lab, name)
    assert "sem a tag `latest`" in sentence
    assert command == f"docker pull {name}:v2"
    assert "com a tag `v2`" in verdicts(lab)["pushed"][1]


def test_a_near_miss_is_named(lab: Lab, name: str) -> None:
    typo = name.replace("cool", "col")
    done(lab, "tag", "docker-is-cool", typo)
    refused(lab, "push", name)
    assert told(lab, name)[1] == f"docker tag {typo}:latest {name}:latest"
    assert f"`{typo}:latest`" in verdicts(lab)["pushed"][1]


def test_private_or_absent(lab: Lab, name: str) -> None:
    owner, _, repository = name.partition("/")
    for verb in (["tag", "docker-is-cool"], ["push"], ["rmi"]):
        done(lab, *verb, name)
    with closing(sqlite3.connect(lab.home / "hub" / "db.sqlite3")) as database, database:
        changed = database.execute(
            "UPDATE repositories_repository SET is_private = 1 WHERE namespace = ? AND name = ?",
            [owner, repository],
        )
        assert changed.rowcount == 1
    outcome, message = verdicts(lab)["public"]
    assert outcome == "failed"
    assert "privado" in message
    done(lab, "logout")
    refused(lab, "pull", name)
    sentence, command = told(lab, name)
    assert "não existe ou é privado" in sentence
    assert command == f"docker login -u {owner}"
    lab.newcomer()
    refused(lab, "pull", name)
    assert told(lab, name)[1] == "docker search docker-is-cool"
    assert "não existe ou é privado" in told(lab, f"{owner}/outra")[0]


def test_an_account_that_does_not_exist(lab: Lab, name: str) -> None:
    refused(lab, "pull", "contaquenaoexiste/nada")
    sentence, command = told(lab, "contaquenaoexiste/nada")
    assert "nem há conta com o Docker ID `contaquenaoexiste`" in sentence
    assert command == "docker search nada"


def test_a_password_that_changed(lab: Lab) -> None:
    owner, old, new = "trocasenha", "uma-senha-bem-longa", "outra-senha-bem-longa"
    lab.account(owner, old)
    lab.login(owner, old)
    done(lab, "tag", "docker-is-cool", f"{owner}/docker-is-cool")
    change_password(lab.hub_url, owner, old, new)
    refused(lab, "push", f"{owner}/docker-is-cool")
    sentence, command = told(lab, f"{owner}/docker-is-cool", 3)
    assert "não aceitou o login guardado" in sentence
    assert command == f"docker login -u {owner}"
    outcome, message = verdicts(lab)["pushed"]
    assert outcome == "unverifiable"
    assert f"`docker login -u {owner}`" in message
    lab.login(owner, new)
    assert told(lab, f"{owner}/docker-is-cool")[1].startswith("docker push")
    done(lab, "rmi", f"{owner}/docker-is-cool")


def change_password(url: str, owner: str, old: str, new: str) -> None:
    """As a person does, in the pages of the hub."""
    with requests.Session() as browser:
        browser.trust_env = False

        def send(path: str, **fields: str) -> str:
            page = browser.get(url + path, timeout=20).text
            found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            assert found, page
            form = {**fields, "csrfmiddlewaretoken": found[1]}
            answer = browser.post(url + path, data=form, headers={"Referer": url + path}, timeout=20)
            assert answer.status_code == 200, answer.text
            return answer.text

        send("/login/", login=owner, password=old)
        send("/conta/senha/", oldpassword=old, password1=new, password2=new)


def test_only_another_architecture(lab: Lab, name: str, tmp_path: Path) -> None:
    name_as_arm64(lab, name, tmp_path)
    done(lab, "push", name)
    sentence, command = told(lab, name)
    assert "só está no Docker Hub para linux/arm64" in sentence
    assert command == f"docker build --platform linux/amd64 -t {name}:latest ."
    done(lab, "tag", "docker-is-cool", name)
    assert told(lab, name)[1] == f"docker push {name}:latest"
    assert "linux/arm64" in verdicts(lab)["pushed"][1]
    lab.newcomer()
    done(lab, "rmi", name)
    assert told(lab, name)[1] == f"docker pull --platform linux/arm64 {name}:latest"


def name_as_arm64(lab: Lab, name: str, folder: Path) -> None:
    """The chapter's image, told to be for another processor; this machine can neither build nor run one."""
    done(lab, "save", "-o", str(lab.work / "imagem.tar"), "docker-is-cool")
    with tarfile.open(lab.work / "imagem.tar") as archive:
        archive.extractall(folder, filter="data")
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    config = folder / entries[0]["Config"]
    described = json.loads(config.read_text(encoding="utf-8")) | {"architecture": "arm64"}
    (folder / "config.json").write_text(json.dumps(described), encoding="utf-8")
    entry = {**entries[0], "Config": "config.json", "RepoTags": [f"{name}:latest"]}
    (folder / "manifest.json").write_text(json.dumps([entry]), encoding="utf-8")
    for other in ("index.json", "oci-layout", "repositories"):  # what an engine would read before it
        (folder / other).unlink(missing_ok=True)
    with tarfile.open(lab.work / "arm64.tar", "w") as archive:
        archive.add(folder, arcname=".")
    done(lab, "load", "-i", str(lab.work / "arm64.tar"))
    (lab.work / "arm64.tar").unlink()


def test_what_is_no_name_is_wrong_use(lab: Lab) -> None:
    said = lab.cli("diagnostico", "Ana/App")
    assert said.returncode == 2
    assert "`ana/app`" in said.stderr


# What takes services away has a lab of its own.


@pytest.fixture(scope="module")
def own() -> Iterator[Lab]:
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        own = Lab(Path(folder) / "lab", Path(folder) / "trabalho")
        try:
            own.start()
            owner = own.newcomer()
            done(own, "tag", "docker-is-cool", f"{owner}/docker-is-cool")
            yield own
        finally:
            own.cli("limpar")


@contextmanager
def without(lab: Lab, service: str) -> Iterator[None]:
    home = Home(lab.home)
    call(home, "stopProcess", service)
    try:
        yield
    finally:
        call(home, "startProcess", service)
        deadline = time.monotonic() + PATIENCE
        while not look(home).all_up:
            assert time.monotonic() < deadline, f"{service} não voltou"
            time.sleep(0.2)


@pytest.mark.parametrize(
    ("service", "words"),
    [
        ("engine", "O Docker Engine está desligado"),
        ("registry", "O registry (registry-1.docker.io) está fora de alcance"),
        ("hub", "O serviço de contas do Docker Hub (auth.docker.io) está fora de alcance"),
    ],
)
def test_a_service_that_is_out(own: Lab, service: str, words: str) -> None:
    listed = docker(own, "image", "ls", "--format", "{{.Repository}}").stdout.split()
    name = next(one for one in listed if "/" in one)
    with without(own, service):
        refused(own, "push", name)
        start = time.monotonic()
        sentence, command = told(own, name, 3)
        assert time.monotonic() - start < 18
        assert verdicts(own)["pushed"][0] == "unverifiable"
    assert words in sentence
    assert command == "lab parar && lab aula"
    assert told(own, name)[1] == f"docker push {name}:latest"


def test_a_lab_that_is_off_says_so(own: Lab) -> None:
    own.cli("parar")
    said = own.cli("diagnostico", "ana/docker-is-cool")
    own.start()
    assert said.returncode == 3
    assert "lab aula`" in said.stderr
