"""Programs that people use with the real Docker Hub, unchanged, against a whole lab."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.lab.desk import soon
from tests.lab.person import Person
from tests.real_lab import Lab
from tests.stores import ENGINE

pytestmark = pytest.mark.lab
GREETING = "Docker é muito legal"
CLIENTS = Path(__file__).with_name("clients")
STORES = ["lab", pytest.param("newer", marks=pytest.mark.containerd)]


class Someone(Person):
    """Who uses programs in the lab, logged in with a token that may all but what a test says."""

    def runs(self, *command: str, text: str = "") -> str:
        done = self._run(*command, text=text)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def is_refused(self, *command: str) -> str:
        done = self._run(*command)
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    def _run(self, *command: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return self.lab.run(command, text)

    def pushes(self, repository: str, tag: str = "latest") -> str:
        """An image of the lab, to a repository of one's own; its name."""
        image = f"{self.name}/{repository}:{tag}"
        self.runs("docker", "tag", "docker-is-cool", image)
        self.runs("docker", "push", "-q", image)
        self.runs("docker", "rmi", image)
        return image

    def sees(self, path: str) -> Any:
        """The hub's API; None for what is not there."""
        with requests.Session() as program:
            program.trust_env = False
            answer = program.get(f"{self.lab.hub_url}/v2/namespaces/{self.name}{path}", timeout=20)
        assert answer.status_code in (200, 404), answer.text
        return answer.json() if answer.ok else None

    def tags(self, repository: str) -> list[str]:
        body = self.sees(f"/repositories/{repository}/tags")
        return sorted(one["name"] for one in body["results"]) if body else []


@pytest.fixture
def someone(lab: Lab) -> Someone:
    one = Someone(lab)
    one.logs_in()
    return one


@pytest.fixture(params=STORES)
def either(request: pytest.FixtureRequest) -> Someone:
    """On each of the two ways in which an engine keeps images."""
    one = Someone(request.getfixturevalue(request.param))
    one.logs_in(one.token("repo:write")["token"])
    return one


@pytest.fixture
def podman() -> Iterator[tuple[str, ...]]:
    """Its command, with images and credentials of its own; the path has to be short."""
    with tempfile.TemporaryDirectory(prefix="pod-") as folder:
        own = ("env", f"REGISTRY_AUTH_FILE={folder}/auth.json", "podman", "--storage-driver", "vfs")
        yield (*own, "--root", f"{folder}/root", "--runroot", f"{folder}/run")


def test_docker_pushes_pulls_and_searches(either: Someone) -> None:
    image = either.pushes("do-docker")
    assert GREETING in either.runs("docker", "run", "--rm", image)
    either.runs("docker", "rmi", image)
    found = either.runs("docker", "search", "--format", "{{.Name}}", either.name).split()
    assert found == [f"{either.name}/do-docker"]


def test_docker_search_knows_the_official_image(either: Someone) -> None:
    table = either.runs("docker", "search", "nginx").splitlines()
    [official] = [line for line in table if line.split()[0] == "nginx"]
    assert "[OK]" in official
    only = ("--filter", "is-official=true", "--format", "{{.IsOfficial}} {{.Name}}")
    listed = either.runs("docker", "search", "--limit", "3", *only, "web").splitlines()
    assert 0 < len(listed) <= 3
    assert all("nginx" in line or "/" not in line.split()[-1] for line in listed)
    assert "nginx" in "".join(listed)


def test_what_is_only_in_the_catalogue_is_not_pulled(either: Someone) -> None:
    assert "nginx" in either.is_refused("docker", "pull", "ubuntu/nginx")


def test_the_docker_sdk(either: Someone) -> None:
    program = str(CLIENTS / "sdk.py")
    secret = either.token("repo:write")["token"]
    told = json.loads(either.runs(sys.executable, program, either.name, text=secret))
    assert (told["signed_in"], told["errors"]) == ("Login Succeeded", [])
    assert told["digest"] in told["said"][0]
    assert GREETING in told["runs"]
    assert told["found"] == ["nginx"]


def test_skopeo_copies_and_tells(someone: Someone) -> None:
    image = someone.pushes("app", "v1")
    copy = f"docker://docker.io/{someone.name}/copia:v2"
    someone.runs("skopeo", "copy", "-q", f"docker://docker.io/{image}", copy)
    described = json.loads(someone.runs("skopeo", "inspect", copy))
    assert described["Name"] == f"docker.io/{someone.name}/copia"
    soon(lambda: someone.tags("copia") == ["v2"], "a cópia aparecer no hub")
    listed = json.loads(someone.runs("skopeo", "list-tags", copy.removesuffix(":v2")))
    assert listed["Tags"] == ["v2"]


@pytest.mark.parametrize(("scope", "left"), [("repo:write", ["v1"]), ("repo:admin", [])])
def test_only_a_token_that_may_delete_deletes(someone: Someone, scope: str, left: list[str]) -> None:
    image = f"docker://docker.io/{someone.pushes('app', 'v1')}"
    soon(lambda: someone.tags("app") == ["v1"], "a tag aparecer no hub")
    someone.logs_in(someone.token(scope)["token"])
    if left:
        someone.is_refused("skopeo", "delete", image)
    else:
        someone.runs("skopeo", "delete", image)
    soon(lambda: someone.tags("app") == left, "o hub saber o que ficou")


