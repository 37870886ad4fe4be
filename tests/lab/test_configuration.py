"""What the lab writes for engine, registry, supervisor and Jupyter to read."""

import json
import shlex
from configparser import RawConfigParser
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from lab import engine, jupyter, registry, services, state, supervisor, tools
from lab.identity import Person, learner
from lab.paths import Home
from lab.supervisor import Program

LAB = state.Lab("cafe0123", "127.40.1.2", "127.40.1.3", 21001, 21002)
ANA = Person(1000, 1001, "ana", Path("/home/ana"), "/bin/bash")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "pasta da Ana")
    state.prepare(home)
    return home


@pytest.mark.parametrize(("version", "needed"), [((20, 10, 24), True), ((24, 0), False), ((28, 5, 2), False)])
def test_only_an_old_engine_is_told_where_its_key_goes(
    home: Home, version: tuple[int, ...], needed: bool
) -> None:
    assert ("deprecated-key-path" in engine.daemon_json(home, version)) is needed


@pytest.mark.parametrize(("store", "features"), [("containerd", True), ("classic", False), ("", None)])
def test_the_image_store_is_chosen_by_a_variable(
    home: Home, store: str, features: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_ENGINE_STORE", store)
    wanted = None if features is None else {"containerd-snapshotter": features}
    assert engine.daemon_json(home, (28, 5)).get("features") == wanted


def test_the_engine_touches_nothing_of_another(home: Home) -> None:
    flags = engine.dockerd_command(home, LAB, ANA, "/usr/sbin/dockerd")
    assert f"--data-root={home / 'engine' / 'docker'}" in flags
    assert f"--host=unix://{home.engine_socket}" in flags
    assert "--group=1001" in flags
    assert {"--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false"} <= set(flags)
    assert "/opt" not in engine.containerd_toml(home)


def test_the_registry_sends_its_events_with_the_secret(home: Home) -> None:
    registry.prepare(home, LAB)
    path = registry.config_path(home)
    endpoint = json.loads(path.read_text(encoding="utf-8"))["notifications"]["endpoints"][0]
    secret = home.secret("notifications").read_text(encoding="utf-8").strip()
    assert endpoint["url"] == "http://127.40.1.3:8000/registry/notifications"
    assert endpoint["headers"] == {"Authorization": [f"Bearer {secret}"]}
    assert path.stat().st_mode & 0o077 == 0


def test_the_supervisor_reads_back_what_was_written(home: Home) -> None:
    """Spaces, quotes and per cent signs survive its parser, its quoting and its expansions."""
    command = ["/bin/echo", "100% 'dela'", f"{home.root}/a b"]
    program = Program("hub", command, {"HUB_DATA_DIR": str(home / "hub"), "X": 'a "b",c=%d \\ e'})
    supervisor.prepare(home, learner(), [program])
    options = ServerOptions()
    options.realize(["-n", "-c", str(home.run / "supervisord.conf")])
    found = options.process_group_configs[0].process_configs[0]
    assert shlex.split(found.command) == command
    assert found.environment == program.environment
    assert found.stdout_logfile == str(home.log("hub"))


def test_no_secret_is_written_where_others_read(home: Home) -> None:
    supervisor.prepare(home, ANA, [Program("hub", ["true"], services.hub_environment(home, LAB))])
    jupyter.prepare(home, LAB, as_root=False)
    written = [path for path in home.root.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    text = "".join(path.read_text(encoding="utf-8") for path in written)
    for name in state.SECRETS:
        assert home.secret(name).read_text(encoding="utf-8").strip() not in text


def test_all_but_the_engine_run_as_the_learner(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.tools.require", lambda tool: tool.names[0])
    programs = {program.name: list(program.command) for program in services.programs(home, LAB, ANA)}
    assert set(programs) == {service.name for service in services.SERVICES}
    for name, command in programs.items():
        assert ("--reuid=1000" in command) is (name not in {"engine", "containerd"})
        assert ("--ambient-caps=+net_bind_service" in command) is (name in {"gate", "hub"})


def test_root_is_not_dropped_to_when_the_learner_is_root() -> None:
    assert services.drop_to(Person(0, 0, "root", Path("/root"), "/bin/bash")) == []


def test_jupyter_is_in_portuguese_and_only_on_loopback(home: Home) -> None:
    jupyter.prepare(home, LAB, as_root=False)
    config = home / "jupyter" / "config"
    server = json.loads((config / "jupyter_server_config.json").read_text(encoding="utf-8"))
    assert (server["ServerApp"]["ip"], server["ServerApp"]["port"]) == ("127.0.0.1", 21002)
    assert server["ServerApp"]["allow_root"] is False
    overrides = (config / "labconfig" / "default_setting_overrides.json").read_text(encoding="utf-8")
    assert json.loads(overrides)["@jupyterlab/translation-extension:plugin"] == {"locale": "pt_BR"}


def test_the_supervisors_file_has_a_section_for_each_service(home: Home) -> None:
    supervisor.prepare(home, ANA, [Program("hub", ["true"]), Program("inbox", ["true"])])
    parser = RawConfigParser()
    parser.read(home.run / "supervisord.conf", encoding="utf-8")
    assert {"program:hub", "program:inbox"} < set(parser.sections())
    assert parser["unix_http_server"]["chown"] == "1000:1001"


def test_an_engine_tells_its_version_once_and_again_when_it_is_another(tmp_path: Path) -> None:
    program, asked, note = tmp_path / "dockerd", tmp_path / "asked", tmp_path / "note.json"

    def install(version: str) -> None:
        program.write_text(f"#!/bin/sh\necho x >> '{asked}'\necho 'version {version}'\n", encoding="ascii")
        program.chmod(0o755)

    install("20.10.24")
    assert tools.version_kept(str(program), note) == tools.version_kept(str(program), note) == (20, 10, 24)
    assert asked.read_text(encoding="ascii") == "x\n"
    install("28.5.2")
    assert tools.version_kept(str(program), note) == (28, 5, 2)
    note.write_text("cut sho", encoding="ascii")
    assert tools.version_kept(str(program), note) == (28, 5, 2)
