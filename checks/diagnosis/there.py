"""What the registry has under a name, and why it cannot be pulled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checks.diagnosis.names import nearest, nearest_tag
from checks.diagnosis.naming import to_name
from checks.diagnosis.situation import Cause, Diagnosis, Situation
from checks.image import Access, Image, Platform
from checks.reference import OFFICIAL


def platform(seen: Situation) -> Diagnosis | None:
    """It is there, but for other processors than this machine's."""
    here = seen.names.platform if seen.names else None
    if not seen.is_remote or here is None or seen.remote is None or not seen.remote.images:
        return None
    there = [image.platform for image in seen.remote.images]
    if any(_runs(here, platform) for platform in there):
        return None
    mine = seen.local.image if seen.local else None
    if not seen.is_own:
        command, end = f"docker pull --platform {there[0]} {seen.name}", "Para baixar essa mesmo assim"
    elif mine is not None and _runs(here, mine.platform):
        command, end = f"docker push {seen.name}", "Envie a que está no seu computador"
    else:
        command, end = f"docker build --platform {here} -t {seen.name} .", "Construa a que falta"
    return Diagnosis(
        Cause.OTHER_PLATFORM,
        f"`{seen.name}` só está no Docker Hub para {', '.join(map(str, there))}, e o seu computador é "
        f"{here}: ela não roda nele. {end}: `{command}`.",
        command,
    )


def _runs(here: Platform, other: Platform) -> bool:
    return (here.os, here.architecture) == (other.os, other.architecture)


def old_content(seen: Situation) -> Diagnosis | None:
    mine = seen.local.image if seen.local else None
    if not seen.is_remote or mine is None or seen.remote is None or _has(seen.remote.images, mine):
        return None
    return Diagnosis(
        Cause.NOT_PUSHED,
        f"`{seen.name}` está no {seen.hub} com outro conteúdo: a do seu computador ainda não foi "
        f"enviada. Envie-a com `docker push {seen.name}`.",
        f"docker push {seen.name}",
    )


def _has(images: Iterable[Image], wanted: Image) -> bool:
    return any(image.content == wanted.content for image in images)


def other_tag(seen: Situation) -> Diagnosis | None:
    tags = seen.tags.tags if seen.tags else ()
    if seen.is_remote or not tags or seen.reference.target in tags:
        return None
    meant = nearest_tag(seen.reference.target, tags)
    other = replace(seen.reference, tag=meant, digest=None)
    if seen.exact:
        command, end = to_name(seen, other)
        return Diagnosis(
            Cause.WRONG_TAG,
            f"`{seen.reference.familiar_name}` está no {seen.hub} com {_listed(tags)}, e falta a tag "
            f"`{seen.reference.target}`. {end}",
            command,
        )
    command = f"docker pull {other.familiar}"
    return Diagnosis(
        Cause.WRONG_TAG,
        f"`{seen.reference.familiar_name}` está no {seen.hub}, mas sem a tag `{seen.reference.target}`: "
        f"há {_listed(tags)}. Diga a tag ao baixar: `{command}`.",
        command,
    )


def pushed_with_other_tag(seen: Situation) -> Diagnosis | None:
    """All that can be told of a push from afar, as of a class: what its computer has is not known there."""
    return other_tag(seen) if seen.local is None else None


def _listed(tags: Iterable[str]) -> str:
    shown = [f"`{tag}`" for tag in tags]
    if len(shown) == 1:
        return f"a tag {shown[0]}"
    return f"as tags {', '.join(shown[:5])}" + (" e outras" if len(shown) > 5 else "")


def absent(seen: Situation) -> Diagnosis | None:
    """It cannot be pulled: a slip in the name, a private repository, or nothing at all."""
    if seen.is_remote or seen.remote is None:
        return None
    near = nearest(seen.reference, seen.names.names if seen.names else ())
    if near is not None:
        command = f"docker pull {near.familiar}"
        return Diagnosis(
            Cause.NEAR_MISS,
            f"`{seen.name}` não está no {seen.hub} para você; no seu computador há um nome parecido, "
            f"`{near.familiar}`. Se era esse: `{command}`.",
            command,
        )
    return _hidden(seen) if seen.reference.on_docker_hub else _nowhere(seen)


def _hidden(seen: Situation) -> Diagnosis:
    owner = seen.reference.namespace
    if owner == OFFICIAL:
        return _official(seen) if seen.system.practice else _nowhere(seen)
    if seen.owner is not None and not seen.owner.exists:
        return _nowhere(seen, f", e nem há conta com o Docker ID `{owner}`")
    if seen.remote is not None and seen.remote.access is Access.MISSING:
        return _nowhere(seen)
    either = f"O repositório `{seen.reference.familiar_name}` não existe ou é privado"
    if seen.learner is None:
        command = f"docker login -u {owner}"
        return Diagnosis(
            Cause.PRIVATE_OR_ABSENT,
            f"{either}, e ninguém entrou no Docker Hub por aqui. Se ele é seu, entre com `{command}` e "
            f"repita `{seen.command}`.",
            command,
        )
    command = f"docker search {seen.reference.repository.rpartition('/')[2]}"
    return Diagnosis(
        Cause.PRIVATE_OR_ABSENT,
        f"{either}, e nesse caso só `{owner}` pode baixá-lo; você entrou como `{seen.learner}`. Procure o "
        f"nome certo com `{command}`, ou peça a `{owner}` que o torne público.",
        command,
    )


def _official(seen: Situation) -> Diagnosis:
    command = f"docker search {seen.reference.repository.rpartition('/')[2]}"
    return Diagnosis(
        Cause.ABSENT,
        f"Sem um Docker ID na frente, `{seen.name}` é nome de imagem oficial, e no hub de treino as oficiais "
        f"que se baixam são `busybox`, `bash` e `hello-world`. As outras, só o Docker Hub real as tem; veja "
        f"o que há com esse nome: `{command}`.",
        command,
    )


def _nowhere(seen: Situation, more: str = "") -> Diagnosis:
    word = seen.reference.repository.rpartition("/")[2]
    command = f"docker search {word}" if seen.reference.on_docker_hub else seen.command
    return Diagnosis(
        Cause.ABSENT,
        f"`{seen.name}` não está no {seen.hub}{more}. Confira o nome letra por letra; para procurar o "
        f"certo: `{command}`.",
        command,
    )


def denied(seen: Situation) -> Diagnosis | None:
    """The real hub answers the same for a repository that does not exist yet."""
    if seen.remote is None or seen.remote.access is not Access.DENIED or not seen.reference.on_docker_hub:
        return None
    return Diagnosis(
        Cause.NOT_PUSHED,
        f"O Docker Hub respondeu que `{seen.name}` não existe ou que o seu login não dá acesso. "
        f"Envie com `{seen.command}`; se o push for negado, entre de novo com "
        f"`docker login -u {seen.reference.namespace}`.",
        seen.command,
    )
