"""The chapter's image, docker-is-cool: made here, byte for byte the same each time, and loaded in an engine.

An engine that builds puts the hour of the build in it, so that no two builds are the same image.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import docker
import requests
from docker.errors import DockerException

from lab import static_program
from lab.errors import ServiceFailed
from lab.paths import course_home

NAME = "docker-is-cool:latest"
PATIENCE = 120
_CREATED = "2026-01-01T00:00:00Z"
_MOMENT = 1_767_225_600  # the same, in seconds
_COMMAND = ["/bin/busybox", "sh", "/ola.sh"]
_LABELS = {
    "org.opencontainers.image.title": "docker-is-cool",
    "org.opencontainers.image.description": "A imagem do capítulo sobre o Docker Hub",
}
_ENVIRONMENT = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
Layer = Mapping[str, bytes]  # what is in each file, by its path


def load(engine: str | None = None) -> None:
    """Give the image to the engine at this address, or to docker's usual one, whatever had its name there.

    Raises ServiceFailed when that engine cannot take it, MissingProgram when it cannot be made.
    """
    try:
        with closing(docker.DockerClient(base_url=engine, timeout=PATIENCE)) as client:
            client.images.load(archive(str(client.version()["Arch"])))
    except (DockerException, requests.RequestException) as error:
        raise ServiceFailed(
            f"O motor não recebeu a imagem {NAME}: {error}. Veja com `docker version` se ele está ligado; "
            "o do laboratório conta o que houve em `lab registros engine`."
        ) from error


def archive(architecture: str) -> bytes:
    """What `docker save` would write of it, in the form that every engine can load."""
    steps = _steps(course_home() / "image", static_program.obtain(static_program.BUSYBOX))
    layers = [_tar(files, _folders(files)) for files in steps.values()]
    history = [{"created": _CREATED, "created_by": step} for step in steps]
    last = {"created": _CREATED, "created_by": f"CMD {json.dumps(_COMMAND)}", "empty_layer": True}
    config = {
        "architecture": architecture,
        "os": "linux",
        "created": _CREATED,
        "config": {"Env": _ENVIRONMENT, "Cmd": _COMMAND, "Labels": _LABELS},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{_sha256(layer)}" for layer in layers]},
        "history": [*history, last],
    }
    described = _json(config)
    names = [f"{_sha256(layer)}/layer.tar" for layer in layers]
    listed = [{"Config": f"{_sha256(described)}.json", "RepoTags": [NAME], "Layers": names}]
    blobs = dict(zip(names, (gzip.compress(layer, mtime=0) for layer in layers), strict=True))
    return _tar({**blobs, f"{_sha256(described)}.json": described, "manifest.json": _json(listed)})


def _steps(folder: Path, busybox: Path) -> Mapping[str, Layer]:
    """What each layer brings, by the line of a Dockerfile that would bring it."""
    site = {f"site/{path.name}": path.read_bytes() for path in sorted((folder / "site").iterdir())}
    return {
        "COPY busybox /bin/busybox": {"bin/busybox": busybox.read_bytes()},
        "COPY site /site": site,
        "COPY ola.sh /ola.sh": {"ola.sh": (folder / "ola.sh").read_bytes()},
    }


def _folders(files: Layer) -> list[str]:
    return sorted({path.rpartition("/")[0] for path in files} - {""})


def _tar(files: Layer, folders: Iterable[str] = ()) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in folders:
            info = tarfile.TarInfo(name)
            info.type, info.mtime, info.mode = tarfile.DIRTYPE, _MOMENT, 0o755
            tar.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(data), _MOMENT, 0o755 if _is_program(name) else 0o644
            tar.addfile(info, io.BytesIO(data))
    return target.getvalue()


def _is_program(name: str) -> bool:
    return name.startswith("bin/") or name.endswith(".sh")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8")
