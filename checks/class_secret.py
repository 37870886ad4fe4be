"""The secret of the class, from the lab or from where the teacher keeps it, and the marks made of it."""

from __future__ import annotations

from checks import place
from checks.errors import NoClassSecret
from checks.image import Mark
from checks.mark import code_of

_LONGEST = 4096


def mark_of(docker_id: str) -> Mark:
    """The learner's own mark; NoClassSecret when it cannot be made here."""
    return Mark(docker_id, code_of(_read(), docker_id))


def _read() -> bytes:
    path = place.class_secret_file()
    if path is None:
        raise NoClassSecret(None, "")
    try:
        with path.open("rb") as file:
            secret = file.read(_LONGEST + 1).strip()
    except OSError as error:
        raise NoClassSecret(path, error.strerror or type(error).__name__) from error
    if not 0 < len(secret) <= _LONGEST:
        raise NoClassSecret(path, "o arquivo está vazio" if not secret else "o arquivo é grande demais")
    return secret
