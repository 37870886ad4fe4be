"""`python -m tests.browser.seed …`: what a hub of the browser tests holds, as pushes would have left it."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from hashlib import sha256

import django
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
django.setup()

from hub.accounts.models import User  # noqa: E402, Django has to be ready first
from hub.inbox.store import keep  # noqa: E402
from hub.repositories.models import ImageEntry, Repository, Tag  # noqa: E402
from hub.tokens.models import AccessToken  # noqa: E402
from hub.tokens.scopes import Scope  # noqa: E402
from hub.webhooks.models import Delivery, State, Webhook  # noqa: E402
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
    _broken()
    _tokens(ana)
    _webhooks(cool)
    letter = (
        "Subject: Confirme o seu e-mail\r\nFrom: Hub de treino <nao-responda@hub.treino>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nO seu código:\r\n\r\n123456\r\n"
    )
    keep("hub", ["ana@exemplo.com", "caio-spam@exemplo.com"], letter.encode("utf-8"))


def _broken() -> None:
    """A page that fails: nobody wrote these images as the hub does."""
    caio = User.objects.create_confirmed("caio2026", "caio@exemplo.com", PASSWORD)
    broken = Repository.objects.create(namespace=caio.username, name="quebrado", owner=caio)
    Tag.objects.create(repository=broken, name="latest", digest="sha256:0", images=[0])


def _tokens(owner: User) -> None:
    labels = ("meu notebook", "GitHub Actions do repositório docker-is-cool", "o de antes", "um-nome" * 14)
    for label, scope in zip(labels, Scope, strict=True):
        AccessToken.objects.issue(owner, label, [scope], timezone.now() + timedelta(days=30))
    own = AccessToken.objects.filter(owner=owner)
    own.filter(label=labels[1]).update(is_active=False, last_used=timezone.now())
    own.filter(label=labels[2]).update(expires_at=timezone.now() - timedelta(days=2))


def _webhooks(repository: Repository) -> None:
    """One that receives, one that does not, one that waits for its first push."""
    urls = ("http://127.0.0.1:9000/push", "https://exemplo.com/" + "caminho/" * 20, "http://localhost:9001/")
    received, silent, _ = [
        Webhook.objects.create(repository=repository, name=f"aviso {number}", url=url)
        for number, url in enumerate(urls)
    ]
    payload = {"push_data": {"tag": "latest"}}
    Delivery.objects.create(
        webhook=received, event_id="1", payload=payload, state=State.DELIVERED, status=200
    )
    answer = "Ninguém respondeu direito: [Errno 111] Connection refused"
    told = {"webhook": silent, "payload": payload, "answer": answer}
    later = timezone.now() + timedelta(hours=1)
    Delivery.objects.create(event_id="1", state=State.FAILED, tries=4, **told)
    Delivery.objects.create(event_id="2", state=State.WAITING, tries=2, next_try_at=later, **told)


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
