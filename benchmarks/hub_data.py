"""Fills a hub's database: `python -m benchmarks.hub_data people 20` or `… repositories 10000 100000`.

Reads the hub's settings from the environment, as the hub does. Passwords and access tokens come out as JSON.
"""

from __future__ import annotations

import json
import secrets
import sys
from datetime import timedelta

import django
from django.core.management import call_command
from django.utils import timezone

EACH = 25  # repositories of a person, many or few: a page that lists them has as much to show


def people(count: int) -> dict[str, dict[str, str]]:
    """Confirmed accounts, each with a repository, and an access token that may write to it."""
    from hub.accounts.models import User
    from hub.repositories.models import Repository
    from hub.tokens.models import AccessToken
    from hub.tokens.scopes import Scope

    made: dict[str, dict[str, str]] = {}
    for number in range(count):
        name, password = f"pessoa{number:04}", secrets.token_urlsafe(12)
        person = User.objects.create_confirmed(name, f"{name}@exemplo.com", password)
        Repository.objects.create(namespace=name, name="docker-is-cool", owner=person)
        _, secret = AccessToken.objects.issue(person, "medida", [Scope.WRITE])
        made[name] = {"password": password, "token": secret}
    return made


def repositories(count: int, tags: int) -> None:
    """EACH to a person, the oldest first; each has the same number of tags."""
    from hub.accounts.models import User
    from hub.repositories.models import Repository, Tag

    names = [f"pessoa{number:04}" for number in range(count // EACH)]
    owners = User.objects.bulk_create(User(username=name, email=f"{name}@exemplo.com") for name in names)
    now = timezone.now()
    made = Repository.objects.bulk_create(
        [
            Repository(
                namespace=owners[number // EACH].username,
                name=f"repositorio-{number:05}",
                owner=owners[number // EACH],
                description=f"O repositório de número {number}",
                last_updated=now - timedelta(minutes=count - number),
            )
            for number in range(count)
        ],
        batch_size=1000,
    )
    each = tags // count
    Tag.objects.bulk_create(
        (
            Tag(
                repository=repository,
                name=f"v{version}",
                digest=f"sha256:{secrets.token_hex(32)}",
                media_type="application/vnd.oci.image.manifest.v1+json",
                size=1_000_000 + version,
                images=[{"platform": "linux/amd64", "digest": f"sha256:{'0' * 64}", "size": 1_000_000}],
            )
            for repository in made
            for version in range(each)
        ),
        batch_size=2000,
    )


def main(kind: str, *numbers: str) -> None:
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if kind == "people":
        json.dump(people(int(numbers[0])), sys.stdout)
    else:
        repositories(int(numbers[0]), int(numbers[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
