"""What `lab status` shows in a terminal."""

import pytest

from lab import screen
from lab.status import ServiceStatus, Status


def test_an_address_in_the_status_is_never_cut(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "unix:///tmp/uma-pasta-de-nome-comprido/outra-dentro-dela/lab/run/docker.sock"
    engine = ServiceStatus("engine", "Motor do Docker", "up", address, "20.10.24+dfsg1", 123456)
    monkeypatch.setenv("COLUMNS", "80")
    screen.status(Status("cafe0123", "treino", "/lab", True, "classic", (engine,)))
    line = next(line for line in capsys.readouterr().out.splitlines() if "Motor do Docker" in line)
    assert "✔ ligado" in line
    assert line.rstrip().endswith(address)
