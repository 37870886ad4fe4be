"""A small world for a class: what each learner has in registry and hub, and what was asked of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.classroom.source import KnownHub, NotOurs
from checks.content import Image, Platform, RunConfig
from checks.image import (
    Access,
    AccountRequest,
    Fact,
    MarkRequest,
    PublicImage,
    PublicImageRequest,
    RemoteImage,
    RemoteImageRequest,
    RemoteLeaks,
    RemoteLeaksRequest,
    RemoteTags,
    RemoteTagsRequest,
    RepositoryRequest,
    Request,
)
from checks.reference import Reference

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
COOL = Image(AMD64, ("sha256:" + "c" * 64,), RunConfig(cmd=("/cool",)))
MODELS = Models({"docker-is-cool:latest": (COOL,)})


def person(docker_id: str, **told: str) -> Person:
    return Person(
        **({"key": f"{docker_id}@escola.br", "name": docker_id.title(), "docker_id": docker_id} | told)
    )


def image(layers: str = "ab", platform: Platform = AMD64, labels: Mapping[str, str] | None = None) -> Image:
    layer_ids = tuple(f"sha256:{letter * 64}" for letter in layers)
    return Image(platform, layer_ids, RunConfig(labels=tuple((labels or {}).items())))


@dataclass
class World:
    """`registry` has images by familiar name; `private` names are seen by the reader alone."""

    registry: dict[str, Image] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    told: dict[str, dict[str, object]] = field(default_factory=dict)
    pushed: dict[str, datetime] = field(default_factory=dict)  # by repository: when, as the real hub tells
    trouble: Callable[[Request], Exception | None] = lambda request: None
    asked: Counter[type] = field(default_factory=Counter)
    at_once: int = 0
    most_at_once: int = 0

    async def fetch(self, request: Request) -> Fact:
        self.asked[type(request)] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if error := self.trouble(request):
            raise error
        match request:
            case RemoteImageRequest(reference):
                return self._remote(reference)
            case RemoteLeaksRequest(reference):
                return RemoteLeaks(self._remote(reference))
            case PublicImageRequest(reference):
                seen = self._remote(reference)
                if reference.familiar in self.private:
                    return PublicImage(reference, Access.DENIED)
                return PublicImage(reference, seen.access, seen.digest, seen.images)
            case RemoteTagsRequest(reference):
                prefix = f"{reference.familiar_name}:"
                tags = (name.removeprefix(prefix) for name in self.registry if name.startswith(prefix))
                return RemoteTags(reference, tuple(sorted(tags)))
            case AccountRequest(docker_id):
                return await KnownHub(self.told).account(docker_id)
            case RepositoryRequest(reference):
                return await KnownHub(self.told).repository(reference, None)
            case MarkRequest():
                raise NotOurs(request)
        raise NotOurs(request)

    async def last_push(self, reference: Reference) -> datetime | None:
        self.asked[datetime] += 1
        if error := self.trouble(RemoteTagsRequest(reference)):
            raise error
        return self.pushed.get(reference.familiar_name)

    def _remote(self, reference: Reference) -> RemoteImage:
        found = self.registry.get(reference.familiar)
        if found is None:
            return RemoteImage(reference, Access.MISSING)
        return RemoteImage(reference, Access.FOUND, f"sha256:{len(found.diff_ids):064x}", (found,))

    def account(self, docker_id: str, *repositories: str, private: bool = False, text: str = "Olá") -> None:
        self.told[docker_id] = {
            "exists": True,
            "confirmed": True,
            "repositories": [
                {"name": name, "is_private": private, "description": text, "full_description": ""}
                for name in repositories
            ],
        }
