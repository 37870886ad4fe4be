"""What may not be written to the registry: anything of archived repositories, and immutable tags.

A registry token says nothing of tags, and outlives the moment in which a repository is archived. So this is
asked when an upload begins or a manifest arrives, and the registry is asked what its tags point at now.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from hub.registry.client import RegistryClient
from hub.registry.describe import is_digest
from hub.registry.removal import behind
from hub.registry.tokens import read
from hub.repositories.life import Archived
from hub.repositories.models import Repository
from hub.repositories.mutability import ImmutableTag, is_immutable
from hub.repositories.names import parse_repository

_MANIFEST = re.compile(r"/v2/(?P<path>.+)/manifests/(?P<reference>[^/]+)", re.ASCII)
_UPLOAD = re.compile(r"/v2/(?P<path>.+)/blobs/uploads/?", re.ASCII)
_WRITES = {"POST": "push", "PUT": "push", "DELETE": "delete"}
_WAIT = 5.0  # seconds for what the registry is asked meanwhile


@dataclass(frozen=True)
class Write:
    """A manifest to put or delete, under a tag or a digest; without either, an upload that begins."""

    method: str
    path: str
    reference: str = ""

    @property
    def names_a_tag(self) -> bool:
        return not is_digest(self.reference)


def read_write(method: str, path: str) -> Write | None:
    """`path` as the registry reads it, decoded; None for a request that nothing is to be asked about."""
    if method == "POST":
        begun = _UPLOAD.fullmatch(path)
        return Write(method, begun["path"]) if begun else None
    found = _MANIFEST.fullmatch(path) if method in _WRITES else None
    return Write(method, found["path"], found["reference"]) if found else None


def refusal(write: Write, authorization: str, body: bytes) -> str | None:
    """The sentence for whoever may write there, and must not write this; None to let the registry decide.

    Without a token that allows it nothing is told, not even whether there is such a repository. Raises
    RegistryError.
    """
    name = parse_repository(write.path)
    if name is None or not _allows(authorization, write):
        return None
    repository = Repository.objects.named(*name).first()
    if repository is None:
        return None
    if repository.is_archived:
        return Archived(repository).told_to_programs
    if not repository.immutable_tags or not write.reference:
        return None
    client = RegistryClient(deadline=_WAIT)
    held = _moved_tag(client, repository, write, body) if write.method == "PUT" else None
    held = _lost_tag(client, repository, write.reference) if write.method == "DELETE" else held
    return ImmutableTag(repository, held).told_to_programs if held else None


def _allows(authorization: str, write: Write) -> bool:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return False
    action = _WRITES[write.method]
    return any(one["name"] == write.path and action in one["actions"] for one in read(token))


def _moved_tag(client: RegistryClient, repository: Repository, write: Write, body: bytes) -> str | None:
    """The immutable tag that this would point elsewhere; the same content again moves nothing."""
    if not write.names_a_tag or not is_immutable(repository, write.reference):
        return None
    now = client.digest(write.path, write.reference)
    is_same = now is None or now == f"sha256:{hashlib.sha256(body).hexdigest()}"
    return None if is_same else write.reference


def _lost_tag(client: RegistryClient, repository: Repository, reference: str) -> str | None:
    """The first immutable tag that leads to what is to be deleted, also as a part of its index."""
    path = repository.full_name
    tags = (tag for tag in client.tags(path) or [] if is_immutable(repository, tag))
    return next((tag for tag in tags if reference == tag or reference in behind(client, path, tag)), None)
