"""`python -m tests.browser.seed …`: what a hub of the browser tests holds, as pushes would have left it."""

from __future__ import annotations

import os
import sys
from hashlib import sha256

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
django.setup()

from hub.accounts.models import User  # noqa: E402, Django has to be ready first
from hub.inbox.store import keep  # noqa: E402
from hub.repositories.models import ImageEntry, Repository, Tag  # noqa: E402
from tests.browser.practice_hub import PASSWORD  # noqa: E402

OVERVIEW = """# Um contêiner que diz olá

Execute com `docker run ana2026/docker-is-cool`. Veja **também** a [documentação](https://docs.docker.com/).

![o logotipo](https://exemplo.com/logotipo.png)

| tag | o que traz |
| --- | --- |
| latest | a mais nova |
| 1.0 | a primeira |

```sh
docker run --rm ana2026/docker-is-cool:1.0 uma-linha-bem-comprida --que-nao-cabe-na-tela-de-um-celular
```

> Feita na aula.
"""


def everything() -> None:
    ana = User.objects.create_confirmed("ana2026", "ana@exemplo.com", PASSWORD)
    User.objects.create_confirmed("bia2026", "bia@exemplo.com", PASSWORD)
    about = {"description": "Um contêiner que diz olá em português", "full_description": OVERVIEW}
    cool = Repository.objects.create(
        namespace=ana.username, name="docker-is-cool", owner=ana, pull_count=12, **about
    )
    for number in range(40):
        _tag(cool, f"1.{number}", ana)
    _tag(cool, "latest", ana)
    Repository.objects.create(namespace=ana.username, name="segredo", owner=ana, is_private=True)
    Repository.objects.create(namespace=ana.username, name="antigo", owner=ana, is_archived=True)
    Repository.objects.create(namespace=ana.username, name="um-nome" + "-comprido" * 8, owner=ana)
    for number in range(25):
        Repository.objects.create(namespace=ana.username, name=f"teste-{number}", owner=ana)
    base = Repository.objects.create(namespace="library", name="busybox", description="Comandos do Unix")
    _tag(base, "latest", None)
    letter = "Subject: Confirme o seu e-mail\r\n\r\nO seu código:\r\n\r\n123456\r\n"
    keep("hub", ["ana@exemplo.com", "caio-spam@exemplo.com"], letter.encode("utf-8"))


def push(namespace: str, name: str, tag: str) -> None:
    owner = User.objects.get(username=namespace)
    repository, _ = Repository.objects.get_or_create(namespace=namespace, name=name, owner=owner)
    _tag(repository, tag, owner)


def _tag(repository: Repository, name: str, by: User | None) -> None:
    digest = f"sha256:{sha256(f'{repository}:{name}'.encode()).hexdigest()}"
    both = ("linux/amd64", "linux/arm64/v8")
    images = [ImageEntry(platform=platform, digest=digest, size=1_950_000) for platform in both]
    Tag.objects.create(
        repository=repository, name=name, digest=digest, size=3_900_000, pushed_by=by, images=images
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        push(*sys.argv[1:])
    else:
        everything()
