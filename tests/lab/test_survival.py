"""What a lab survives: the death of each service, of the whole universe, of its notes."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import universe
from lab.paths import Home
from lab.services import SERVICES
from lab.status import ServiceStatus, Status, look
from tests.real_lab import Lab

pytestmark = pytest.mark.lab
PATIENCE = 30


def wait_until_all_up(lab: Lab) -> Status:
    deadline = time.monotonic() + PATIENCE
    while not (found := look(Home(lab.home))).all_up:
        if time.monotonic() > deadline:
            pytest.fail(f"não voltou em {PATIENCE} s: {[one for one in found.services if one.state != 'up']}")
        time.sleep(0.2)
    return found


def service(found: Status, name: str) -> ServiceStatus:
    return next(one for one in found.services if one.name == name)


@pytest.mark.parametrize("name", [service.name for service in SERVICES])
def test_a_service_that_is_killed_comes_back(lab: Lab, name: str) -> None:
    before = service(wait_until_all_up(lab), name).pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        while True:  # until the kernel has taken it away
            os.kill(before, 0)
            time.sleep(0.01)
    after = service(wait_until_all_up(lab), name).pid
    assert after not in {before, None}


def test_account_images_and_progress_outlive_every_death(lab: Lab) -> None:
    name = lab.newcomer()
    image = f"{name}/docker-is-cool"
    assert lab.run(["docker", "tag", "docker-is-cool", image]).returncode == 0
    assert lab.run(["docker", "push", image]).returncode == 0
    lab.cli("verificar", "push")
    for one in wait_until_all_up(lab).services:
        os.kill(one.pid or 0, signal.SIGKILL)
    wait_until_all_up(lab)
    assert lab.run(["docker", "rmi", image]).returncode == 0
    assert lab.run(["docker", "pull", image]).returncode == 0, "the registry and the login are still there"
    assert lab.cli("verificar", "push").returncode == 0
    assert "push" in {path.stem for path in (lab.home / "reports").iterdir()}
    assert image in (lab.home / "events.jsonl").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("l")
    own = Lab(folder / "lab", folder / "trabalho")
    own.start()
    yield own
    own.cli("limpar")


def test_after_a_crash_the_next_start_clears_its_own_and_goes_on(own: Lab) -> None:
    own.account("anacrash", "uma-senha-bem-longa")
    record = universe.find(Home(own.home))
    assert record is not None
    record.keeper.kill()  # nobody is left to tidy up
    record.init.kill()
    assert record.init.wait(10)
    assert own.cli("status").returncode == 3
    assert own.cli("executar", "--", "true").returncode == 3
    (own.home / "lab.json").rename(own.home / "guardado")  # and the disk lost this note
    (own.home / "run" / "universe.json").write_text("{", encoding="utf-8")
    (own.home / "guardado").rename(own.home / "lab.json")
    own.start()
    own.login("anacrash", "uma-senha-bem-longa")


def test_stopping_keeps_everything_and_says_so(own: Lab) -> None:
    address = own.settings
    done = own.cli("parar")
    assert "guardados" in done.stdout
    assert not universe.find(Home(own.home))
    assert not Path(own.home / "run" / "docker.sock").exists()
    own.start()
    assert own.settings == address


def test_a_service_that_cannot_start_is_named_with_its_last_words(own: Lab) -> None:
    own.cli("parar")
    database = own.home / "hub" / "db.sqlite3"
    for path in database.parent.glob("db.sqlite3*"):
        path.unlink()
    database.mkdir()
    done = own.cli("aula", "--segundo-plano", "--sem-navegador")
    database.rmdir()
    assert done.returncode == 3
    assert "Hub de treino" in done.stderr
    assert "lab registros hub" in done.stderr
    assert own.cli("status").returncode == 3, "half a lab is not left running"
