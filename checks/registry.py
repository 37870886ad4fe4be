"""Facts from a registry: what is under a name, as the learner and as anyone sees it.

The only file that knows a registry's /v2. Names of docker.io are always asked of
registry-1.docker.io; in the lab that name leads to the practice registry.

One HEAD tells whether the name is there and with which digest (Docker Hub does not count it);
then only what is not in the cache yet is read, by digest, and believed only if the digest matches.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from checks.auth import Credential, Tokens, WebAnswer, WebRequest, signed
from checks.cache import Cache, digest_of, is_digest
from checks.errors import StrangeAnswer
from checks.image import Access, Clock, Image, PublicImage, RemoteImage, RemoteTags
from checks.reference import Reference, is_tag
from checks.web import Web

DOCKER_HUB_REGISTRY: Final = "https://registry-1.docker.io"
# Without all four a registry answers 404 for what it holds in another format.
MANIFEST_TYPES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_CONFIG_TYPES = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
_MAX_DEPTH = 3
_MAX_MANIFESTS = 64
_MAX_TAGS = 200  # enough to name the one that was meant

Document = Mapping[str, Any]


@dataclass(frozen=True)
class _Seen:
    access: Access
    digest: str | None = None
    images: tuple[Image, ...] = ()


class Registry:
    """Asks registries; keeps tokens until they expire and documents by digest."""

    def __init__(self, web: Web, cache: Cache, docker_hub: str = DOCKER_HUB_REGISTRY) -> None:
        self._web = web
        self._cache = cache
        self._docker_hub = docker_hub
        self._tokens: dict[tuple[str, Credential | None], Tokens] = {}

    async def remote_image(self, reference: Reference, credential: Credential | None) -> RemoteImage:
        """As the learner; the credential is Docker Hub's, so no other registry gets it."""
        seen = await self._look(reference, credential if reference.on_docker_hub else None)
        return RemoteImage(reference, seen.access, seen.digest, seen.images)

    async def public_image(self, reference: Reference) -> PublicImage:
        """As anyone, without a credential."""
        seen = await self._look(reference, None)
        return PublicImage(reference, seen.access, seen.digest, seen.images)

    async def remote_tags(self, reference: Reference, credential: Credential | None) -> RemoteTags:
        """As the learner; what they may not see has no tags."""
        shelf = self._shelf(reference, credential if reference.on_docker_hub else None)
        return RemoteTags(reference, await shelf.tags())

    async def clock(self) -> Clock:
        """Compares this machine's clock with the date on an answer, whatever else the answer says."""
        answer = await self._web.send(WebRequest("GET", f"{self._docker_hub}/v2/"))
        try:
            theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
        except (ValueError, OverflowError):
            return Clock()
        return Clock(time.time() - theirs)

    async def _look(self, reference: Reference, credential: Credential | None) -> _Seen:
        return await self._shelf(reference, credential).look()

    def _shelf(self, reference: Reference, credential: Credential | None) -> "_Shelf":
        url = self._docker_hub if reference.on_docker_hub else f"https://{reference.registry}"
        tokens = self._tokens.setdefault((url, credential), Tokens(credential))
        return _Shelf(self._web, self._cache, url, reference, tokens)


