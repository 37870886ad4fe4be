"""What learners hand in, built for real in a lab: wrong submissions never pass, right but unusual ones do."""

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.real_lab import Lab

pytestmark = pytest.mark.lab
ORIGIN = "docker-is-cool"
CRAFT = Path(__file__).with_name("craft.py")
OTHER = f"FROM {ORIGIN}\nLABEL versao=outra\n"
EMPTY = "FROM scratch\nLABEL vazia=sim\n"
ARCHIVE = "imagem.tar"


class Learner:
    """Somebody with a name of their own, logged in, who has done nothing yet."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.name = lab.newcomer()
        self.image = f"{self.name}/{ORIGIN}"
        self.remote = f"docker://registry-1.docker.io/{self.image}:latest"
        self.daemon = f"docker-daemon:{ORIGIN}:latest"

    def sh(self, *command: str, text: str = "") -> str:
        done = self.lab.run(command, text=text)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def tag(self, source: str = ORIGIN, name: str = "") -> None:
        self.sh("docker", "tag", source, name or self.image)

    def push(self, name: str = "") -> None:
        self.sh("docker", "push", name or self.image)

    def build(self, name: str, dockerfile: str) -> None:
        self.sh("docker", "build", "-q", "--network", "none", "-t", name, "-", text=dockerfile)

    def craft(self, kind: str) -> None:
        """Pushes as asked for, then exchanges it for what no client would make, with the same credential."""
        self.tag()
        self.push()
        self.sh("python", str(CRAFT), kind, self.image)

    def skopeo(self, source: str, target: str, *options: str) -> None:
        socket = f"unix://{self.lab.home / 'run' / 'docker.sock'}"
        self.sh("skopeo", "copy", "-q", "--src-daemon-host", socket, *options, source, target)

    def save(self) -> str:
        self.sh("docker", "save", "-o", ARCHIVE, ORIGIN)
        return f"docker-archive:{ARCHIVE}"

    def make_private(self) -> None:
        """As the switch on the hub's page does; the hub hears of a push a moment after it."""
        deadline = time.monotonic() + 10
        with closing(sqlite3.connect(self.lab.home / "hub" / "db.sqlite3")) as database:
            query = "UPDATE repositories_repository SET is_private = 1 WHERE namespace = ?"
            while True:
                with database:
                    changed = database.execute(query, [self.name]).rowcount
                if changed:
                    return
                assert time.monotonic() < deadline, "the hub never heard of the push"
                time.sleep(0.1)

    def verdicts(self) -> Mapping[str, tuple[str, str]]:
        done = self.lab.cli("verificar", "push", "--formato", "json")
        checks = json.loads(done.stdout)["checks"]
        return {check["rule"]: (check["outcome"], check["message"]) for check in checks}


