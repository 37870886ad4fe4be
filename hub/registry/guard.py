"""What may not be written to the registry: anything of archived repositories, immutable tags, and what a
token allowed before its account or its repository was deleted.

While a repository has immutable tags, no layer of it is deleted: the registry does not tell whose a layer is.

A registry token says nothing of tags, and outlives the moment in which a repository is archived or deleted.
So this is asked when an upload begins or a manifest arrives, and the registry is asked what its tags point at
now.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from hub.accounts.models import User
from hub.registry.client import RegistryClient
from hub.registry.describe import is_digest
from hub.registry.leads import holders
from hub.registry.record import is_expected
from hub.registry.tokens import LASTS, REFUSED, Access, read
from hub.repositories.life import Archived
from hub.repositories.models import Repository
from hub.repositories.mutability import ImmutableTag, LayersKept, immutable_among, is_immutable
from hub.repositories.names import RepositoryName, parse_repository

_MANIFEST = re.compile(r"/v2/(?P<path>.+)/manifests/(?P<reference>[^/]+)", re.ASCII)
_BLOB = re.compile(r"/v2/(?P<path>.+)/blobs/(?P<reference>[^/]+)", re.ASCII)
_UPLOAD = re.compile(r"/v2/(?P<path>.+)/blobs/uploads/?", re.ASCII)
_CONTENT = re.compile(r"/v2/(?P<path>.+)/(?:manifests|blobs)/[^/]+", re.ASCII)
_WRITES = {"POST": "push", "PUT": "push", "DELETE": "delete"}
_WAIT = 5.0  # seconds for what the registry is asked meanwhile


@dataclass(frozen=True)
class Write:
    """A manifest to put or delete, by tag or digest; a blob to delete; an upload that begins, which has no
    reference."""

    method: str
    path: str
    reference: str = ""
    is_blob: bool = False

    @property
    def names_a_tag(self) -> bool:
        return not is_digest(self.reference)


def read_write(method: str, path: str) -> Write | None:
    """`path` as the registry reads it, decoded; None for a request that nothing is to be asked about."""
    if method == "POST":
        begun = _UPLOAD.fullmatch(path)
        return Write(method, begun["path"]) if begun else None
    if method == "DELETE" and (blob := _BLOB.fullmatch(path)):
        return Write(method, blob["path"], blob["reference"], is_blob=True)
    found = _MANIFEST.fullmatch(path) if method in _WRITES else None
    return Write(method, found["path"], found["reference"]) if found else None


def refusal(write: Write, authorization: str, body: bytes) -> str | None:
    """The sentence for whoever may write there, and must not write this; None to let the registry decide.

    Without a token that allows it nothing is told, not even whether there is such a repository. Raises
    RegistryError.
    """
    name, granted = parse_repository(write.path), _granted(authorization)
    is_push = _WRITES[write.method] == "push"
    if is_push and (told := _told_before(write.path, granted)):
        return told
    if name is None or not _allows(granted, write):
        return None
    repository = Repository.objects.named(*name).first()
    if is_push and (told := _gone_since(name, repository)):
        return told
    if repository is None:
        return None
    if repository.is_archived:
        return Archived(repository).told_to_programs
    if not repository.immutable_tags or not write.reference:
        return None
    if write.is_blob:
        return LayersKept(repository).told_to_programs
    client = RegistryClient(deadline=_WAIT)
    held = _moved_tag(client, repository, write, body) if write.method == "PUT" else None
    held = _lost_tag(client, repository, write.reference) if write.method == "DELETE" else held
    return ImmutableTag(repository, held).told_to_programs if held else None


def is_refused_later(path: str, authorization: str) -> bool:
    """Whether this is a look before a push that will be refused in words, by whoever may not even look."""
    found = _CONTENT.fullmatch(path)
    return bool(found and _told_before(found["path"], _granted(authorization)))


def may_read(path: str, authorization: str) -> bool:
    return any(one["name"] == path and "pull" in one["actions"] for one in _granted(authorization))


def _granted(authorization: str) -> list[Access]:
    scheme, _, token = authorization.partition(" ")
    return read(token) if scheme.lower() == "bearer" else []


def _told_before(path: str, granted: Sequence[Access]) -> str | None:
    """What the token service had to say of a push there: see hub.registry.access."""
    refused = (one["actions"] for one in granted if (one["type"], one["name"]) == (REFUSED, path))
    return next((sentence for actions in refused for sentence in actions), None)


def _allows(granted: Sequence[Access], write: Write) -> bool:
    action = _WRITES[write.method]
    return any(one["name"] == write.path and action in one["actions"] for one in granted)


def _gone_since(name: RepositoryName, repository: Repository | None) -> str | None:
    """Why nothing may be pushed there with a token of before; a new one is given by the rules of now."""
    if not User.objects.filter(username=name.namespace, is_active=True).exists():
        return f"A conta {name.namespace} não existe mais, e nada se envia para {name}."
    if repository is not None or is_expected(name):
        return None
    return (
        f"O repositório {name} foi apagado depois que este envio foi permitido. "
        f"Envie de novo; se a recusa se repetir, espere {int(LASTS.total_seconds()) // 60} minutos."
    )


def _moved_tag(client: RegistryClient, repository: Repository, write: Write, body: bytes) -> str | None:
    """The immutable tag that this would point elsewhere; the same content again moves nothing."""
    if not write.names_a_tag or not is_immutable(repository, write.reference):
        return None
    now = client.digest(write.path, write.reference)
    is_same = now is None or now == f"sha256:{hashlib.sha256(body).hexdigest()}"
    return None if is_same else write.reference


def _lost_tag(client: RegistryClient, repository: Repository, reference: str) -> str | None:
    """An immutable tag that leads to what is to be deleted, also as a part of its index."""
    name = RepositoryName(repository.namespace, repository.name)
    held = immutable_among(repository, client.tags(str(name)) or [])
    return reference if reference in held else holders(client, name, {reference}, held).get(reference)
