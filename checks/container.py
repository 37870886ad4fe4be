"""Runs an image of the learner's in their own engine, once and within bounds, to see what it does.

No network, no way to more rights, half a GB of memory, one processor, SECONDS of time, OUTPUT bytes of
output, and nothing is left: neither the container nor what it wrote. Its files can only be read; an image
that has to write gets a second try in which it can. It knows nothing of how an engine is reached
(checks.engine does).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import requests

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

SECONDS: Final = 10
OUTPUT: Final = 64 * 1024
_LABEL: Final = "dockerhub-na-pratica.container"
_STALE: Final = 60.0  # a container of a check this old was left by one that was stopped half-way
_MEMORY: Final = "512m"
_READ_ONLY = b"read-only file system"


@dataclass(frozen=True)
class Ran:
    """`exit_code` is None when it did not end by itself; `problem` is why it could not even start."""

    output: str = ""
    exit_code: int | None = None
    problem: str = ""


def run(client: DockerClient, image: str) -> Ran:
    """Runs it; raises requests' HTTPError for what is the engine's fault and not the image's."""
    _sweep(client)
    end = time.monotonic() + SECONDS
    limits = _limits(client.info())
    ran = _run(client, image, end, {**limits, "read_only": True, "tmpfs": {"/tmp": "size=16m"}})  # noqa: S108
    if ran.exit_code and _READ_ONLY in ran.output.lower().encode():
        return _run(client, image, end, limits)
    return ran


def _limits(about: Mapping[str, Any]) -> dict[str, Any]:
    """Those that this engine knows: it refuses the others, and some kernels lack some."""
    limits: dict[str, Any] = {
        "network_mode": "none",
        "security_opt": ["no-new-privileges"],
        # What it writes goes to a file that never grows larger than this: the beginning is dropped.
        "log_config": {"type": "json-file", "config": {"max-size": "4m", "max-file": "1"}},
    }
    if about.get("MemoryLimit"):
        limits["mem_limit"] = _MEMORY
    if about.get("MemoryLimit") and about.get("SwapLimit"):
        limits["memswap_limit"] = _MEMORY
    if about.get("PidsLimit"):
        limits["pids_limit"] = 128
    if about.get("CpuCfsQuota"):
        limits["nano_cpus"] = 1_000_000_000
    return limits


def _run(client: DockerClient, image: str, end: float, limits: Mapping[str, Any]) -> Ran:
    try:
        with _created(client, image, limits) as container:
            return _watched(container, end)
    except requests.HTTPError as error:
        if error.response is None or error.response.status_code >= 500:
            raise
        said = str(getattr(error, "explanation", None) or error)
        # What the runtime says is wrapped in whom it was said to.
        return Ran(problem=said.rpartition("container process: ")[2].removesuffix(": unknown"))


@contextmanager
def _created(client: DockerClient, image: str, limits: Mapping[str, Any]) -> Iterator[Container]:
    container = client.containers.create(image, labels={_LABEL: str(int(time.time()))}, **limits)
    try:
        yield container
    finally:
        container.remove(force=True, v=True)


def _watched(container: Container, end: float) -> Ran:
    """Starts it, waits until it ends or its time does, and reads what it wrote."""
    container.start()
    try:
        code = int(container.wait(timeout=max(0.1, end - time.monotonic()))["StatusCode"])
    except (requests.Timeout, requests.ConnectionError):  # how the SDK says that the time is up
        with suppress(requests.HTTPError):  # it ends at this very moment
            container.kill()
        return Ran(_written(container))
    return Ran(_written(container), code)


def _written(container: Container) -> str:
    """The end of it, when it is long."""
    return container.logs()[-OUTPUT:].decode(errors="replace")


def _sweep(client: DockerClient) -> None:
    for old in client.containers.list(all=True, filters={"label": _LABEL}):
        began = old.labels.get(_LABEL, "")
        if began.isdecimal() and time.time() - int(began) > _STALE:
            with suppress(requests.HTTPError):  # somebody else takes it away at this moment
                old.remove(force=True, v=True)
