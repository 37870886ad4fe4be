"""Sets the scene in a running hub: `python -m tests.lab.permissions.scene`, with the hub's environment.

A person for each column of the table, with a repository for each state, so that no cell sees what another one
did. Prints names, secrets and digests as JSON; with namespaces as arguments, what is in them now.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import django

from tests.lab.permissions.table import ACTORS, STATES

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TAGS = {"latest": "latest", "velha": "velha", "antiga": "velha", "registro": "registro"}  # name: content
RECEIVER = "http://127.0.0.1:64998/"  # nobody listens there
WITH_PASSWORD = ("other", "owner", "code")
SCOPES = {"write": "WRITE", "read": "READ", "pub": "PUBLIC_READ"}  # the other tokens have the widest


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def layer(path: str) -> bytes:
    """Of all images of that repository, and of no other; their configuration is the same blob."""
    return json.dumps({"os": "linux", "architecture": "amd64", "author": path}).encode()


def manifest(path: str, content: str) -> bytes:
    """The smallest image; another content, another digest."""
    blob = {"digest": digest_of(layer(path)), "size": len(layer(path))}
    image = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **blob},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **blob}],
        "annotations": {"content": content},
    }
    return json.dumps(image).encode()


def other_image(path: str) -> bytes:
    """Whose blobs are there already."""
    return manifest(path, "outra")


def pushed(repository: Any) -> None:
    """Images in the registry, and in the hub what their notifications leave there."""
    from hub.registry.client import RegistryClient
    from hub.repositories.models import Tag

    client, path = RegistryClient(), repository.full_name
    client.upload(path, digest_of(layer(path)), layer(path))
    bodies = {name: manifest(path, content) for name, content in TAGS.items()}
    for name, body in bodies.items():
        client.put(path, name, body, MANIFEST)
    Tag.objects.bulk_create(
        Tag(
            repository=repository,
            name=name,
            digest=digest_of(body),
            media_type=MANIFEST,
            size=len(layer(path)),
        )
        for name, body in bodies.items()
    )


def place(owner: Any, state: str) -> dict[str, Any]:
    """What tests.lab.permissions.deeds.Place says of a repository in that state."""
    from hub.repositories.models import Repository
    from hub.webhooks.models import Webhook

    about = {
        "owner": owner,
        "namespace": owner.username,
        "is_private": state in {"private", "both"},
        "is_archived": state in {"archived", "both"},
        "immutable_tags": state == "immutable",
    }
    spare = Repository.objects.create(name=f"{state}-2", **about)
    made = Repository.objects.create(name=state, **about)
    pushed(made)
    path = made.full_name
    return {
        "state": state,
        "path": path,
        "spare": spare.full_name,
        "digest": digest_of(manifest(path, "latest")),
        "layer": digest_of(layer(path)),
        "doomed": digest_of(manifest(path, "registro")),
        "webhook": Webhook.objects.create(repository=made, name="aviso", url=RECEIVER).pk,
    }


def actor(name: str) -> dict[str, Any]:
    """What tests.lab.permissions.actor.Actor knows, and the places. `other` and `guest` ask in another's."""
    owner = new_person()
    asks = None if name == "anon" else new_person() if name in {"other", "guest"} else owner
    secret, bearer = credentials(name, asks) if asks else ("", "")
    return {
        "docker_id": asks.username if asks else "",
        "secret": secret,
        "bearer": bearer,
        "namespace": owner.username,
        "own": own_of(asks) if asks else "",
        "token": str(issue(owner)[0].uuid),
        "api_token": str(issue(owner)[0].uuid),
        "places": {state: place(owner, state) for state in STATES},
    }


def own_of(person: Any) -> str:
    """A public repository that the table does not speak of, to mount into."""
    from hub.repositories.models import Repository

    made = Repository.objects.create(name="meu", namespace=person.username, owner=person)
    pushed(made)
    return str(made)


def new_person() -> Any:
    from hub.accounts.models import User

    name = f"pessoa{secrets.token_hex(4)}"
    return User.objects.create_confirmed(name, f"{name}@exemplo.com", f"senha de {name}")


def issue(owner: Any, scope: str = "ADMIN") -> Any:
    from hub.tokens.models import AccessToken
    from hub.tokens.scopes import Scope

    return AccessToken.objects.issue(owner, "de teste", [Scope[scope]])


def credentials(name: str, person: Any) -> tuple[str, str]:
    """What the actor signs in with, and what the API gave for it before it stopped working, if it did.

    Two-factor is on for `code`, and for all who have a token, to whom it makes no difference.
    """
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.utils import timezone

    from hub.api.bearer import issue as bearer_for
    from hub.tokens.models import AccessToken
    from hub.tokens.sign_in import SignedIn

    token, secret = None, f"senha de {person.username}"
    if name not in WITH_PASSWORD:
        token, secret = issue(person, SCOPES.get(name, "ADMIN"))
    bearer = bearer_for(SignedIn(person, token))
    if token or name == "code":
        TOTP.activate(person, generate_totp_secret())
    own = AccessToken.objects.filter(owner=person)
    if name == "exp":
        own.update(expires_at=timezone.now() - timedelta(minutes=1))
    if name == "off":
        own.update(is_active=False)
    return secret, bearer


def what_is_there(namespaces: Iterable[str]) -> dict[str, Any]:
    """All that somebody may have changed, by repository."""
    from hub.registry.client import RegistryClient
    from hub.repositories.models import Repository

    client = RegistryClient()
    rows = Repository.objects.filter(namespace__in=namespaces).order_by("namespace", "name")
    return {one.full_name: _described(one, client) for one in rows}


def _described(one: Any, client: Any) -> dict[str, Any]:
    fields = ("description", "full_description", "is_private", "is_archived", "immutable_tags")
    return {
        **{name: getattr(one, name) for name in fields},
        "tags": sorted(one.tags.values_list("name", "digest")),
        "webhooks": sorted(one.webhooks.values_list("name", flat=True)),
        "access tokens": sorted(one.owner.access_tokens.values_list("label", "is_active")),
        "in the registry": sorted(client.tags(str(one)) or []),
        "latest": client.digest(str(one), "latest"),
    }


def main() -> None:
    django.setup()
    if sys.argv[1:]:
        json.dump(what_is_there(sys.argv[1:]), sys.stdout)
        return
    found = {name: actor(name) for name in ACTORS}
    before = what_is_there(one["namespace"] for one in found.values())
    json.dump({"actors": found, "before": before}, sys.stdout)


if __name__ == "__main__":
    main()
