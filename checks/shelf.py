"""One repository of a registry as one reader sees it: what is under a name, its tags, the secrets in it.

The only file that knows what a registry answers at /v2.

What a look at a name costs, with a token in hand, for an image of one platform:

    never seen         GET of the tag, GET of its configuration     2 round trips, 1 pull counted
    seen, unchanged    HEAD                                         1 round trip,  0
    moved to one seen  HEAD                                         1 round trip,  0
    pushed from here   GET of the tag, GET of its configuration     2 round trips, 1
    moved to a new one HEAD, GET by digest, GET of configuration    3 round trips, 1
    not there          GET (or HEAD, if it once was)                1 round trip,  0

An index costs one round trip more, and a GET counted as a pull for each of its images. A layer never seen
costs a GET, once and for all images that have it. Docker Hub counts a GET of a manifest as a pull, and a HEAD
or a blob as none. Who asks for the same at the same time shares it; what is read is believed only if its
digest matches.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from checks import leaks, manifest
from checks.auth import WebAnswer, WebRequest
from checks.cache import digest_of, is_digest
from checks.download import Download
from checks.errors import StrangeAnswer
from checks.image import Access, Image
from checks.layers import Fetch, Layers
from checks.leaks import Leak
from checks.library import Library, together
from checks.manifest import MANIFEST_TYPES, BadManifest, Described, Layer, Manifest
from checks.reference import Reference, is_tag
from checks.signer import Signer

_ACCEPT = {"Accept": ", ".join(MANIFEST_TYPES)}
Item = TypeVar("Item")
_MAX_DEPTH = 3
_MAX_MANIFESTS = 64
MAX_TAGS = 200  # enough to name the one that was meant
# Of all that describes one image: many manifests, each as large as one may be, would fill the memory.
_MOST_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class Seen:
    """What a look found; the images, and how their manifests describe them."""

    access: Access
    digest: str | None = None
    images: tuple[Image, ...] = ()
    described: tuple[Described, ...] = ()


class Shelf:
    """One repository of one registry, with the eyes of one reader, for one look."""

    def __init__(
        self,
        library: Library,
        layers: Layers,
        url: str,
        reference: Reference,
        signer: Signer,
        pushed: str | None = None,
    ) -> None:
        """`pushed` is the digest of the last push of this name that is known of."""
        self._library = library
        self._layers = layers
        self._reference = reference
        self._host = urlsplit(url).netloc
        self._base = f"{url}/v2/{reference.repository}"
        self._name = f"{self._host}/{reference.repository}:{reference.target}"
        self._signer = signer
        self._pushed = pushed
        self._bytes_read = 0

    async def look(self) -> Seen:
        try:
            access, digest = await self._find()
            if access is not Access.FOUND:
                return Seen(access)
            root = await self._manifest(digest)
            if root is None:  # deleted between the two questions
                return Seen(Access.MISSING)
            described = await self._described(root)
            images = tuple(_present(await together(map(self._image, described))))
        except BadManifest as error:
            raise self._strange(str(error)) from error
        self._library.remember(self._name, digest)
        return Seen(Access.FOUND, digest, images, described)

    async def leaks(self, described: Iterable[Described]) -> tuple[tuple[Leak, ...], int]:
        """The secrets of these images, and how many of their layers could not be read."""
        found: dict[Leak, None] = {}
        unread: set[str] = set()
        for image in described:
            contents = await self._layers.contents(image.layers, self._download)
            config = await self._config(image) or {}
            found |= dict.fromkeys(leaks.of_image(config, contents))
            both = zip(image.layers, contents, strict=True)
            unread |= {layer.digest for layer, content in both if content is None}
        return tuple(found), len(unread)

    async def _find(self) -> tuple[Access, str]:
        """Whether the name is there, and the digest it leads to."""
        if self._is_known():
            return await self._by_head()
        async with self._library.alone(self._name) as is_alone:
            # Whoever looks at the same name at the same time shares what one of them gets.
            return await (self._by_content() if is_alone else self._by_head())

    def _is_known(self) -> bool:
        """Whether to ask where the name leads is enough: what it leads to is most likely here."""
        if given := self._reference.digest:
            return self._library.has(given)
        has_moved = self._pushed is not None and not self._library.has(self._pushed)
        return not has_moved and self._library.knows(self._name)

    async def _by_head(self) -> tuple[Access, str]:
        head = await self._ask("HEAD", f"manifests/{self._reference.target}")
        access = self._access(head)
        digest = self._reference.digest or head.headers.get("docker-content-digest", "")
        if access is Access.FOUND and not is_digest(digest):
            return await self._by_content()  # this registry's HEAD does not tell
        return access, digest

    async def _by_content(self) -> tuple[Access, str]:
        answer = await self._ask("GET", f"manifests/{self._reference.target}")
        access = self._access(answer)
        if access is not Access.FOUND:
            return access, ""
        digest = digest_of(answer.body)
        told = self._reference.digest or answer.headers.get("docker-content-digest", digest)
        if told != digest:
            raise self._strange("o conteúdo não confere com o digest")
        manifest.read(answer.body)  # what is no manifest is not kept
        self._library.put(digest, answer.body)
        return access, digest

    async def tags(self) -> tuple[str, ...]:
        answer = await self._ask("GET", f"tags/list?n={MAX_TAGS}")
        if self._access(answer) is not Access.FOUND:
            return ()
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        tags = found.get("tags") if isinstance(found, dict) else None
        if tags is not None and not isinstance(tags, list):
            raise self._strange("a lista de tags não é uma lista")
        return tuple(sorted(tag for tag in (tags or [])[:MAX_TAGS] if isinstance(tag, str) and is_tag(tag)))

    async def _described(self, root: Manifest) -> tuple[Described, ...]:
        """The images of a manifest or, level by level, of an index; no loop can outlast the bounds."""
        level = [root]
        described: list[Described] = []
        count = 1
        for _ in range(_MAX_DEPTH):
            described += _present(each.image for each in level)
            wanted = dict.fromkeys(digest for each in level for digest in each.children)
            count += len(wanted)
            if count > _MAX_MANIFESTS:
                raise BadManifest(f"o índice aponta para mais de {_MAX_MANIFESTS} manifestos")
            if not wanted:
                return tuple(dict.fromkeys(described))
            level = _present(await together(map(self._manifest, wanted)))
        raise BadManifest("há índices dentro de índices demais")

    async def _image(self, described: Described) -> Image | None:
        """What a configuration says; one that is no image's counts as no image, whoever pushed it.

        So does one over other layers than it names: no engine can pull that.
        """
        config = await self._config(described)
        try:
            image = None if config is None else Image.from_config(config, described.size)
        except ValueError:
            return None
        if image is None or not await self._layers.are(image.diff_ids, described.layers, self._download):
            return None
        return image

    async def _config(self, described: Described) -> Mapping[str, Any] | None:
        body = await self._content("blobs", described.config)
        try:
            config = None if body is None else json.loads(body)
        except (ValueError, RecursionError):
            return None
        return config if isinstance(config, dict) else None

    def _download(self, layer: Layer) -> Fetch:
        async def fetch(download: Download) -> bool:
            request = WebRequest("GET", f"{self._base}/blobs/{layer.digest}", into=download)
            answer = await self._signer.send(request, self._reference.scope("pull"))
            if self._access(answer) is not Access.FOUND:
                return False
            if not download.is_cut and download.digest != layer.digest:
                raise self._strange("o conteúdo não confere com o digest pedido")
            return True

        return fetch

    async def _manifest(self, digest: str) -> Manifest | None:
        body = await self._content("manifests", digest)
        return None if body is None else manifest.read(body)

    async def _content(self, kind: str, digest: str) -> bytes | None:
        body = await self._library.get(digest, partial(self._fetch, kind, digest))
        self._bytes_read += len(body or b"")
        if self._bytes_read > _MOST_BYTES:
            raise BadManifest(f"a descrição da imagem passa de {_MOST_BYTES // 1024 // 1024} MiB")
        return body

    async def _fetch(self, kind: str, digest: str) -> bytes | None:
        answer = await self._ask("GET", f"{kind}/{digest}")
        if self._access(answer) is not Access.FOUND:
            return None
        if digest_of(answer.body) != digest:
            raise self._strange("o conteúdo não confere com o digest pedido")
        return answer.body

    async def _ask(self, method: str, path: str) -> WebAnswer:
        request = WebRequest(method, f"{self._base}/{path}", _ACCEPT)
        return await self._signer.send(request, self._reference.scope("pull"))

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


def _present(items: Iterable[Item | None]) -> list[Item]:
    """An index may name a manifest that was cleaned away; the others are still images."""
    return [item for item in items if item is not None]
