"""Sets the scene in a running hub: `python -m tests.lab.permissions.scene`, with the hub's environment.

A repository for each pair of who asks and state it is in, so that no cell sees what another one did. Prints
the secrets and names as JSON.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys

import django

ACTORS = ("anonymous", "other", "owner", "admin", "write", "read", "public_read")
STATES = ("public", "private", "archived", "immutable")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def manifest(text: str) -> tuple[bytes, dict[str, bytes]]:
    """The smallest image, another for another text: its manifest, and its blobs by digest."""
    config, layer = b'{"os":"linux","architecture":"amd64"}', text.encode()
    blobs = {f"sha256:{hashlib.sha256(blob).hexdigest()}": blob for blob in (config, layer)}
    described = [{"digest": digest, "size": len(blob)} for digest, blob in blobs.items()]
    config_part = {"mediaType": "application/vnd.oci.image.config.v1+json", **described[0]}
    layer_part = {"mediaType": "application/vnd.oci.image.layer.v1.tar", **described[1]}
    body = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config_part, "layers": [layer_part]}
    return json.dumps(body).encode(), blobs


def main() -> None:
    django.setup()
    from hub.accounts.models import User
    from hub.registry.client import RegistryClient
    from hub.registry.reconcile import reconcile_repository
    from hub.repositories.models import Repository
    from hub.repositories.names import RepositoryName
    from hub.tokens.models import AccessToken
    from hub.tokens.scopes import Scope

    people = {name: f"{name}{secrets.token_hex(4)}" for name in ("owner", "other")}
    passwords = {name: secrets.token_urlsafe(15) for name in people}
    accounts = {
        name: User.objects.create_confirmed(people[name], f"{people[name]}@exemplo.com", passwords[name])
        for name in people
    }
    tokens = {
        scope.name.lower(): AccessToken.objects.issue(accounts["owner"], scope.name.lower(), [scope])[1]
        for scope in Scope
    }
    client = RegistryClient()
    for actor in ACTORS:
        for state in STATES:
            name = RepositoryName(people["owner"], f"{actor.replace('_', '-')}-{state}")
            for tag in ("latest", "velha", "registro", ""):  # the last for whoever puts its manifest
                body, blobs = manifest(f"{tag} de {name}")
                for digest, blob in blobs.items():
                    client.upload(str(name), digest, blob)
                if tag:
                    client.put(str(name), tag, body, MANIFEST)
            Repository.objects.get_or_create(
                namespace=name.namespace, name=name.name, defaults={"owner": accounts["owner"]}
            )
            reconcile_repository(client, name)
            Repository.objects.named(*name).update(
                is_private=state == "private",
                is_archived=state == "archived",
                immutable_tags=state == "immutable",
            )
    json.dump({"people": people, "passwords": passwords, "tokens": tokens}, sys.stdout)


if __name__ == "__main__":
    main()
