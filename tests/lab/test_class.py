"""A class on one server: a lab that serves, another that joins it, and the bridge between them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lab import bridge, enrolment, school, services, state
from lab.addresses import free_port
from lab.errors import BadState, ServiceFailed, UsageError
from lab.paths import Home
from lab.state import Lab as Settings
from tests.real_lab import Lab, class_port

PASSWORD = "uma-senha-bem-longa"
OWN = Settings("id", "127.20.0.2", "127.20.0.3", 20_001, 20_002)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("10.0.0.5", "10.0.0.5:8443"),
        (" servidor.escola.br:9000 ", "servidor.escola.br:9000"),
        ("sala-2", "sala-2:8443"),
    ],
)
def test_a_server_is_named_by_address_and_port(typed: str, told: str) -> None:
    server = school.parse(typed)
    assert str(server) == told
    assert (server.registry[1], server.pages[1]) == (server.port + 1, server.port + 2)


@pytest.mark.parametrize(
    "typed", ["", "http://10.0.0.5", "10.0.0.5:", "10.0.0.5:0", "10.0.0.5:65534", "a b", "ção"]
)
def test_what_names_no_server_is_refused_in_words(typed: str) -> None:
    with pytest.raises(UsageError, match="não é o endereço de um servidor"):
        school.parse(typed)


def test_each_lab_runs_what_it_needs() -> None:
    own = {one.name for one in services.of(OWN)}
    assert "bridge" not in own
    serving = Settings(**{**OWN.__dict__, "public": "127.0.0.1:28443"})
    assert {one.name for one in services.of(serving)} == own
    joined = Settings(**{**OWN.__dict__, "server": "10.0.0.5:8443"})
    elsewhere = {"hub", "registry", "gate", "inbox"}
    assert {one.name for one in services.of(joined)} == own - elsewhere | {"bridge"}
    assert school.bridge_command(joined)[-2:] == [
        "127.20.0.3:443=10.0.0.5:8443",
        "127.20.0.2:443=10.0.0.5:8444",
    ]


def test_a_lab_kept_by_an_older_course_keeps_its_addresses(tmp_path: Path) -> None:
    home = Home(tmp_path)
    old = {
        key: OWN.__dict__[key]
        for key in ("id", "registry_address", "hub_address", "hub_port", "jupyter_port")
    }
    (tmp_path / "lab.json").write_text(json.dumps({**old, "mode": "treino"}), encoding="utf-8")
    assert state.load(home) == OWN


def test_ports_of_somebody_else_are_told_before_anything_stops(tmp_path: Path) -> None:
    port = class_port()

    async def taken() -> None:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", port + 1)
        async with server:
            with pytest.raises(BadState, match=f"A porta {port + 1} já está em uso"):
                enrolment.open_to_class(Home(tmp_path / "lab"), "127.0.0.1", port, "", "")

    asyncio.run(taken())
    assert state.load(Home(tmp_path / "lab")) is None


def test_only_the_servers_own_certificate_is_taken(tmp_path: Path) -> None:
    home = Home(tmp_path / "lab")
    (tmp_path / "ca.pem").write_text("isto não é um certificado", encoding="utf-8")
    with pytest.raises(UsageError, match="não é um certificado"):
        enrolment.join(home, "127.0.0.1", str(tmp_path / "ca.pem"))
    with pytest.raises(UsageError, match="Não consegui ler"):
        enrolment.join(home, "127.0.0.1", str(tmp_path / "outro.pem"))
    nobody = f"127.0.0.1:{free_port()}"
    with pytest.raises(ServiceFailed, match=rf"\({nobody}\) não respondeu"):
        enrolment.join(home, nobody, "sha256:" + "0" * 64)


@pytest.mark.parametrize("typed", ["999.1.1.1", "10.5", "0.0.0.0", "224.0.0.1", "nao-existe.invalid"])  # noqa: S104
def test_an_address_that_leads_nowhere_opens_no_class(tmp_path: Path, typed: str) -> None:
    with pytest.raises(UsageError, match=r"não leva a lugar nenhum\. Os endereços dela na rede: "):
        enrolment.open_to_class(Home(tmp_path / "lab"), typed, 8443, "", "")
    assert state.load(Home(tmp_path / "lab")) is None


@pytest.mark.parametrize(
    ("public", "said"),
    [
        ("127.0.0.1:8443", "só serve nesta máquina"),
        ("localhost:8443", "só serve nesta máquina"),
        ("203.0.113.9:8443", "não é um endereço desta máquina"),  # perhaps a router's, that leads here
        ("sala.escola.br:8443", ""),
    ],
)
def test_an_address_that_may_not_lead_here_is_told(public: str, said: str) -> None:
    doubt = enrolment.doubt(replace(OWN, public=public))
    assert said in doubt
    assert bool(doubt) is bool(said)


def test_no_class_is_neither_left_nor_closed(tmp_path: Path) -> None:
    home = Home(tmp_path / "lab")
    assert not enrolment.leave(home)
    assert not enrolment.close_to_class(home)
    assert not home.root.exists()


# ---------------------------------------------------------------- the bridge alone


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says all of it back once the other side has ended."""
    writer.write(await reader.read())
    writer.close()


