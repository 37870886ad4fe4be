"""JupyterLab as the learner meets it: Portuguese, its own folder, behind a token, in the lab."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from tests.conftest import running
from tests.real_lab import Lab


@pytest.fixture(scope="module")
def persons_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("casa")


@pytest.fixture(scope="module")
def lab(persons_home: Path) -> Iterator[Lab]:
    """Of a person who has nothing yet, and does nothing else meanwhile."""
    with running(HOME=str(persons_home)) as own:
        yield own


def get(lab: Lab, path: str, token: str = "", method: str = "GET", body: bytes | None = None) -> Any:
    request = urllib.request.Request(lab.jupyter_url + path, method=method, data=body)  # noqa: S310
    if token:
        request.add_header("Authorization", f"token {token}")
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - an address of the lab
        return json.loads(response.read() or "null")


def test_without_the_token_nothing_is_shown(lab: Lab) -> None:
    for token in ("", "outro"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(lab, "/api/contents", token)
        assert refused.value.code == 403
        refused.value.close()


def test_lessons_and_exercises_are_there(lab: Lab) -> None:
    found = get(lab, "/api/contents/notebooks", lab.jupyter_token)
    assert "00-comece-aqui.ipynb" in {one["name"] for one in found["content"]}


def test_the_interface_speaks_portuguese_and_asks_nothing_of_the_internet(lab: Lab) -> None:
    settings = get(lab, "/lab/api/settings/@jupyterlab/translation-extension:plugin", lab.jupyter_token)
    assert settings["schema"]["properties"]["locale"]["default"] == "pt_BR"
    words = get(lab, "/lab/api/translations/pt_BR", lab.jupyter_token)
    assert words["data"], "the language pack is installed"
    news = get(lab, "/lab/api/settings/@jupyterlab/apputils-extension:notification", lab.jupyter_token)
    assert news["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert news["schema"]["properties"]["checkForUpdates"]["default"] is False


def test_the_token_is_in_no_command_line_and_no_log(lab: Lab) -> None:
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert lab.jupyter_token.encode() not in process.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
    for log in (lab.home / "logs").glob("*"):
        assert lab.jupyter_token not in log.read_text(encoding="utf-8", errors="replace")


def test_a_cell_reaches_the_practice_hub_and_the_engine(lab: Lab) -> None:
    kernel = get(lab, "/api/kernels", lab.jupyter_token, "POST", b"{}")
    connection = lab.home / "jupyter" / "runtime" / f"kernel-{kernel['id']}.json"
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.hb_channel.time_to_dead = 60.0  # on a busy machine a heartbeat may take more than its one second
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        said: list[str] = []
        client.execute_interactive(
            "!docker images -q docker-is-cool && curl -sS https://hub.docker.com/saude && which lab python",
            timeout=60,
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )
    finally:
        client.stop_channels()
        get(lab, f"/api/kernels/{kernel['id']}", lab.jupyter_token, "DELETE")
    text = "".join(said)
    assert '{"status": "ok"}' in text
    assert len(text.split()[0]) == 12
    assert "/bin/lab" in text


def test_a_terminal_begins_among_the_learners_files(lab: Lab) -> None:
    get(lab, "/api/terminals", lab.jupyter_token, "POST", b"{}")
    found = lab.run(["sh", "-c", "readlink /proc/$(pgrep -f 'bash --rcfile' | head -n 1)/cwd"])
    assert found.stdout.strip() == str(lab.work), found.stderr


def test_nothing_is_written_in_the_persons_home(lab: Lab, persons_home: Path) -> None:
    told = lab.run(["sh", "-c", "echo $HOME && docker run --rm docker-is-cool"])
    assert (told.returncode, told.stdout.split()[0]) == (0, str(persons_home)), told.stderr
    assert list(persons_home.iterdir()) == []