def test_podman(someone: Someone, podman: tuple[str, ...]) -> None:
    image = f"docker.io/{someone.pushes('app')}"
    login = ("login", "-u", someone.name, "--password-stdin", "docker.io")
    assert "Login Succeeded" in someone.runs(*podman, *login, text=someone.password)
    someone.runs(*podman, "pull", "-q", image)
    someone.runs(*podman, "tag", image, f"docker.io/{someone.name}/do-podman:v1")
    someone.runs(*podman, "push", "-q", f"docker.io/{someone.name}/do-podman:v1")
    soon(lambda: someone.tags("do-podman") == ["v1"], "o envio do podman aparecer no hub")
    found = someone.runs(*podman, "search", "--format", "{{.Name}}", f"docker.io/{someone.name}")
    assert sorted(found.split()) == [f"docker.io/{someone.name}/{name}" for name in ("app", "do-podman")]
    official = someone.runs(*podman, "search", "--filter", "is-official=true", "docker.io/nginx")
    assert "docker.io/library/nginx" in official


@pytest.fixture
def oras(someone: Someone, tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """Its command, with credentials of its own, in a folder with the file that it sends."""
    (tmp_path / "letra.txt").write_text(GREETING, encoding="utf-8")
    program, own = str(ENGINE / "usr" / "bin" / "oras"), str(tmp_path / "auth.json")

    def command(*words: str) -> tuple[str, ...]:
        return ("env", "-C", str(tmp_path), program, *words, "--registry-config", own)

    someone.runs(
        *command("login", "-u", someone.name, "--password-stdin", "docker.io"), text=someone.password
    )
    return command


def test_an_artifact_of_oras_is_shown_as_what_it_is(
    someone: Someone, oras: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    name = f"docker.io/{someone.name}/letra:v1"
    someone.runs(
        *oras("push", "--artifact-type", "application/vnd.exemplo.letra", name, "letra.txt:text/plain")
    )
    soon(lambda: someone.tags("letra") == ["v1"], "o artefato aparecer no hub")
    tag = someone.sees("/repositories/letra/tags/v1")
    assert (tag["content_type"], tag["full_size"] > 0) == ("unrecognized", True)
    page = requests.get(f"{someone.lab.hub_url}/r/{someone.name}/letra", timeout=20)
    assert page.status_code == 200
    assert "unsupported" in someone.is_refused("docker", "pull", f"{someone.name}/letra:v1")
    (tmp_path / "letra.txt").unlink()
    someone.runs(*oras("pull", name))
    assert (tmp_path / "letra.txt").read_text(encoding="utf-8") == GREETING
    assert someone.runs(*oras("repo", "tags", name.removesuffix(":v1"))).split() == ["v1"]
    someone.runs(*oras("tag", name, "v2"))
    soon(lambda: someone.tags("letra") == ["v1", "v2"], "a outra tag aparecer no hub")
    someone.runs(*oras("manifest", "delete", "--force", name))
    soon(lambda: someone.tags("letra") == [], "o hub saber que o manifesto foi apagado")


def test_oras_is_told_why_a_token_does_not_push(
    someone: Someone, oras: Callable[..., tuple[str, ...]]
) -> None:
    reader = someone.token("repo:read")["token"]
    someone.runs(*oras("login", "-u", someone.name, "--password-stdin", "docker.io"), text=reader)
    said = someone.is_refused(*oras("push", f"docker.io/{someone.name}/letra:v1", "letra.txt:text/plain"))
    assert "access token has insufficient scopes" in said


def test_oras_in_python_pulls_what_is_private(someone: Someone, oras: Callable[..., tuple[str, ...]]) -> None:
    someone.sends("/conta/privacidade/", visibility="private")
    someone.runs(*oras("push", f"docker.io/{someone.name}/letra:v1", "letra.txt:text/plain"))
    program = str(CLIENTS / "artifact.py")
    assert GREETING in someone.runs(sys.executable, program, someone.name, text=someone.password)
    letter = f"docker://docker.io/{someone.name}/letra:v1"
    assert "unauthorized" in someone.is_refused("skopeo", "inspect", "--raw", "--no-creds", letter)


def test_what_the_api_deletes_cannot_be_pulled(someone: Someone) -> None:
    image = someone.pushes("app", "v1")
    kept = someone.pushes("app", "v2")
    soon(lambda: someone.tags("app") == ["v1", "v2"], "as tags aparecerem no hub")
    someone.asks("DELETE", f"/v2/repositories/{someone.name}/app/tags/v1/")
    assert someone.tags("app") == ["v2"]
    assert "manifest unknown" in someone.is_refused("docker", "pull", image)
    someone.runs("docker", "pull", "-q", kept)
    someone.runs("docker", "rmi", kept)
    someone.asks("DELETE", f"/v2/repositories/{someone.name}/app/")
    assert someone.sees("/repositories/app") is None
    assert someone.name in someone.is_refused("docker", "pull", kept)
