"""Facts from a registry: what is under a name, as the learner and as anyone sees it.

Names of docker.io are always asked of registry-1.docker.io; in the lab that name leads to the practice
registry. What is asked there, and what it costs, is told in checks.shelf.
"""

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final

from checks.allowance import Allowance
from checks.auth import Credential, WebRequest, challenge_of
from checks.cache import Cache
from checks.grants import ask_for_grant
from checks.image import Clock, Grant, PublicImage, RemoteImage, RemoteLeaks, RemoteTags
from checks.layers import Layers
from checks.library import Library
from checks.reference import Reference
from checks.shelf import MAX_TAGS, Seen, Shelf
from checks.signer import Signer, drive
from checks.web import Web

DOCKER_HUB_REGISTRY: Final = "https://registry-1.docker.io"


class Registry:
    """Asks registries; keeps tokens until they expire and documents by digest."""

    def __init__(
        self,
        web: Web,
        cache: Cache,
        docker_hub: str = DOCKER_HUB_REGISTRY,
        pushed: Callable[[], Mapping[str, str]] = dict,
        known_as: str = "",
    ) -> None:
        """`pushed` tells what was pushed from here: digests by familiar name.

        `known_as` is Docker Hub's own address where `docker_hub` is a door to the same registry: a token
        service of that house may see the credential.
        """
        self._web = web
        self._library = Library(cache)
        self._layers = Layers(self._library, cache.folder)
        self._docker_hub = docker_hub
        self._known_as = known_as or docker_hub
        self._pushed = pushed
        self._signers: dict[tuple[str, Credential | None], Signer] = {}
        self._allowances: dict[bool, Allowance] = {}

    @property
    def allowance(self) -> Allowance | None:
        """What Docker Hub said last of its limit: the learner's own, or else that of anyone here."""
        return self._allowances.get(True) or self._allowances.get(False)

    async def remote_image(self, reference: Reference, credential: Credential | None) -> RemoteImage:
        """As the learner; the credential is Docker Hub's, so no other registry gets it."""
        seen = await self._look(reference, credential if reference.on_docker_hub else None)
        return RemoteImage(reference, seen.access, seen.digest, seen.images)

    async def public_image(self, reference: Reference) -> PublicImage:
        """As anyone, without a credential."""
        seen = await self._look(reference, None)
        return PublicImage(reference, seen.access, seen.digest, seen.images)

    async def remote_leaks(self, reference: Reference, credential: Credential | None) -> RemoteLeaks:
        """The secrets in what is under a name, as the learner."""
        shelf = self._shelf(reference, credential if reference.on_docker_hub else None)
        seen = await shelf.look()
        leaks, unread = await shelf.leaks(seen.described)
        return RemoteLeaks(RemoteImage(reference, seen.access, seen.digest, seen.images), leaks, unread)

    async def remote_tags(self, reference: Reference, credential: Credential | None) -> RemoteTags:
        """As the learner; what they may not see has no tags."""
        shelf = self._shelf(reference, credential if reference.on_docker_hub else None)
        tags = await shelf.tags()
        return RemoteTags(reference, tags, complete=len(tags) < MAX_TAGS)

    async def grant(self, reference: Reference, credential: Credential | None) -> Grant:
        """What the learner's login may do there, told by the token service."""
        url = self._url(reference)
        answer = await self._web.send(WebRequest("GET", f"{url}/v2/"))
        challenge = challenge_of(answer)
        if challenge is None:  # a registry that asks nobody who they are
            return Grant(reference, frozenset(("pull", "push", "delete")))
        own = credential if reference.on_docker_hub else None
        return await drive(ask_for_grant(url, challenge, reference, own), self._web.send)

    async def clock(self) -> Clock:
        """Compares this machine's clock with the date on an answer, whatever else the answer says."""
        answer = await self._web.send(WebRequest("GET", f"{self._docker_hub}/v2/"))
        try:
            theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
        except (ValueError, OverflowError):
            return Clock()
        return Clock(time.time() - theirs)

    async def _look(self, reference: Reference, credential: Credential | None) -> Seen:
        return await self._shelf(reference, credential).look()

    def _shelf(self, reference: Reference, credential: Credential | None) -> Shelf:
        url = self._url(reference)
        if (url, credential) not in self._signers:
            heard = partial(self._hear, credential is not None) if url == self._docker_hub else None
            send = partial(self._web.send, heard=heard)
            house = self._known_as if url == self._docker_hub else url
            self._signers[url, credential] = Signer(send, house, credential)
        pushed = self._pushed().get(reference.familiar)
        return Shelf(self._library, self._layers, url, reference, self._signers[url, credential], pushed)

    def _url(self, reference: Reference) -> str:
        return self._docker_hub if reference.on_docker_hub else f"https://{reference.registry}"

    def _hear(self, signed_in: bool, headers: Mapping[str, str]) -> None:
        if allowance := Allowance.from_headers(headers, signed_in=signed_in):
            self._allowances[signed_in] = allowance
