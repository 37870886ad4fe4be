"""Names and addresses: where Docker's names lead inside a lab, and what happens when one is taken."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from lab import addresses
from lab.errors import BadState
from lab.state import Lab

LAB = Lab("cafe0123", "127.40.1.2", "127.40.1.3", 21001, 21002)
SYSTEM = "127.0.0.1 localhost\n10.0.0.7 hub.docker.com\n"


def test_the_practice_names_come_before_the_machines_own() -> None:
    lines = addresses.hosts_text(LAB, SYSTEM).splitlines()
    assert lines[0] == "# dockerhub-na-pratica cafe0123"
    assert "127.40.1.2 registry-1.docker.io" in lines
    assert lines.index("127.40.1.3 hub.docker.com") < lines.index("10.0.0.7 hub.docker.com")
    assert "127.0.0.1 localhost" in lines


def test_a_process_knows_in_which_lab_it_is(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text(addresses.hosts_text(LAB, SYSTEM), encoding="utf-8")
    assert addresses.lab_here(hosts) == "cafe0123"
    hosts.write_text(SYSTEM, encoding="utf-8")
    assert addresses.lab_here(hosts) is None
    assert addresses.lab_here(tmp_path / "nada") is None


@pytest.mark.parametrize(
    ("system", "ours"),
    [
        ("hosts: files dns\n", "hosts: files dns\n"),
        ("hosts:      mymachines resolve [!UNAVAIL=return] files myhostname dns\n",
         "hosts: files mymachines resolve [!UNAVAIL=return] myhostname dns\n"),
        ("passwd: files\nhosts: dns files [NOTFOUND=return]\n", "passwd: files\nhosts: files dns\n"),
    ],
)  # fmt: skip
def test_the_hosts_file_is_asked_first_on_every_system(system: str, ours: str) -> None:
    assert addresses.nsswitch_text(system) == ours


def test_what_is_free_is_kept() -> None:
    lab = addresses.new_lab("treino")
    assert addresses.renew(lab) == (lab, ())


def test_a_port_taken_meanwhile_is_named_and_chosen_anew() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        lab, notes = addresses.renew(replace(addresses.new_lab("treino"), hub_port=taken))
    assert lab.hub_port != taken
    assert len(notes) == 1
    assert str(taken) in notes[0]
    assert str(lab.hub_port) in notes[0]


def test_an_address_taken_meanwhile_is_named_and_chosen_anew() -> None:
    kept = addresses.new_lab("treino")
    with socket.socket() as other:
        other.bind((kept.hub_address, addresses.TLS_PORT))
        other.listen()
        lab, notes = addresses.renew(kept)
    assert lab.registry_address != kept.registry_address
    assert len(notes) == 1
    assert kept.hub_address in notes[0]


def test_a_port_that_somebody_will_listen_at_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub binds first and listens when it has loaded; until then both could bind, and one would fail."""
    free = addresses.free_port()
    with socket.socket() as loading:
        loading.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        loading.bind(("127.0.0.1", 0))
        drawn = iter([loading.getsockname()[1], free])
        monkeypatch.setattr("random.randrange", lambda *_: next(drawn))
        assert addresses.free_port() == free


def test_the_hub_and_jupyterlab_never_share_a_port() -> None:
    kept = replace(addresses.new_lab("treino"), hub_port=21001, jupyter_port=21001)
    lab, notes = addresses.renew(kept)
    assert lab.hub_port != lab.jupyter_port
    assert len(notes) >= 1


def test_a_port_taken_on_every_address_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "can_bind", lambda address, port, **_: port != addresses.TLS_PORT)
    with pytest.raises(BadState, match="443"):
        addresses.new_lab("treino")


def test_with_the_real_hub_no_address_is_needed() -> None:
    lab = addresses.new_lab("real")
    assert lab.registry_address == lab.hub_address == ""
    assert lab.hub_url == "https://hub.docker.com"