class _Shelf:
    """One repository of one registry, with the eyes of one reader."""

    def __init__(self, web: Web, cache: Cache, url: str, reference: Reference, tokens: Tokens) -> None:
        self._web = web
        self._cache = cache
        self._reference = reference
        self._host = urlsplit(url).netloc
        self._base = f"{url}/v2/{reference.repository}"
        self._tokens = tokens

    async def look(self) -> _Seen:
        head = await self._ask("HEAD", f"manifests/{self._reference.target}")
        access = self._access(head)
        if access is not Access.FOUND:
            return _Seen(access)
        digest = self._reference.digest or head.headers.get("docker-content-digest", "")
        if not is_digest(digest):
            digest = await self._digest_by_reading()
        root = await self._document("manifests", digest)
        if root is None:  # deleted between the two questions
            return _Seen(Access.MISSING)
        return _Seen(Access.FOUND, digest, await self._images(root))

    async def tags(self) -> tuple[str, ...]:
        answer = await self._ask("GET", f"tags/list?n={_MAX_TAGS}")
        if self._access(answer) is not Access.FOUND:
            return ()
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        tags = found.get("tags") if isinstance(found, dict) else None
        if tags is not None and not isinstance(tags, list):
            raise self._strange("a lista de tags não é uma lista")
        return tuple(sorted(tag for tag in (tags or [])[:_MAX_TAGS] if isinstance(tag, str) and is_tag(tag)))

    async def _images(self, root: Document) -> tuple[Image, ...]:
        """The images of a manifest or, level by level, of an index; no loop can outlast the bounds."""
        level: list[Document] = [root]
        configs: list[tuple[str, int]] = []
        count = 1
        for _ in range(_MAX_DEPTH):
            configs += [config for document in level for config in self._configs(document)]
            wanted = dict.fromkeys(digest for document in level for digest in self._children(document))
            count += len(wanted)
            if count > _MAX_MANIFESTS:
                raise self._strange(f"o índice aponta para mais de {_MAX_MANIFESTS} manifestos")
            if not wanted:
                found = await asyncio.gather(*map(self._image, dict.fromkeys(configs)))
                return tuple(image for image in found if image is not None)
            level = _present(await asyncio.gather(*(self._document("manifests", each) for each in wanted)))
        raise self._strange("há índices dentro de índices demais")

    def _children(self, document: Document) -> Iterable[str]:
        entries = document.get("manifests")
        if entries is None:
            return []
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self._strange("o índice não tem uma lista de manifestos")
        return [self._digest(entry) for entry in entries if not _is_attestation(entry)]

    def _configs(self, document: Document) -> Iterable[tuple[str, int]]:
        """The configuration of an image manifest and how many layers are under it.

        Other artifacts (charts, signatures) have no configuration of ours.
        """
        config = document.get("config")
        if "manifests" in document:
            return []
        if not isinstance(config, dict):
            raise self._strange("o manifesto está em um formato que não conheço")
        layers = document.get("layers")
        if not isinstance(layers, list):
            raise self._strange("o manifesto não tem uma lista de camadas")
        return [(self._digest(config), len(layers))] if config.get("mediaType") in _CONFIG_TYPES else []

    def _digest(self, descriptor: Document) -> str:
        digest = descriptor.get("digest")
        if not isinstance(digest, str) or not is_digest(digest):
            raise self._strange("há um digest que não é sha256")
        return digest

    async def _image(self, config: tuple[str, int]) -> Image | None:
        """What a configuration says; one that is no image's counts as no image, whoever pushed it.

        So does one over more or fewer layers than it names: no engine can pull that.
        """
        digest, layers = config
        body = await self._content("blobs", digest)
        try:
            image = None if body is None else Image.from_config(json.loads(body))
        except (ValueError, RecursionError):
            return None
        return image if image is not None and len(image.diff_ids) == layers else None

    async def _document(self, kind: str, digest: str) -> Document | None:
        body = await self._content(kind, digest)
        if body is None:
            return None
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise self._strange("o manifesto não é JSON")
        return document

    async def _content(self, kind: str, digest: str) -> bytes | None:
        """The bytes of a digest from the cache, else from the registry, verified; None when not there."""
        kept = self._cache.get(digest)
        if kept is not None:
            return kept
        answer = await self._ask("GET", f"{kind}/{digest}")
        if self._access(answer) is not Access.FOUND:
            return None
        if digest_of(answer.body) != digest:
            raise self._strange("o conteúdo não confere com o digest pedido")
        self._cache.put(digest, answer.body)
        return answer.body

    async def _digest_by_reading(self) -> str:
        """For a registry whose HEAD does not tell the digest."""
        answer = await self._ask("GET", f"manifests/{self._reference.target}")
        if self._access(answer) is not Access.FOUND:
            raise self._strange("o manifesto sumiu no meio da consulta")
        digest = digest_of(answer.body)
        self._cache.put(digest, answer.body)
        return digest

    async def _ask(self, method: str, path: str) -> WebAnswer:
        request = WebRequest(method, f"{self._base}/{path}", {"Accept": ", ".join(MANIFEST_TYPES)})
        return await self._web.run(signed(request, self._reference.scope("pull"), self._tokens))

    def _access(self, answer: WebAnswer) -> Access:
        if answer.status == 200:
            return Access.FOUND
        if answer.status == 404:
            return Access.MISSING
        if answer.status in (401, 403):
            return Access.DENIED
        raise self._strange(f"o código da resposta foi {answer.status}")

    def _strange(self, detail: str) -> StrangeAnswer:
        return StrangeAnswer(self._host, detail)


def _present(documents: Iterable[Document | None]) -> list[Document]:
    """An index may name a manifest that was cleaned away; the others are still images."""
    return [document for document in documents if document is not None]


def _is_attestation(entry: Document) -> bool:
    """Build attestations sit in an index as platform unknown/unknown."""
    platform = entry.get("platform")
    os = platform.get("os") if isinstance(platform, dict) else None
    annotations = entry.get("annotations")
    kind = annotations.get("vnd.docker.reference.type") if isinstance(annotations, dict) else None
    return os == "unknown" or kind == "attestation-manifest"
