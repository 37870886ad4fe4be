"""What every test may ask for: `lab`, a real lab, started once for the whole run."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_lab import Lab


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Tests share it: each makes a Docker ID of its own (`lab.newcomer()`), and leaves it running."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:  # short: sockets have to fit
        shared = Lab(Path(folder) / "lab", Path(folder) / "trabalho")
        try:
            shared.start()
            yield shared
        finally:
            shared.cli("limpar")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m "not lab"` leaves out every test that asks for the lab, without a mark in each."""
    for item in items:
        if isinstance(item, pytest.Function) and "lab" in item.fixturenames:
            item.add_marker(pytest.mark.lab)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration a skipped test is not a passed one: green has to mean tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("CI") or session.exitstatus != pytest.ExitCode.OK:
        return
    skipped = len(reporter.stats.get("skipped", ()))
    if skipped:
        reporter.write_line(f"{skipped} skipped: not accepted in continuous integration", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