@pytest.fixture(scope="module")
def origin() -> Iterator[tuple[Lab, str]]:
    """A lab of our own, because the chapter's image is rebuilt in it; and that image's ID."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        lab = Lab(Path(folder) / "lab", Path(folder) / "trabalho")
        try:
            lab.start()
            found = lab.run(["docker", "image", "inspect", "--format", "{{.Id}}", ORIGIN])
            yield lab, found.stdout.strip()
        finally:
            lab.cli("limpar")


@pytest.fixture
def learner(origin: tuple[Lab, str]) -> Learner:
    lab, identity = origin
    ana = Learner(lab)
    ana.tag(identity, ORIGIN)
    return ana


# ---------------------------------------------------------------- wrong


def another_image(ana: Learner) -> None:
    ana.build(ana.image, OTHER)
    ana.push()


def an_empty_image(ana: Learner) -> None:
    ana.build(ana.image, EMPTY)
    ana.push()


def tagged_and_not_pushed(ana: Learner) -> None:
    ana.tag()


def pushed_to_somebody_elses_namespace(ana: Learner) -> None:
    other = f"{ana.name}x/{ORIGIN}"
    ana.tag(name=other)
    assert ana.lab.run(["docker", "push", other]).returncode != 0


def pushed_to_another_repository(ana: Learner) -> None:
    other = f"{ana.name}/docker-e-legal"
    ana.tag(name=other)
    ana.push(other)


def pushed_under_another_tag(ana: Learner) -> None:
    ana.tag(name=f"{ana.image}:v1")
    ana.push(f"{ana.image}:v1")


def rebuilt_after_the_push(ana: Learner) -> None:
    ana.tag()
    ana.push()
    ana.build(ORIGIN, OTHER)


def rebuilt_and_tagged_after_the_push(ana: Learner) -> None:
    rebuilt_after_the_push(ana)
    ana.tag()


def crafted(kind: str) -> Callable[[Learner], None]:
    def do(ana: Learner) -> None:
        ana.craft(kind)

    do.__name__ = kind
    return do


PUSH, TAG = "docker push {image}", "docker tag docker-is-cool:latest {image}"
WRONG = [
    (another_image, "failed", ("é outra imagem", TAG, PUSH)),
    (an_empty_image, "failed", ("é outra imagem", TAG, PUSH)),
    (tagged_and_not_pushed, "not_attempted", ("ainda não está no Docker Hub", PUSH)),
    (pushed_to_somebody_elses_namespace, "not_attempted", ("nem no Docker Hub", TAG)),
    (pushed_to_another_repository, "not_attempted", ("ainda não está no Docker Hub", TAG)),
    (pushed_under_another_tag, "not_attempted", ("ainda não está no Docker Hub", TAG)),
    (rebuilt_after_the_push, "failed", ("é outra imagem", TAG, PUSH)),
    (rebuilt_and_tagged_after_the_push, "failed", ("ainda tem outro conteúdo", PUSH)),
    (crafted("another_config"), "failed", ("ainda tem outro conteúdo", PUSH)),
    (crafted("borrowed_config"), "failed", ("não há nenhuma imagem que se possa usar", PUSH)),
    (crafted("attestations"), "failed", ("não há nenhuma imagem que se possa usar", PUSH)),
    (crafted("other_platform"), "failed", ("é para linux/", "a sua imagem é para linux/", PUSH)),
]


@pytest.mark.parametrize(("do", "outcome", "words"), WRONG, ids=[do.__name__ for do, *_ in WRONG])
def test_a_wrong_submission_never_passes(
    learner: Learner, do: Callable[[Learner], None], outcome: str, words: tuple[str, ...]
) -> None:
    do(learner)
    found, message = learner.verdicts()["pushed"]
    assert found == outcome, message
    for word in words:
        assert word.format(image=learner.image) in message


def test_a_private_image_is_not_public(learner: Learner) -> None:
    learner.tag()
    learner.push()
    learner.make_private()
    verdicts = learner.verdicts()
    assert verdicts["pushed"][0] == "passed"
    outcome, message = verdicts["public"]
    assert (outcome, "o repositório é privado" in message) == ("failed", True), message


# ---------------------------------------------------------------- right, but unusual


def in_oci_format(ana: Learner) -> None:
    ana.skopeo(ana.daemon, ana.remote, "--format", "oci")


def from_an_archive(ana: Learner) -> None:
    ana.skopeo(ana.save(), ana.remote, "--format", "v2s2")


def with_zstd_layers(ana: Learner) -> None:
    """With a layer of its own: skopeo remembers the others, and would not compress them again."""
    ana.build(ORIGIN, f'FROM {ORIGIN}\nRUN ["/bin/busybox", "touch", "/{ana.name}"]\n')
    ana.skopeo(ana.save(), ana.remote, "--format", "oci", "--dest-compress-format", "zstd")
    assert "tar+zstd" in ana.sh("skopeo", "inspect", "--raw", ana.remote)


def from_another_computer(ana: Learner) -> None:
    """What a folder took there; that computer's client made a manifest of its own."""
    ana.skopeo(ana.daemon, f"dir:{ana.name}")
    ana.skopeo(f"dir:{ana.name}", ana.remote, "--format", "oci")


def in_an_index_of_two_platforms(ana: Learner) -> None:
    ana.craft("index")
    assert "manifests" in json.loads(ana.sh("skopeo", "inspect", "--raw", ana.remote))


def tagged_by_its_digest(ana: Learner) -> None:
    pushed_under_another_tag(ana)
    template = "{{range .RepoDigests}}{{println .}}{{end}}"
    known = ana.sh("docker", "image", "inspect", "--format", template, f"{ana.image}:v1").split()
    ana.tag(next(one for one in known if one.startswith(f"{ana.image}@")))
    ana.push()


def pulled_and_tagged_again(ana: Learner) -> None:
    pushed_under_another_tag(ana)
    ana.sh("docker", "rmi", f"{ana.image}:v1")
    ana.sh("docker", "pull", f"{ana.image}:v1")
    ana.tag(f"{ana.image}:v1")
    ana.push()


RIGHT = [
    in_oci_format,
    from_an_archive,
    with_zstd_layers,
    from_another_computer,
    in_an_index_of_two_platforms,
    tagged_by_its_digest,
    pulled_and_tagged_again,
]


@pytest.mark.parametrize("do", RIGHT, ids=[do.__name__ for do in RIGHT])
def test_a_right_but_unusual_submission_passes(learner: Learner, do: Callable[[Learner], None]) -> None:
    do(learner)
    verdicts = learner.verdicts()
    assert [outcome for outcome, _ in verdicts.values()] == ["passed"] * 3, verdicts
    assert "com o mesmo conteúdo" in verdicts["pushed"][1]
