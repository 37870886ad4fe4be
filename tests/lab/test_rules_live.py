"""The rules of a new unit, written without Python, against real images in a real lab."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.lab.desk import soon
from tests.real_lab import Lab

ORIGIN = "docker-is-cool"
GOOD = f"""FROM {ORIGIN}
LABEL versao="1.0"
ENV MODO=aula
EXPOSE 8000
USER 1000
ENTRYPOINT ["/bin/busybox"]
CMD ["true"]
"""
PROPERTIES: Mapping[str, str] = {
    "label": 'name = "versao"\nvalue = "1.0"',
    "env": 'name = "MODO"\nvalue = "aula"',
    "user": "",
    "entrypoint": 'command = ["/bin/busybox"]',
    "cmd": 'command = ["true"]',
    "exposed_port": "port = 8000",
    "size": "at_most_mb = 20",
    "layers": "at_most = 10",
}
ONE, TWO = '"{docker_id}/app:1.0"', '"{docker_id}/app:2.0"'
OWN = f"image = {ONE}"
OTHERS: Mapping[str, str] = {
    "build_step": f'{OWN}\ntext = "MODO=aula"',
    "no_build_step": f'{OWN}\ntext = "apt-get"',
    "tags_present": 'image = "{docker_id}/app"\ntags = ["1.0", "latest"]',
    "same_digest": f'{OWN}\nsame_as = "{{docker_id}}/app:latest"',
    "repository_exists": OWN,
    "visibility": f"{OWN}\nprivate = false",
    "short_description": OWN,
    "overview": OWN,
    "done_in_order": f'{OWN}\nsteps = ["push", "untag", "pull"]',
    "answer_is": 'answer = "porta"\naccepted = ["8000"]',
    "answer_names": f'answer = "nome"\n{OWN}',
}
VERSIONS: Mapping[str, str] = {
    "tag_moved": f'image = "{{docker_id}}/app:latest"\nnow = {TWO}\nbefore = {ONE}',
    "other_digest": f"image = {TWO}\nother = {ONE}",
    "shared_layers": f"image = {TWO}\nother = {ONE}\nat_least = 3",
}


def unit(rules: Mapping[str, str]) -> str:
    checks = (f'[[check]]\nrule = "{rule}"\npoints = 1\n{keys}\n' for rule, keys in rules.items())
    return f'title = "Uma unidade nova"\npoints = {len(rules)}\n' + "\n".join(checks)


@dataclass(frozen=True)
class Learner:
    lab: Lab
    name: str

    @property
    def app(self) -> str:
        return f"{self.name}/app"

    def sh(self, *command: str, text: str = "") -> str:
        done = self.lab.run(command, text=text)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def build(self, tag: str, dockerfile: str) -> None:
        self.sh("docker", "build", "-q", "--network", "none", "-t", f"{self.app}:{tag}", "-", text=dockerfile)

    def push(self, *tags: str) -> None:
        for tag in tags:
            self.sh("docker", "push", f"{self.app}:{tag}")

    def tag(self, source: str, target: str) -> None:
        self.sh("docker", "tag", f"{self.app}:{source}", f"{self.app}:{target}")

    def answer(self, key: str, text: str) -> None:
        self.sh(
            "python", "-c", f"from checks import exercicio; exercicio('imagem').responder({key!r}, {text!r})"
        )

    def verdicts(self, unit_id: str = "imagem") -> Mapping[str, tuple[str, str]]:
        done = self.lab.cli("verificar", unit_id, "--formato", "json")
        assert done.stdout, done.stderr
        found = json.loads(done.stdout)["checks"]
        return {check["rule"]: (check["outcome"], check["message"]) for check in found}

    def write_on_the_hub(self, column: str, value: object) -> None:
        """As the page of the repository does."""
        with closing(sqlite3.connect(self.lab.home / "hub" / "db.sqlite3")) as database, database:
            query = f"UPDATE repositories_repository SET {column} = ? WHERE namespace = ?"  # noqa: S608
            assert database.execute(query, [value, self.name]).rowcount == 1


@pytest.fixture
def ana(lab: Lab, tmp_path: Path) -> Learner:
    """Somebody new, in a course of two units that look at every property of an image."""
    both = {**PROPERTIES, **{f"local_{rule}": keys for rule, keys in PROPERTIES.items()}}
    rules = {**{rule: f"{OWN}\n{keys}" for rule, keys in both.items()}, **OTHERS}
    for folder, text in (("70-imagem", unit(rules)), ("80-versoes", unit(VERSIONS))):
        path = tmp_path / "course" / folder / "unit.toml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    there = replace(lab, chosen=(*lab.chosen, ("COURSE_HOME", str(tmp_path / "course"))))
    return Learner(there, lab.newcomer())


def test_a_unit_of_properties(ana: Learner) -> None:
    untouched = ana.verdicts()
    assert {outcome for outcome, _ in untouched.values()} == {"not_attempted"}, untouched

    ana.build("1.0", GOOD)
    ana.tag("1.0", "latest")
    ana.push("1.0", "latest")
    ana.sh("docker", "rmi", f"{ana.app}:1.0")
    ana.sh("docker", "pull", f"{ana.app}:1.0")
    ana.answer("porta", " 8000 ")
    ana.answer("nome", f"docker.io/{ana.app}:1.0")
    soon(lambda: ana.verdicts()["repository_exists"][0] == "passed", "o hub saber do push")

    done = ana.verdicts()
    written = {rule: done[rule] for rule in ("short_description", "overview")}
    assert {outcome for outcome, _ in written.values()} == {"failed"}, written
    assert "ainda não tem descrição curta" in written["short_description"][1]
    rest = {rule: verdict for rule, verdict in done.items() if rule not in written and verdict[0] != "passed"}
    assert rest == {}

    ana.write_on_the_hub("description", "Uma imagem que não faz nada")
    ana.write_on_the_hub("is_private", value=True)
    again = ana.verdicts()
    assert again["short_description"][0] == "passed", again["short_description"]
    assert (again["visibility"][0], "torne-o público" in again["visibility"][1]) == ("failed", True)


def test_an_image_without_any_property(ana: Learner) -> None:
    ana.build("1.0", f'FROM {ORIGIN}\nUSER root\nENV MODO=outra\nEXPOSE 9000\nCMD ["false"]\n')
    ana.push("1.0")
    found = ana.verdicts()
    for rule in ("label", "env", "user", "entrypoint", "cmd", "exposed_port"):
        for name, where in ((rule, "No Docker Hub"), (f"local_{rule}", "No seu computador")):
            outcome, message = found[name]
            assert outcome == "failed", message
            assert message.startswith(f"{where}, `{ana.app}:1.0`")
            assert f"`docker build -t {ana.app}:1.0 .`" in message
    outcome, message = found["tags_present"]
    assert (outcome, f"`docker tag IMAGEM {ana.app}:latest`" in message) == ("failed", True), message


def test_a_tag_that_moves(ana: Learner) -> None:
    ana.build("1.0", GOOD)
    ana.tag("1.0", "latest")
    ana.build("2.0", f'FROM {ana.app}:1.0\nLABEL versao="2.0"\n')
    ana.push("1.0", "latest", "2.0")
    before = ana.verdicts("versoes")
    assert (before["tag_moved"][0], before["other_digest"][0]) == ("failed", "passed"), before
    assert f"`docker tag {ana.app}:2.0 {ana.app}:latest`" in before["tag_moved"][1]
    ana.tag("2.0", "latest")
    assert ana.verdicts("versoes")["tag_moved"][0] == "failed"
    ana.push("latest")
    after = ana.verdicts("versoes")
    assert {outcome for outcome, _ in after.values()} == {"passed"}, after
