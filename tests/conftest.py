"""What every test may ask for: `lab`, a real lab, started once."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.facts import ABSENT
from tests.real_lab import Lab
from tests.stores import CONTAINERD, ENGINE

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("course", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("course")


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Tests share it: each makes a Docker ID of its own (`lab.newcomer()`), and leaves it running."""
    with running() as shared:
        yield shared


@pytest.fixture(scope="session")
def newer() -> Iterator[Lab]:
    """Another that tests share: the newer engine, which keeps images in containerd, with buildx."""
    assert ENGINE.is_dir(), f"{ENGINE} não existe: rode setup/newer-engine.sh {ENGINE}"
    with running(**CONTAINERD) as shared:
        plugins = shared.home / "docker" / "cli-plugins"
        plugins.mkdir(parents=True, exist_ok=True)
        (plugins / "docker-buildx").symlink_to(ENGINE / "usr" / "libexec/docker/cli-plugins/docker-buildx")
        yield shared


@contextmanager
def running(**chosen: str) -> Iterator[Lab]:
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:  # short: sockets have to fit
        lab = Lab(Path(folder) / "lab", Path(folder) / "trabalho", tuple(chosen.items()))
        try:
            lab.start()
            yield lab
        finally:
            lab.cli("limpar")


@pytest.fixture(scope="session", autouse=True)
def _own_jupyter_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Kernels that tests start outside of a lab write nothing in the person's home."""
    folder = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            environment.setenv(name, str(folder / name.lower()))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """`-m "not lab"` leaves out every test that asks for a lab, without a mark in each.

    Workers (`-n 2`) begin with what takes long: the whole course, then whatever needs a lab.
    """
    for item in items:
        if isinstance(item, pytest.Function) and {"lab", "newer"} & set(item.fixturenames):
            item.add_marker(pytest.mark.lab)
    yield
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("notebooks", "lab")])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration a skipped test is not a passed one: green has to mean tested.

    But for want of what is never in the repository (tests/facts.py): no clone could be green.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("CI") or session.exitstatus != pytest.ExitCode.OK:
        return
    skipped = sum(ABSENT not in str(one.longrepr) for one in reporter.stats.get("skipped", ()))
    if skipped:
        reporter.write_line(f"{skipped} skipped: not accepted in continuous integration", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
