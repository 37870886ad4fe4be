"""Facts from the learner's Docker Engine, on either image store; the only file that imports docker.

Platform, rootfs.diff_ids and the run configuration come from `inspect`, which gives them on the
classic store and on the containerd store alike; the ID is kept apart because it means another
thing on each (digest of the configuration, digest of the index or manifest).

History comes from the recorder's file first, then from the engine's own memory of its last 256
events, which a restart of the engine wipes out. How its events look on real engines, and that the
classic store does not say which name an `untag` took off, is told in checks.events.
"""

import os
import re
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Any, cast

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound, InvalidConfigFile

from checks import events, saved_image
from checks.container import SECONDS as CONTAINER_SECONDS
from checks.container import run as run_container
from checks.errors import BadReference, EngineOff, LoginUnreadable, OutOfReach, StrangeAnswer, TooSlow
from checks.image import Container, Event, History, Image, LocalImage, LocalLeaks, LocalNames, Platform
from checks.login import config_file, stored_credential
from checks.place import is_practice
from checks.reference import Reference, parse
from checks.saved_image import BadArchive
from checks.unpack import OutOfTime

_PATIENCE = 10
_PUSH_SILENCE = 120  # seconds from one message to the next, while a large layer is being written
_NAME = "O Docker Engine"
# For the one question that every engine answers whatever version it is asked in.
_ANY_VERSION = "1.40"
_VERSION = re.compile(r"[0-9]+\.[0-9]+", re.ASCII)


