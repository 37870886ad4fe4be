"""Containers of the learner's images, and the secrets in these, on real engines of both image stores."""

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import docker
import pytest

from checks import container, engine
from checks.errors import EngineOff
from checks.image import Container
from checks.leaks import Place
from checks.reference import parse
from checks.rules.container import container_prints, container_runs
from checks.rules.secrets import local_no_secret
from checks.secrets import Kind
from tests.checks.rule_facts import FAILED, PASSED, expect
from tests.real_lab import Lab

pytestmark = pytest.mark.lab
SHELL = '["/bin/busybox", "sh", "-c", "{}"]'
KILLED = 137  # by the kernel, for want of memory
TOKEN = "dckr_pat_q7Rt2uYbN4mZxW8kLpVc3sHd6gJ"

Build = Callable[[str], str]


@pytest.fixture(params=["classic", pytest.param("containerd", marks=pytest.mark.containerd)])
def store(request: pytest.FixtureRequest) -> Lab:
    chosen: Lab = request.getfixturevalue("lab" if request.param == "classic" else "newer")
    return chosen


@pytest.fixture
def client(store: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[docker.DockerClient]:
    """The lab's engine is also the one that the checks of this test ask."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{store.home / 'run' / 'docker.sock'}")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with closing(docker.from_env()) as opened:
        yield opened


@pytest.fixture
def build(client: docker.DockerClient) -> Iterator[Build]:
    """Builds a Dockerfile over the chapter's image, and takes what it built away at the end."""
    built: list[str] = []

    def make(dockerfile: str) -> str:
        built.append(f"prova-de-container:{len(built)}")
        recipe = io.BytesIO(f"FROM docker-is-cool\n{dockerfile}\n".encode())
        client.images.build(fileobj=recipe, tag=built[-1], network_mode="none", rm=True)
        return built[-1]

    yield make
    for name in built:
        client.images.remove(name, force=True)


def run(name: str) -> Container:
    return engine.container(parse(name))


def sh(command: str) -> str:
    return f"ENTRYPOINT []\nCMD {SHELL.format(command)}"


def test_the_chapters_image_runs_and_prints(client: docker.DockerClient) -> None:
    ran = run("docker-is-cool")
    expect(container_prints(ran, "Docker é muito legal"), PASSED)
    expect(container_prints(ran, "Docker é muito chato"), FAILED)
    expect(container_runs(ran), PASSED)
    assert run("nao-existe").image.image is None


def test_both_streams_and_the_code_are_seen(build: Build) -> None:
    ran = run(build(sh("echo saída; echo erro >&2; exit 7")))
    assert (ran.exit_code, sorted(ran.output.split())) == (7, ["erro", "saída"])


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ("ENTRYPOINT []\nCMD ['/nada']".replace("'", '"'), "/nada"),
        ("ENTRYPOINT []\nCMD ['/site']".replace("'", '"'), "/site"),
    ],
)
def test_what_cannot_start_says_why(build: Build, recipe: str, said: str) -> None:
    ran = run(build(recipe))
    assert said in ran.problem
    expect(container_runs(ran), FAILED, "não chegou a começar", said)


def test_one_that_must_write_may(build: Build) -> None:
    assert run(build(sh("echo x > /arquivo && echo escrevi"))).output == "escrevi\n"


def test_it_sees_no_network_and_gains_no_rights(build: Build) -> None:
    ran = run(build(sh("ls /sys/class/net; grep NoNewPrivs /proc/self/status")))
    names = ran.output.split("NoNewPrivs")[0].split()
    assert not any(name.startswith(("eth", "en")) for name in names)
    assert "NoNewPrivs:\t1" in ran.output


def test_time_output_and_memory_have_an_end(
    build: Build, client: docker.DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "SECONDS", 60)  # a busy machine fills the memory slowly
    assert run(build('ENTRYPOINT []\nCMD ["/bin/busybox", "tail", "/dev/zero"]')).exit_code == KILLED
    monkeypatch.setattr(container, "SECONDS", 2)
    slow = run(build(sh("echo oi; sleep 60")))
    assert (slow.output, slow.exit_code) == ("oi\n", None)
    flood = run(build('ENTRYPOINT []\nCMD ["/bin/busybox", "yes"]'))
    assert 0 < len(flood.output) <= container.OUTPUT
    assert flood.exit_code is None
    assert client.containers.list(all=True) == []


def test_what_a_stopped_check_left_behind_is_taken_away(
    client: docker.DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = "dockerhub-na-pratica.container"
    old = client.containers.create("docker-is-cool", labels={label: "1"})
    another = client.containers.create("docker-is-cool")
    try:
        run("docker-is-cool")
        assert [one.id for one in client.containers.list(all=True)] == [another.id]
    finally:
        another.remove()
    assert old.id != another.id


def test_the_secrets_of_a_local_image_are_found_in_its_layers(build: Build) -> None:
    name = build(
        f'ENV DB_PASSWORD=q1w2e3\nRUN ["/bin/busybox", "sh", "-c", "echo {TOKEN} > /token"]\n'
        'RUN ["/bin/busybox", "rm", "/token"]'
    )
    seen = engine.local_leaks(parse(name))
    assert seen.unread == 0
    (file,) = [leak for leak in seen.leaks if leak.place is Place.FILE]
    assert (file.secret.kind, file.name, file.is_removed) == (Kind.DOCKER_TOKEN, "token", True)
    assert TOKEN[9:] not in file.step
    verdict = local_no_secret(seen)
    expect(verdict, FAILED, "`DB_PASSWORD`", "Ainda não envie")
    assert "q1w2e3" not in verdict.message


def test_the_chapters_image_keeps_no_secret(client: docker.DockerClient) -> None:
    seen = engine.local_leaks(parse("docker-is-cool"))
    assert (seen.leaks, seen.unread) == ((), 0)
    assert engine.local_leaks(parse("nao-existe")).image.image is None


def test_an_engine_that_is_off_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    for ask in (engine.container, engine.local_leaks):
        with pytest.raises(EngineOff):
            ask(parse("docker-is-cool"))
