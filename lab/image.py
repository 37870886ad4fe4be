"""Builds the chapter's image, docker-is-cool, in the lab's engine."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import docker
import requests
from docker.errors import DockerException

from lab import static_program
from lab.errors import ServiceFailed
from lab.paths import Home, course_home

NAME = "docker-is-cool:latest"
PATIENCE = 120
# The same files give the same layers, on whatever day they are built.
_MOMENT = 1_480_000_000


def build(home: Home) -> None:
    client = docker.DockerClient(base_url=f"unix://{home.engine_socket}", timeout=PATIENCE)
    folder = course_home() / "image"
    try:
        client.images.build(
            fileobj=context(folder, static_program.obtain(static_program.BUSYBOX)),
            custom_context=True,
            tag=NAME,
            rm=True,
        )
    except (DockerException, requests.RequestException) as error:
        raise ServiceFailed(
            f"O motor não conseguiu montar a imagem {NAME} a partir de {folder}: {error}. "
            "Veja o que ele disse com `lab registros engine`."
        ) from error
    finally:
        client.close()


def context(folder: Path, program: Path) -> io.BytesIO:
    """The build's files as a tar: the folder of the course, with busybox added."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                _add(tar, path, path.relative_to(folder).as_posix(), executable=path.suffix == ".sh")
        _add(tar, program, "busybox", executable=True)
    archive.seek(0)
    return archive


def _add(tar: tarfile.TarFile, path: Path, name: str, *, executable: bool) -> None:
    data = path.read_bytes()
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), _MOMENT, 0o755 if executable else 0o644
    tar.addfile(info, io.BytesIO(data))
