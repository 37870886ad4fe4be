"""A few small images that the practice hub offers under library/, made of programs from Debian's packages.

They are kept as an OCI image layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md),
which the hub pushes to its registry. The same programs give the same digests on every machine.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import platform
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.errors import MissingProgram
from lab.paths import LIBRARY
from lab.state import write
from lab.static_program import BASH, BUSYBOX, obtain

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
_INDEX = "application/vnd.oci.image.index.v1+json"
_REFERENCE = "org.opencontainers.image.ref.name"
_DESCRIPTION = "org.opencontainers.image.description"
_CREATED = "2026-01-01T00:00:00Z"  # the same on every machine, so that digests are too
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_GREETING = """
Olá! Esta mensagem mostra que o Docker funciona aqui.

O que aconteceu para você a ler:
 1. O comando docker pediu ao motor (dockerd) um contêiner da imagem hello-world.
 2. O motor não tinha a imagem e a baixou do Docker Hub (aqui, do Hub de treino).
 3. O motor criou um contêiner com ela e rodou o programa que escreve isto.
 4. O motor mandou a saída ao comando docker, que a mostrou no seu terminal.

Agora tente algo maior: docker run -it busybox sh

"""


@dataclass(frozen=True)
class Official:
    """An image of one layer; `links` are names in /bin for one of its programs."""

    name: str
    tags: tuple[str, ...]
    description: str
    files: Mapping[str, bytes]
    links: Mapping[str, str]
    command: tuple[str, ...]


def prepare(folder: Path = LIBRARY) -> tuple[str, ...]:
    """Make the layout; the names of its images. Without busybox none can be made: MissingProgram."""
    made = tuple(_images())
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    manifests = [entry for image in made for entry in _add(blobs, image)]
    write(folder / "oci-layout", json.dumps({"imageLayoutVersion": "1.0.0"}))
    index = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": manifests}
    write(folder / "index.json", json.dumps(index, indent=2, ensure_ascii=False) + "\n")
    return tuple(image.name for image in made)


def _images() -> Iterator[Official]:
    program = obtain(BUSYBOX)
    busybox = program.read_bytes()
    applets = _asked(program, "--list").split()
    links = dict.fromkeys((name for name in applets if name != "busybox"), "busybox")
    base = {"bin/busybox": busybox, "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\n"}
    yield Official(
        "busybox",
        _tags(_asked(program)),
        "Ferramentas do Unix num programa só, bem pequeno.",
        base,
        links,
        ("sh",),
    )
    yield Official(
        "hello-world",
        ("latest",),
        "A menor das imagens: escreve uma mensagem e termina.",
        {"bin/busybox": busybox, "mensagem.txt": _GREETING.encode("utf-8")},
        {},
        ("/bin/busybox", "cat", "/mensagem.txt"),
    )
    try:
        bash = obtain(BASH)
    except MissingProgram:
        return  # the course does without it
    yield Official(
        "bash",
        _tags(_asked(bash, "--version")),
        "O interpretador de comandos mais comum do Linux, com as ferramentas do BusyBox.",
        {**base, "bin/bash": bash.read_bytes()},
        links,
        ("bash",),
    )


def _asked(program: Path, *arguments: str) -> str:
    return subprocess.run(
        [str(program), *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout


def _tags(said: str) -> tuple[str, ...]:
    """`1.35.0`, `1.35` and `latest` of a program that says it is v1.35.0."""
    found = re.search(r"\b(\d+\.\d+)\.(\d+)", said) or re.search(r"v(\d+\.\d+)\.(\d+)", said)
    return (f"{found[1]}.{found[2]}", found[1], "latest") if found else ("latest",)


def _add(blobs: Path, image: Official) -> Iterator[dict[str, Any]]:
    """Writes its blobs; gives the index's entry for each tag."""
    archive = _layer(image)
    layer = _blob(blobs, gzip.compress(archive, mtime=0), _LAYER)
    config = {
        "architecture": _ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": _CREATED,
        "config": {"Env": [_PATH], "Cmd": list(image.command), "Labels": {_DESCRIPTION: image.description}},
        "rootfs": {"type": "layers", "diff_ids": [_digest(archive)]},
        "history": [{"created": _CREATED, "created_by": "pacotes do Debian"}],
    }
    described = _blob(blobs, _json(config), _CONFIG)
    manifest = {"schemaVersion": 2, "mediaType": _MANIFEST, "config": described, "layers": [layer]}
    entry = _blob(blobs, _json(manifest), _MANIFEST)
    for tag in image.tags:
        notes = {_REFERENCE: f"{image.name}:{tag}", _DESCRIPTION: image.description}
        yield {**entry, "annotations": notes}


def _layer(image: Official) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for folder in ("bin", "etc", "root", "tmp"):
            info = tarfile.TarInfo(folder)
            info.type, info.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            tar.addfile(info)
        for name, data in sorted(image.files.items()):
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o755 if name.startswith("bin/") else 0o644
            tar.addfile(info, io.BytesIO(data))
        for name, program in sorted(image.links.items()):
            info = tarfile.TarInfo(f"bin/{name}")
            info.type, info.linkname, info.mode = tarfile.SYMTYPE, program, 0o777
            tar.addfile(info)
    return target.getvalue()


def _blob(blobs: Path, data: bytes, media_type: str) -> dict[str, Any]:
    digest = _digest(data)
    path = blobs / digest.removeprefix("sha256:")
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.write_bytes(data)
        draft.replace(path)
    return {"mediaType": media_type, "digest": digest, "size": len(data)}


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8")
