"""Rules about the tags of a repository on Docker Hub: which are there, and to which image each points.

A digest says exactly which bytes a tag points to, so here only digests count: the same content sent
in another manifest format is another digest.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Annotated

from checks.diagnosis import Action, Situation
from checks.grammar import SHA256
from checks.image import Image, RemoteImage, RemoteTags
from checks.reference import Reference, is_tag
from checks.rules.base import Count, Fits, Verdict, failed, passed, refused, rule, unverifiable
from checks.rules.both import not_there, nothing_usable, platforms_of
from checks.rules.words import listed

_FEW = 5


@rule(title="O repositório no Docker Hub tem as tags pedidas")
def tags_present(
    image: RemoteTags,
    tags: Annotated[tuple[str, ...], Fits(is_tag, 'uma tag, como "1.0"')],
) -> Verdict:
    """The tag of `image` says nothing here; other tags may be there too."""
    name = image.reference.familiar_name
    absent = [tag for tag in tags if tag not in image.tags]
    if not absent:
        return passed(f"`{name}` tem no Docker Hub as tags {listed(tags)}.", tags=" ".join(tags))
    if not image.tags:
        wanted = Reference(image.reference.registry, image.reference.repository, absent[0])
        return refused(Situation(wanted, Action.PUSH, exact=True, tags=image))
    if not image.complete:
        return unverifiable(
            f"`{name}` tem tags demais no Docker Hub para eu ler todas, e entre as que li não vi "
            f"{listed(absent)}. Apague no navegador as que você não usa e verifique de novo."
        )
    have = [tag for tag in tags if tag in image.tags] or image.tags[:_FEW]
    first = f"{name}:{absent[0]}"
    return failed(
        f"`{name}` tem no Docker Hub {listed(have)}, e ainda não tem {listed(absent)}. Monte a imagem que "
        f"falta, ou dê esse nome à que já existe com `docker tag IMAGEM {first}`, e envie com "
        f"`docker push {first}`."
    )


@rule(title="As duas tags apontam para o mesmo digest")
def same_digest(image: RemoteImage, same_as: RemoteImage) -> Verdict:
    if missing := not_there(same_as) or not_there(image, source=same_as):
        return missing
    name, source = image.reference.familiar, same_as.reference.familiar
    if image.digest == same_as.digest:
        return passed(f"`{name}` e `{source}` apontam para o mesmo digest.", digest=image.digest)
    return failed(
        f"`{name}` e `{source}` apontam para digests diferentes no Docker Hub. Dê os dois nomes à mesma "
        f"imagem com `docker tag {source} {name}` e envie os dois, `docker push {source}` e "
        f"`docker push {name}`.",
        digest=image.digest,
    )


@rule(title="As duas tags apontam para digests diferentes")
def other_digest(image: RemoteImage, other: RemoteImage) -> Verdict:
    if missing := not_there(other, image):
        return missing
    name, twin = image.reference.familiar, other.reference.familiar
    if image.digest != other.digest:
        return passed(f"`{name}` e `{twin}` apontam para digests diferentes.", digest=image.digest)
    return failed(
        f"`{name}` e `{twin}` apontam para o mesmo digest no Docker Hub: são dois nomes da mesma imagem. "
        f"Mude o que a imagem tem, construa a versão nova com o nome `{name}` e envie com "
        f"`docker push {name}`.",
        digest=image.digest,
    )


@rule(title="A tag mudou de versão")
def tag_moved(image: RemoteImage, now: RemoteImage, before: RemoteImage) -> Verdict:
    """It points where `now` points and not where `before` does: how things are, not how they came to be."""
    if missing := not_there(before, now) or not_there(image, source=now):
        return missing
    name, new, old = (one.reference.familiar for one in (image, now, before))
    if now.digest == before.digest:
        return failed(
            f"`{new}` e `{old}` são a mesma imagem no Docker Hub, então `{name}` não tem para onde mudar. "
            f"Construa a versão nova com o nome `{new}` e envie com `docker push {new}`.",
            digest=image.digest,
        )
    if image.digest == now.digest:
        return passed(
            f"`{name}` aponta agora para a imagem de `{new}`, e não mais para a de `{old}`.",
            digest=image.digest,
        )
    where = (
        f"`{name}` ainda aponta para a imagem de `{old}` no Docker Hub: uma tag só muda com um push."
        if image.digest == before.digest
        else f"`{name}` não aponta para a imagem de `{new}` no Docker Hub, nem para a de `{old}`."
    )
    return failed(
        f"{where} Mude-a com `docker tag {new} {name}` e envie com `docker push {name}`.", digest=image.digest
    )


@rule(title="A tag aponta para o digest pedido")
def points_to(
    image: RemoteImage,
    digest: Annotated[str, Fits(SHA256.fullmatch, "um digest: `sha256:` e 64 algarismos hexadecimais")],
) -> Verdict:
    """The digest of the manifest, or of the index of several platforms, as `docker push` shows it."""
    if missing := not_there(image):
        return missing
    name, pinned = image.reference.familiar, f"{image.reference.familiar_name}@{digest}"
    if image.digest == digest:
        return passed(f"`{name}` aponta para o digest pedido.", digest=image.digest)
    return failed(
        f"`{name}` aponta no Docker Hub para `{image.digest}`, e o pedido é outro digest. Baixe a imagem "
        f"certa com `docker pull {pinned}`, dê o nome com `docker tag {pinned} {name}` e envie com "
        f"`docker push {name}`.",
        digest=image.digest,
    )


@rule(title="As duas imagens têm camadas em comum")
def shared_layers(image: RemoteImage, other: RemoteImage, at_least: Count = 1) -> Verdict:
    """The first `at_least` layers are the same, on every platform that both have."""
    if missing := not_there(other, image):
        return missing
    name, base = image.reference.familiar, other.reference.familiar
    if not image.images or not other.images:
        return nothing_usable(image if not image.images else other)
    mend = (
        f"Comece o Dockerfile de `{name}` com `FROM {base}`, construa a imagem de novo e envie com "
        f"`docker push {name}`."
    )
    shared = [_shared(one, another) for one, another in _pairs(image, other)]
    if not shared:
        return failed(
            f"`{name}` é para {platforms_of(image.images)} e `{base}` é para {platforms_of(other.images)}, "
            f"então nenhuma camada é a mesma. {mend}"
        )
    if min(shared) < at_least:
        return failed(
            f"`{name}` e `{base}` não têm camadas em comum que bastem: contadas do começo, as iguais são "
            f"{min(shared)}, e o mínimo pedido é {at_least}. {mend}",
            shared=str(min(shared)),
        )
    return passed(f"`{name}` e `{base}` começam pelas mesmas camadas.", shared=str(min(shared)))


def _pairs(image: RemoteImage, other: RemoteImage) -> list[tuple[Image, Image]]:
    others = {one.platform: one for one in other.images}
    return [(one, others[one.platform]) for one in image.images if one.platform in others]


def _shared(one: Image, other: Image) -> int:
    pairs = zip(one.diff_ids, other.diff_ids, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