class Connection:
    """To the learner's engine: opened at the first question, then lent to one thread at a time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._client: docker.DockerClient | None = None
        self._trouble: OutOfReach | None = None
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[docker.DockerClient]:
        """After an engine did not answer, the others who want it hear so at once."""
        with self._turn:
            if self._trouble:
                raise self._trouble
            try:
                with _explained():
                    if self._client is None:
                        self._client = _open()
                    yield self._client
            except (EngineOff, TooSlow) as trouble:
                self._trouble = trouble
                raise
            finally:
                if self._closed:  # while this thread was still waiting for the engine
                    self.close()

    def close(self) -> None:
        """Waits for nobody."""
        self._closed = True
        if self._client is not None:
            self._client.close()


def local_image(reference: Reference, connection: Connection | None = None) -> LocalImage:
    """What the engine has under a name."""
    with _engine(connection) as client:
        try:
            # The full name: a short one such as `cafe` could also be the beginning of an ID.
            found = client.images.get(str(reference)).attrs
        except ImageNotFound:
            return LocalImage(reference, None)
    try:
        image = Image.from_config(_config(found), found.get("Size"))
        return LocalImage(reference, image, str(found.get("Id", "")))
    except ValueError as error:
        raise StrangeAnswer(_NAME, f"a descrição de `{reference.familiar}` não faz sentido") from error


def local_names(connection: Connection | None = None) -> LocalNames:
    """Every name in the engine, and what it runs by itself."""
    with _engine(connection) as client:
        names = sorted(_present(client))
        about = client.version(api_version=False)
    platform = Platform.parse(f"{about.get('Os', '')}/{about.get('Arch', '')}")
    return LocalNames(tuple(_readable(names)), platform if platform.architecture else None)


def _readable(names: Iterable[str]) -> Iterator[Reference]:
    """An engine can show what is no name, as `<none>:<none>`."""
    for name in names:
        with suppress(BadReference):
            yield parse(name)


def history(connection: Connection | None = None) -> History:
    """The image events of the recorder and of the engine, oldest first."""
    with _engine(connection) as client:
        remembered = list(_remembered(client))
        present = _present(client)
    return History(events.with_names(events.merge(events.of_this_lab(), remembered), present))


def container(reference: Reference) -> Container:
    """What comes of running an image; on a connection of its own, for it takes a while."""
    image = local_image(reference)
    if image.image is None:
        return Container(image)
    with _engine(None) as client:
        ran = run_container(client, str(reference))
    return Container(image, ran.output, ran.exit_code, ran.problem, CONTAINER_SECONDS)


def push(reference: Reference) -> Iterator[Mapping[str, Any]]:
    """Pushes to Docker Hub, with what `docker login` stored; yields the engine's account, message by message.

    A refusal is a message too, with `errorDetail`, as the engine sends it in the middle of the others.
    Raises LoginUnreadable, EngineOff or TooSlow.
    """
    stored = stored_credential()
    # Without any, the classic store still wants to hear so.
    credential = {"username": stored.username, "password": stored.secret} if stored else {}
    with _engine(None) as client:
        client.api.timeout = _PUSH_SILENCE
        try:
            yield from client.api.push(
                reference.familiar_name, tag=reference.tag, auth_config=credential, stream=True, decode=True
            )
        except APIError as error:
            yield {"errorDetail": {"message": error.explanation or str(error)}}
        except (requests.exceptions.Timeout, TimeoutError) as error:
            raise TooSlow("mais notícias do envio", _PUSH_SILENCE) from error


def local_leaks(reference: Reference) -> LocalLeaks:
    """The secrets in an image, as `docker save` gives it; TooSlow for one too large to be read in time."""
    image = local_image(reference)
    if image.image is None:
        return LocalLeaks(image)
    end = time.monotonic() + _PATIENCE
    with tempfile.TemporaryFile() as file:
        try:
            with _engine(None) as client:
                saved_image.save(client, str(reference), file, end)
            return LocalLeaks(image, *saved_image.leaks(file, end))
        except OutOfTime:
            raise TooSlow("a leitura das camadas da imagem", _PATIENCE) from None
        except BadArchive as error:
            raise StrangeAnswer(_NAME, "o que `docker save` escreveu não é uma imagem") from error


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
def _engine(connection: Connection | None) -> Iterator[docker.DockerClient]:
    """A shared connection, or one for this question alone."""
    if connection is not None:
        with connection.lent() as client:
            yield client
        return
    with closing(Connection()) as alone, alone.lent() as client:
        yield client


@contextmanager
def _explained() -> Iterator[None]:
    """Whatever goes wrong becomes a sentence that says how to mend it."""
    try:
        yield
    except (requests.exceptions.Timeout, TimeoutError) as error:
        raise TooSlow("uma resposta do Docker Engine", _PATIENCE) from error
    except InvalidConfigFile as error:
        mend = "Corrija ou apague esse arquivo; o Docker precisa dele inteiro."
        raise LoginUnreadable(config_file(), "o conteúdo não está no formato do Docker", mend) from error
    except APIError as error:
        raise StrangeAnswer(_NAME, f"o pedido foi recusado ({error.explanation or error})") from error
    except (DockerException, requests.exceptions.RequestException) as error:
        raise EngineOff(_address(), _mend(str(error))) from error


def _open() -> docker.DockerClient:
    """A client that speaks the engine's newest version, which no engine is too old or too new for.

    The SDK would ask /version, for which an engine may run several programs; /_ping tells it at once.
    """
    kind, _, path = _address().partition("://")
    version = _greet(path) if kind == "unix" and sys.platform != "win32" else None
    if version is None:
        # Closed whatever happens, as the SDK would not when it finds the version by itself.
        with closing(docker.from_env(version=_ANY_VERSION, timeout=_PATIENCE)) as asker:
            version = str(asker.version(api_version=False)["ApiVersion"])
    return docker.from_env(version=version, timeout=_PATIENCE)


def _greet(path: str) -> str | None:
    """Sees that somebody listens, for the SDK leaves a socket open when nobody does; their version."""
    with socket.socket(socket.AF_UNIX) as door, closing(HTTPConnection("localhost")) as line:
        door.settimeout(_PATIENCE)
        try:
            door.connect(path)
        except TimeoutError:
            raise
        except OSError as error:
            raise EngineOff(_address(), _mend(repr(error))) from error
        line.sock = door
        try:
            line.request("GET", "/_ping")
            told = line.getresponse().getheader("Api-Version", "")
        except TimeoutError:
            raise
        except (OSError, HTTPException):
            return None  # the SDK will say what is wrong with it
    return told if _VERSION.fullmatch(told) else None


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
