"""Kernels that are reached through files and not through ports.

A port that was free when Jupyter chose it may be taken before the kernel has loaded, by any connection of a
busy machine, and the kernel would end without a word. Also a pytest plugin: nbval has no setting for it.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import nbval.kernel
import pytest


@contextmanager
def sockets() -> Iterator[dict[str, str]]:
    """The settings of a KernelManager, while the folder of its sockets is there."""
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:  # short: a socket's path has to fit
        yield _settings(folder)


def pytest_configure(config: pytest.Config) -> None:
    """Each kernel of nbval has its sockets in a folder that goes away with the run."""
    folder = tempfile.mkdtemp(prefix="kernel-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    nbval.kernel.KernelManager = partial(nbval.kernel.KernelManager, **_settings(folder))


def _settings(folder: str) -> dict[str, str]:
    return {"transport": "ipc", "ip": f"{folder}/kernel"}
