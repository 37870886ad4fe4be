"""Facts from the learner's Docker Engine, on either image store; the only file that imports docker.

Platform, rootfs.diff_ids and the run configuration come from `inspect`, which gives them on the
classic store and on the containerd store alike; the ID is kept apart because it means another
thing on each (digest of the configuration, digest of the index or manifest).

History comes from the recorder's file first, then from the engine's own memory of its last 256
events, which a restart of the engine wipes out. How its events look on real engines, and that the
classic store does not say which name an `untag` took off, is told in checks.events.
"""

import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from typing import Any, cast

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound, InvalidConfigFile

from checks import events
from checks.errors import BadReference, EngineOff, LoginUnreadable, StrangeAnswer, TooSlow
from checks.image import Event, History, Image, LocalImage, LocalNames, Platform
from checks.login import config_file
from checks.place import is_practice, lab_home
from checks.reference import Reference, parse

_PATIENCE = 10
_NAME = "O Docker Engine"
# For the one question that every engine answers whatever version it is asked in.
_ANY_VERSION = "1.40"


def local_image(reference: Reference) -> LocalImage:
    """What the engine has under a name."""
    with _engine() as client:
        try:
            # The full name: a short one such as `cafe` could also be the beginning of an ID.
            found = client.images.get(str(reference)).attrs
        except ImageNotFound:
            return LocalImage(reference, None)
    try:
        return LocalImage(reference, Image.from_config(_config(found)), str(found.get("Id", "")))
    except ValueError as error:
        raise StrangeAnswer(_NAME, f"a descrição de `{reference.familiar}` não faz sentido") from error


def local_names() -> LocalNames:
    """Every name in the engine, and what it runs by itself."""
    with _engine() as client:
        names = sorted(_present(client))
        about = client.version(api_version=False)
    platform = Platform.parse(f"{about.get('Os', '')}/{about.get('Arch', '')}")
    return LocalNames(tuple(_readable(names)), platform if platform.architecture else None)


def _readable(names: Iterable[str]) -> Iterator[Reference]:
    """An engine can show what is no name, as `<none>:<none>`."""
    for name in names:
        with suppress(BadReference):
            yield parse(name)


def history() -> History:
    """The image events of the recorder and of the engine, oldest first."""
    home = lab_home()
    recorded = events.recorded(home / "events.jsonl") if home else ()
    with _engine() as client:
        remembered = list(_remembered(client))
        present = _present(client)
    return History(events.with_names(events.merge(recorded, remembered), present))


def _config(inspected: Mapping[str, Any]) -> dict[str, Any]:
    """What `inspect` says, in the words of an image configuration."""
    layers = (inspected.get("RootFS") or {}).get("Layers")
    return {
        "os": inspected.get("Os"),
        "architecture": inspected.get("Architecture"),
        "variant": inspected.get("Variant"),
        "rootfs": {"diff_ids": layers},
        "config": inspected.get("Config"),
    }


def _remembered(client: docker.DockerClient) -> Iterator[Event]:
    # By the engine's own clock: one in a virtual machine may differ from ours by seconds.
    until = datetime.fromisoformat(client.info()["SystemTime"]).timestamp()
    stream = client.events(
        since=0,
        until=cast(int, f"{until:.6f}"),  # the engine takes fractions, the SDK's types do not
        filters={"type": "image"},
        decode=True,
    )
    for raw in stream:
        event = events.from_engine(raw)
        if event is not None:
            yield event


def _present(client: docker.DockerClient) -> dict[str, str]:
    """Each name that is there now, with its ID."""
    return {name: image["Id"] for image in client.api.images() for name in image.get("RepoTags") or ()}


@contextmanager
def _engine() -> Iterator[docker.DockerClient]:
    """A connection; whatever goes wrong in it becomes a sentence that says how to mend it.

    The SDK can find the engine's API version by itself, but leaves connections open when that
    fails; asked in two steps, each client is closed whatever happens.
    """
    _knock()
    try:
        with closing(docker.from_env(version=_ANY_VERSION, timeout=_PATIENCE)) as asker:
            version = str(asker.version(api_version=False)["ApiVersion"])
        with closing(docker.from_env(version=version, timeout=_PATIENCE)) as client:
            yield client
    except requests.exceptions.Timeout as error:
        raise TooSlow("uma resposta do Docker Engine", _PATIENCE) from error
    except InvalidConfigFile as error:
        mend = "Corrija ou apague esse arquivo; o Docker precisa dele inteiro."
        raise LoginUnreadable(config_file(), "o conteúdo não está no formato do Docker", mend) from error
    except APIError as error:
        raise StrangeAnswer(_NAME, f"o pedido foi recusado ({error.explanation or error})") from error
    except (DockerException, requests.exceptions.RequestException) as error:
        raise EngineOff(_address(), _mend(str(error))) from error


def _knock() -> None:
    """Sees that somebody listens; the SDK leaves a socket open when nobody does."""
    kind, _, path = _address().partition("://")
    if kind != "unix" or "DOCKER_HOST" not in os.environ:
        return
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(_PATIENCE)
        try:
            door.connect(path)
        except OSError as error:
            raise EngineOff(_address(), _mend(repr(error))) from error


def _address() -> str:
    return os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"


def _mend(problem: str) -> str:
    if is_practice():
        return "Veja com `lab status` o que está no ar e ligue o laboratório com `lab aula`."
    if "Permission denied" in problem or "PermissionError" in problem:
        return (
            "Você não tem permissão de falar com ele: entre no grupo dele com "
            "`sudo usermod -aG docker $USER`, saia da sua sessão e entre de novo."
        )
    return "Ligue-o: abra o Docker Desktop ou, no Linux, rode `sudo systemctl start docker`."