def test_the_bridge_passes_every_byte_and_the_end_of_each_side() -> None:
    sent = bytes(range(256)) * 20_000

    async def across() -> bytes:
        here, there = ("127.0.0.1", free_port()), ("127.0.0.1", free_port())
        async with await asyncio.start_server(echo, *there):
            passing = asyncio.create_task(bridge.serve([(here, there)]))
            reader, writer = await connected(here)
            writer.write(sent)
            writer.write_eof()
            received = await reader.read()
            writer.close()
            passing.cancel()
            return received

    assert asyncio.run(across()) == sent


def test_a_bridge_to_nobody_ends_the_connection() -> None:
    async def across() -> bytes:
        here = ("127.0.0.1", free_port())
        passing = asyncio.create_task(bridge.serve([(here, ("127.0.0.1", free_port()))]))
        reader, writer = await connected(here)
        received = await reader.read()
        writer.close()
        passing.cancel()
        return received

    assert asyncio.run(across()) == b""


async def connected(here: tuple[str, int]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(10):
        while True:
            try:
                return await asyncio.open_connection(*here)
            except ConnectionRefusedError:
                await asyncio.sleep(0.01)


# ---------------------------------------------------------------- two real labs


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("s")
    lab = Lab(folder / "lab", folder / "trabalho")
    done = lab.cli("turma", "abrir", "127.0.0.1", "--porta", str(class_port()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"turma entrar {lab.settings['public']} --ca sha256:" in done.stdout
    yield lab
    lab.cli("limpar")


@pytest.fixture(scope="module")
def joined(server: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("j")
    lab = Lab(folder / "lab", folder / "trabalho")
    done = lab.cli("turma", "entrar", server.settings["public"], "--ca", code(server))
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.settings["pages"] in done.stdout
    yield lab
    lab.cli("limpar")


def code(server: Lab) -> str:
    return enrolment.fingerprint((server.home / "ca" / "ca.pem").read_text(encoding="ascii"))


@pytest.mark.lab
def test_what_is_pushed_from_a_machine_of_the_class_is_on_the_server(server: Lab, joined: Lab) -> None:
    server.account("beatriz", PASSWORD)
    joined.login("beatriz", PASSWORD)
    joined.run(["docker", "tag", "docker-is-cool", "beatriz/docker-is-cool"])
    pushed = joined.run(["docker", "push", "beatriz/docker-is-cool"])
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    assert server.run(["docker", "pull", "beatriz/docker-is-cool"]).returncode == 0
    report = json.loads(joined.cli("verificar", "push", "--formato", "json").stdout)
    assert report["outcome"] == "passed", report


@pytest.mark.lab
def test_accounts_are_the_servers(server: Lab, joined: Lab) -> None:
    refused = joined.cli("conta", "carlos", text=f"{PASSWORD}\n")
    assert refused.returncode == 2
    assert server.settings["pages"] in refused.stderr


@pytest.mark.lab
def test_the_board_is_the_servers(joined: Lab) -> None:
    refused = joined.cli("turma", "placar", "--sem-navegador")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "faz parte da turma de" in refused.stderr


@pytest.mark.lab
def test_another_server_in_its_place_is_not_believed(server: Lab, joined: Lab, lab: Lab) -> None:
    """It has the address, and not the certificate."""
    refused = joined.cli(
        "turma", "entrar", server.settings["public"], "--ca", str(lab.home / "ca" / "ca.pem")
    )
    assert refused.returncode == 3
    assert "não é o servidor deste certificado" in refused.stderr
    again = joined.cli("turma", "entrar", server.settings["public"], "--ca", code(server))
    assert again.returncode == 0, again.stdout + again.stderr


@pytest.mark.lab
def test_a_server_that_is_off_is_told_at_once_and_left_by_a_verb(server: Lab, joined: Lab) -> None:
    server.cli("parar")
    joined.cli("parar")
    refused = joined.cli("aula", "--segundo-plano", "--sem-navegador", timeout=30)
    assert refused.returncode == 3
    assert "não respondeu" in refused.stderr
    assert "turma sair" in refused.stderr
    assert joined.cli("turma", "sair").returncode == 0
    joined.start()
    again = joined.cli("turma", "sair")
    assert (again.returncode, "nenhuma turma: nada mudou" in again.stdout) == (0, True), again.stdout
    assert joined.status()["all_up"]
    assert joined.run(["docker", "pull", "beatriz/docker-is-cool"]).returncode != 0, "its own hub has none"
    refused = joined.cli("turma", "abrir", "127.0.0.1", "--porta", str(class_port()))
    assert refused.returncode == 0, refused.stderr
    assert "só serve nesta máquina" in refused.stderr
    assert "A turma foi fechada" in joined.cli("turma", "fechar").stdout
    assert joined.settings["public"] == ""
    assert "nada a fechar" in joined.cli("turma", "fechar").stdout
