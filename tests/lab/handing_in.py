"""Learners for tests that hand in one thing after another: what they do in a lab, and what is said of it."""

import json
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tests.lab.desk import soon
from tests.real_lab import LAB, Lab

ORIGIN = "docker-is-cool"
KEPT, FRESH = "prova-guardada", "prova-nova"
_CRAFT = Path(__file__).with_name("craft.py")
_ARCHIVE = "imagem.tar"
_FLATTEN = f"id=$(docker create {ORIGIN}); docker export $id | docker import - {FRESH}; docker rm $id"
_AGAIN = f"""\
FROM {FRESH}
CMD ["/bin/busybox", "sh", "/ola.sh"]
RUN ["/bin/busybox", "touch", "/a"]
"""
# Of each unit that is named on a line, the report on one line.
_VERDICTS = """
import json, sys
from checks.runner import verify
from checks.unit import load_unit
for line in iter(sys.stdin.readline, ""):
    print(json.dumps(verify(load_unit(line.strip())).to_dict()))
"""


class Checker:
    """`checks` inside a lab, started once: a verdict costs the questions it asks, and no start of Python."""

    def __init__(self, lab: Lab) -> None:
        command = [LAB, "executar", "--", "python", "-u", "-c", _VERDICTS]
        self._program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=lab.environment,
        )  # fmt: skip

    def verdicts(self, unit: str = "push") -> Mapping[str, tuple[str, str]]:
        """The outcome and the message of each rule of the unit, as the world is now."""
        assert self._program.stdin
        assert self._program.stdout
        print(unit, file=self._program.stdin, flush=True)
        checks = json.loads(self._program.stdout.readline())["checks"]
        return {check["rule"]: (check["outcome"], check["message"]) for check in checks}

    def close(self) -> None:
        self._program.communicate(timeout=20)


class Learner:
    """Somebody with a name of their own, logged in, who has done nothing yet."""

    def __init__(self, lab: Lab, checker: Checker) -> None:
        self.lab = lab
        self.verdicts = checker.verdicts
        self.name = lab.newcomer()
        self.image = f"{self.name}/{ORIGIN}"
        self.remote = f"docker://registry-1.docker.io/{self.image}:latest"

    def sh(self, *command: str, text: str = "") -> str:
        return sh(self.lab, *command, text=text)

    def tag(self, source: str = ORIGIN, name: str = "") -> None:
        self.sh("docker", "tag", source, name or self.image)

    def push(self, name: str = "") -> None:
        self.sh("docker", "push", name or self.image)

    def build(self, name: str, dockerfile: str) -> None:
        build(self.lab, name, dockerfile)

    def craft(self, kind: str) -> None:
        """Pushes as asked for, then exchanges it for what no client would make, with the same credential."""
        self.tag()
        self.push()
        self.sh("python", str(_CRAFT), kind, self.image)

    def skopeo(self, source: str, target: str, *options: str) -> None:
        self.sh("skopeo", "copy", "-q", *options, source, target)

    def save(self) -> str:
        self.sh("docker", "save", "-o", _ARCHIVE, ORIGIN)
        return f"docker-archive:{_ARCHIVE}"

    def make_private(self) -> None:
        """As the switch on the hub's page does; the hub hears of a push a moment after it."""
        query = "UPDATE repositories_repository SET is_private = 1 WHERE namespace = ?"

        def changed() -> int:
            with closing(sqlite3.connect(self.lab.home / "hub" / "db.sqlite3")) as database, database:
                return database.execute(query, [self.name]).rowcount

        soon(changed, "o hub saber do push")


def sh(lab: Lab, *command: str, text: str = "") -> str:
    done = lab.run(command, text=text)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def build(lab: Lab, name: str, dockerfile: str) -> None:
    """With the engine's own builder on both stores, so that what is pushed differs in the store alone."""
    command = ("env", "DOCKER_BUILDKIT=0", "docker", "build", "-q", "--network", "none", "-t", name, "-")
    sh(lab, *command, text=dockerfile)


def put_a_fresh_image(lab: Lab) -> None:
    """In the place of the chapter's, with layers that nobody has pushed or built upon.

    What was is remembered by an engine with the containerd store, which then pushes in another way.
    """
    sh(lab, "docker", "tag", ORIGIN, KEPT)
    sh(lab, "sh", "-ec", _FLATTEN)
    build(lab, FRESH, _AGAIN)


def put_back(lab: Lab) -> None:
    sh(lab, "docker", "tag", KEPT, ORIGIN)
    sh(lab, "docker", "rmi", KEPT, FRESH)
