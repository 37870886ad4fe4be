"""Who is logged in to Docker Hub: what `docker login` stored, in its file or in a credential helper."""

import base64
import binascii
import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from checks.auth import Credential
from checks.errors import LoginUnreadable
from checks.image import Login, SignedWith

# The web login adds `<this>access-token` and `<this>refresh-token`; they are not the learner.
DOCKER_HUB_KEY: Final = "https://index.docker.io/v1/"
_HELPER_KEYS = (DOCKER_HUB_KEY, "index.docker.io", "docker.io")
_HELPER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_HELPER_SECONDS = 10
_SIZE_LIMIT = 1024 * 1024
# What a helper gives as a name when the secret is an OAuth token: it names nobody.
_NOBODY = "<token>"
_CHECK = "Corrija ou apague esse arquivo e entre de novo com `docker login -u SEU_DOCKER_ID`."


def current() -> Login:
    """Who is logged in, by the Docker ID or whatever name was typed, and with what. The secret stays here."""
    stored = _stored()
    if stored is None or not stored.secret:
        return Login(stored.username if stored else None)
    return Login(stored.username, SignedWith.TOKEN if stored.is_token else SignedWith.PASSWORD)


def current_docker_id() -> str | None:
    """The Docker ID (or whatever name was typed at the login); None when nobody is logged in."""
    return current().docker_id


def stored_credential() -> Credential | None:
    """What the registry can be asked with, as the learner."""
    stored = _stored()
    return stored if stored and stored.secret else None


def _stored() -> Credential | None:
    direct = os.environ.get("DOCKER_AUTH_CONFIG")
    if direct:
        found = _from_table(_parsed(direct, "DOCKER_AUTH_CONFIG"), "DOCKER_AUTH_CONFIG")
        if found:
            return found
    file = config_file()
    config = _read(file)
    helper = _helper(config)
    return _from_helper(helper) if helper else _from_table(config, file)


def config_file() -> Path:
    """Where `docker login` writes."""
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"


def _read(file: Path) -> Mapping[str, Any]:
    try:
        with file.open(encoding="utf-8") as stream:
            text = stream.read(_SIZE_LIMIT)
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise _malformed(file) from None
    except OSError as error:
        problem = error.strerror or str(error)
        raise LoginUnreadable(file, f"o sistema não deixou abrir ({problem})", _CHECK) from error
    return _parsed(text, file) if text.strip() else {}


def _parsed(text: str, where: Path | str) -> Mapping[str, Any]:
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        raise _malformed(where) from None
    if not isinstance(config, dict):
        raise _malformed(where)
    return config


def _helper(config: Mapping[str, Any]) -> str | None:
    """The helper that Docker would ask for this registry: its own, else the general one."""
    helpers = config.get("credHelpers")
    own = helpers if isinstance(helpers, dict) else {}
    name = next((own[key] for key in _HELPER_KEYS if own.get(key)), config.get("credsStore"))
    return name if isinstance(name, str) and name else None


def _from_table(config: Mapping[str, Any], where: Path | str) -> Credential | None:
    auths = config.get("auths")
    entry = auths.get(DOCKER_HUB_KEY) if isinstance(auths, dict) else None
    if not isinstance(entry, dict) or not entry:
        return None
    username, secret = entry.get("username"), entry.get("password")
    if entry.get("auth"):
        username, secret = _decoded(entry["auth"], where)
    return _credential(username, secret)


def _decoded(auth: object, where: Path | str) -> tuple[str, str]:
    try:
        pair = base64.b64decode(str(auth), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise _malformed(where) from None
    username, colon, secret = pair.partition(":")
    if not colon:
        raise _malformed(where)
    return username, secret.rstrip("\0")


def _from_helper(name: str) -> Credential | None:
    """Asks `docker-credential-NAME get`; address and secret travel by stdin and stdout alone."""
    program = f"docker-credential-{name}"
    mend = "Confira `credsStore` em config.json, ou entre de novo com `docker login -u SEU_DOCKER_ID`."
    if not _HELPER_NAME.fullmatch(name):
        raise LoginUnreadable("config.json", "o nome em `credsStore` não é de um programa", mend)
    try:
        asked = subprocess.run(
            [program, "get"],
            input=DOCKER_HUB_KEY.encode(),
            capture_output=True,
            timeout=_HELPER_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LoginUnreadable(program, f"ele não respondeu em {_HELPER_SECONDS} s", mend) from None
    except OSError:
        raise LoginUnreadable(program, "esse programa não está instalado ou não pode rodar", mend) from None
    if asked.returncode != 0:
        if b"not found" in asked.stdout + asked.stderr:
            return None
        raise LoginUnreadable(program, f"ele terminou com o código {asked.returncode}", mend)
    return _helper_answer(asked.stdout, program, mend)


def _helper_answer(stdout: bytes, program: str, mend: str) -> Credential | None:
    try:
        answer = json.loads(stdout[:_SIZE_LIMIT])
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise LoginUnreadable(program, "a resposta dele não é JSON", mend)
    return _credential(answer.get("Username"), answer.get("Secret"))


def _credential(username: object, secret: object) -> Credential | None:
    if not isinstance(username, str) or username in ("", _NOBODY):
        return None
    return Credential(username, secret if isinstance(secret, str) else "")


def _malformed(where: Path | str) -> LoginUnreadable:
    return LoginUnreadable(where, "o conteúdo não está no formato do Docker", _CHECK)
