"""The chapter, word for word, against the practice hub under Docker Hub's own names."""

import http.client
import json
import re
import secrets
import ssl
import subprocess
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest

from checks.unit import load_course
from lab.addresses import TLS_PORT
from tests.lab.desk import soon
from tests.real_lab import LAB, Lab

# in the words of the classic store, or of the containerd store
REFUSED = re.compile("denied|insufficient_scope")


@pytest.fixture(scope="module")
def name(lab: Lab) -> str:
    """Somebody who is logged in."""
    return lab.newcomer()


def recorded(lab: Lab, image: str) -> list[str]:
    """What the recorder wrote of an image by its tags, in order."""
    lines = (lab.home / "events.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    return [f"{one['action']} {one['name']}" for one in events if one["name"].startswith(f"{image}:")]


def test_before_the_login_a_push_is_refused(lab: Lab) -> None:
    lab.run(["docker", "logout"])
    lab.run(["docker", "tag", "docker-is-cool", "semlogin/docker-is-cool"])
    done = lab.run(["docker", "push", "semlogin/docker-is-cool"])
    assert done.returncode != 0
    assert "The push refers to repository [docker.io/semlogin/docker-is-cool]" in done.stdout
    assert REFUSED.search(done.stdout + done.stderr)


def test_a_wrong_password_is_refused(lab: Lab) -> None:
    docker_id = f"aluno{secrets.token_hex(4)}"
    lab.account(docker_id, "uma-senha-bem-longa")
    done = lab.run(["docker", "login", "-u", docker_id, "--password-stdin"], text="outra-senha")
    assert done.returncode != 0
    assert "Login Succeeded" not in done.stdout


def test_tag_push_remove_pull_run(lab: Lab, name: str) -> None:
    image = f"{name}/docker-is-cool"
    for command, expected in (
        (["docker", "tag", "docker-is-cool", image], ""),
        (["docker", "push", image], f"The push refers to repository [docker.io/{image}]"),
        (["docker", "rmi", image], f"Untagged: {image}:latest"),
        (["docker", "pull", image], f"docker.io/{image}:latest"),
        (["docker", "run", "--rm", image], "Docker é muito legal"),
    ):
        done = lab.run(command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        assert expected in done.stdout
    wanted = [f"{action} {image}:latest" for action in ("tag", "push", "untag", "pull")]
    soon(lambda: recorded(lab, image) == wanted, f"eventos: {wanted}")


def test_another_persons_namespace_is_refused(lab: Lab, name: str) -> None:
    other = f"{name}x/docker-is-cool"
    lab.run(["docker", "tag", "docker-is-cool", other])
    done = lab.run(["docker", "push", other])
    assert done.returncode != 0
    assert REFUSED.search(done.stdout + done.stderr)


def test_both_docker_clients_work(lab: Lab, name: str) -> None:
    clients = lab.run(["sh", "-c", "which -a docker | sort -u"]).stdout.split()
    assert clients
    for client in clients:
        assert lab.run([client, "pull", f"{name}/docker-is-cool"]).returncode == 0


def test_the_hub_answers_under_its_own_name(lab: Lab) -> None:
    done = lab.run(["curl", "-sS", "https://hub.docker.com/saude"])
    assert json.loads(done.stdout) == {"status": "ok"}, done.stderr


def test_outside_the_lab_the_names_lead_where_they_always_did(lab: Lab) -> None:
    """The practice hub answers at its address, but only the lab takes the name for it and trusts it."""
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(
        lab.settings["hub_address"], TLS_PORT, timeout=5, context=context
    )
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/saude")


def test_the_docker_sdk_in_a_cell_reaches_the_same_engine(lab: Lab) -> None:
    code = "import docker; print(docker.from_env().images.get('docker-is-cool').tags)"
    done = lab.run(["python", "-c", code])
    assert "docker-is-cool:latest" in done.stdout, done.stderr


def test_the_chapters_image_is_small_and_has_three_layers(lab: Lab) -> None:
    done = lab.run(["docker", "image", "inspect", "docker-is-cool"])
    found = json.loads(done.stdout)[0]
    assert len(found["RootFS"]["Layers"]) >= 3
    assert found["Size"] < 5_000_000


def test_the_chapters_image_comes_back_as_it_was(lab: Lab, name: str) -> None:
    identity = ["docker", "image", "inspect", "docker-is-cool", "--format", "{{.Id}} {{.RootFS.Layers}}"]
    before = lab.run(identity).stdout
    assert lab.run(["docker", "image", "rm", "-f", before.split()[0]]).returncode == 0
    done = lab.run(["lab", "imagem"])
    assert "está no seu motor" in done.stdout, done.stdout + done.stderr
    assert lab.run(identity).stdout == before
    assert "igual" in lab.cli("imagem").stdout, "from outside too, and when it is there already"


def test_from_inside_stopping_says_where_it_can_be_done(lab: Lab) -> None:
    done = lab.run(["lab", "parar"])
    assert (done.returncode, done.stdout) == (2, "")
    assert f"fora do JupyterLab, e rode nele: {LAB} parar" in done.stderr


def test_the_exit_code_and_both_streams_of_a_command_are_its_own(lab: Lab) -> None:
    done = lab.cli("executar", "--", "sh", "-c", "cat; echo erro >&2; exit 7", text="entrada")
    assert (done.returncode, done.stdout, done.stderr) == (7, "entrada", "erro\n")
    assert lab.cli("executar", "--", "pwd").stdout.strip() == str(lab.work)
    assert lab.run(["pwd"]).stdout.strip() == str(lab.work), "as all the other tests go in"
    assert lab.cli("executar", "--", "nao-existe").returncode == 2


def test_a_command_runs_where_it_was_typed_in_the_learners_folder(lab: Lab, tmp_path: Path) -> None:
    inside, link = lab.work / "tarefas" / "uma", tmp_path / "atalho"
    inside.mkdir(parents=True)
    link.symlink_to(inside)
    for folder, where in ((inside, inside), (link, inside), (tmp_path, lab.work)):
        done = subprocess.run(
            [LAB, "executar", "--", "pwd"], cwd=folder, env=lab.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.stdout.strip() == str(where), done.stderr


def test_verifying_says_what_was_done_and_what_was_not(lab: Lab, name: str) -> None:
    done = lab.cli("verificar", "push", "--formato", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["outcome"], report["learner"]) == (0, "passed", name)
    many = json.loads(lab.cli("verificar", "--tudo", "--formato", "json").stdout)
    assert [one["unit"] for one in many["reports"]] == [unit.id for unit in load_course()]
    listed = json.loads(lab.cli("lista", "--json").stdout)
    assert {one["id"]: one["outcome"] for one in listed["units"]}["push"] == "passed"


def test_the_terminal_says_where_it_is_and_gives_back_what_was_typed(lab: Lab) -> None:
    terminal = pexpect.spawn(LAB, ["terminal"], env=lab.environment, encoding="utf-8", timeout=30)
    terminal.expect_exact("(lab) ")
    terminal.sendline("docker images --format '{{.Repository}}' | sort -u; exit 9")
    terminal.expect_exact("docker-is-cool\r\n")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 9
