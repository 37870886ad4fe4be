"""Pushes what a class made up (benchmarks.made_class) into a registry that asks nobody who they are."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Iterable
from typing import Any

import aiohttp

from benchmarks.made_class import INDEX, Learner, Made, Pushed, digest_of, manifest_of

_AT_ONCE = 16
_EMPTY = b"{}"


async def fill(url: str, learners: Iterable[Learner]) -> None:
    waiting = iter(learners)
    async with aiohttp.ClientSession() as session:
        registry = _Registry(session, url)
        await registry.blob("base/camadas", _EMPTY)

        async def worker() -> None:
            for learner in waiting:
                for name, pushed in learner.pushed.items():
                    await registry.push(name, pushed)

        await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))


class _Registry:
    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self._there: dict[str, set[str]] = {}  # what was uploaded, by repository
        self._anywhere: dict[str, str] = {}  # a repository that has a blob, by digest

    async def push(self, name: str, pushed: Pushed) -> None:
        repository, _, tag = name.partition(":")
        entries = [await self._image(repository, made) for made in pushed.images]
        if pushed.attested:
            entries.append(await self._attestation(repository))
        if len(entries) == 1 and not pushed.attested:
            await self._put(repository, tag, entries[0][1], pushed.images[0].media_type)
            return
        for descriptor, body in entries:
            await self._put(repository, descriptor["digest"], body, descriptor["mediaType"])
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [one for one, _ in entries]}
        await self._put(repository, tag, json.dumps(index).encode(), INDEX)

    async def _image(self, repository: str, made: Made) -> tuple[dict[str, Any], bytes]:
        manifest, config = manifest_of(made)
        for content in (*(layer.content for layer in made.layers), config):
            await self.blob(repository, content)
        body = json.dumps(manifest).encode()
        platform = {"os": "linux", "architecture": made.architecture}
        return {**_descriptor(body, made.media_type), "platform": platform}, body

    async def _attestation(self, repository: str) -> tuple[dict[str, Any], bytes]:
        """What a build adds of itself: platform unknown/unknown, and nothing that runs."""
        made = Made((), media_type="application/vnd.oci.image.manifest.v1+json", architecture="unknown")
        descriptor, body = await self._image(repository, made)
        return {**descriptor, "platform": {"os": "unknown", "architecture": "unknown"}}, body

    async def blob(self, repository: str, content: bytes) -> None:
        """Mounted from where it is already, or uploaded."""
        digest, there = digest_of(content), self._there.setdefault(repository, set())
        if digest in there:
            return
        there.add(digest)
        source = self._anywhere.get(digest)
        mount = f"?mount={digest}&from={source}" if source else ""
        async with self._session.post(f"{self._url}/v2/{repository}/blobs/uploads/{mount}") as begun:
            place = begun.headers["Location"]
            if begun.status == 201:
                return
        joint = "&" if "?" in place else "?"
        await self._send(f"{place}{joint}digest={digest}", content, "application/octet-stream")
        self._anywhere[digest] = repository

    async def _put(self, repository: str, reference: str, body: bytes, media_type: str) -> None:
        await self._send(f"{self._url}/v2/{repository}/manifests/{reference}", body, media_type)

    async def _send(self, url: str, body: bytes, media_type: str) -> None:
        async with self._session.put(
            url, data=io.BytesIO(body), headers={"Content-Type": media_type}
        ) as done:
            if done.status != 201:
                sys.exit(f"docker-registry refused {url}: {done.status} {await done.text()}")


def _descriptor(body: bytes, media_type: str) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": digest_of(body), "size": len(body)}
