"""A push: is the name on this machine, and may whoever is logged in push it?"""

from __future__ import annotations

from checks.diagnosis.names import nearest, own_copy, same_repository, under, unnamed
from checks.diagnosis.naming import to_name
from checks.diagnosis.situation import Cause, Diagnosis, Situation
from checks.diagnosis.there import other_tag
from checks.reference import OFFICIAL, Reference


def name(seen: Situation) -> Diagnosis | None:
    """There is nothing to push under this name: is it here, or there, under another one?"""
    if seen.local is None or seen.is_local or seen.is_remote:
        return None
    here = seen.names.names if seen.names else ()
    if (other := same_repository(seen.reference, here)) is not None:
        return _other_tag_here(seen, other)
    if not seen.exact and (theirs := own_copy(seen.reference, seen.learner, here)) is not None:
        return _under_own_name(seen, theirs)
    if (other := nearest(seen.reference, here)) is not None:
        return _near_miss(seen, other)
    return other_tag(seen) or _no_image(seen, unnamed(seen.reference, here))


def _other_tag_here(seen: Situation, other: Reference) -> Diagnosis:
    if seen.exact:
        command, end = to_name(seen, other)
        return Diagnosis(
            Cause.WRONG_TAG,
            f"`{seen.name}` ainda não está no {seen.hub}: no seu computador esse repositório tem a tag "
            f"`{other.tag}`, e o que se pede é `{seen.reference.target}`. {end}",
            command,
        )
    command = f"docker push {other.familiar}"
    return Diagnosis(
        Cause.WRONG_TAG,
        f"Não há `{seen.name}` no seu computador, mas há `{other.familiar}`: a tag é outra. "
        f"Diga a tag ao enviar: `{command}`.",
        command,
    )


def _under_own_name(seen: Situation, theirs: Reference) -> Diagnosis:
    command = f"docker push {theirs.familiar}"
    return Diagnosis(
        Cause.WRONG_NAMESPACE,
        f"Você entrou como `{seen.learner}`, e `{seen.name}` não começa por esse Docker ID. No "
        f"seu computador a imagem se chama `{theirs.familiar}`: envie-a com `{command}`.",
        command,
    )


def _near_miss(seen: Situation, other: Reference) -> Diagnosis:
    command, end = to_name(seen, other)
    return Diagnosis(
        Cause.NEAR_MISS,
        f"Não há `{seen.name}` no seu computador nem no {seen.hub}; o nome mais parecido é "
        f"`{other.familiar}`. {end}",
        command,
    )


def _no_image(seen: Situation, found: Reference | None) -> Diagnosis:
    command, end = to_name(seen, found)
    return Diagnosis(
        Cause.MISSING_TAG,
        f"`{seen.name}` ainda não está no {seen.hub}, nem há imagem com esse nome no seu computador. {end}",
        command,
    )


def pusher(seen: Situation) -> Diagnosis | None:
    """Whether whoever is logged in may push to this namespace."""
    if not seen.reference.on_docker_hub or seen.login is None or seen.is_own:
        return None
    owner = seen.reference.namespace
    nobodys = owner == OFFICIAL or (seen.owner is not None and not seen.owner.exists)
    if seen.login.docker_id is None:
        return _nobody(seen, None if nobodys else owner)
    if "@" in seen.login.docker_id:
        return _by_email(seen)
    return _wrong_namespace(seen) if nobodys else _someone_else(seen, owner)


def _nobody(seen: Situation, owner: str | None) -> Diagnosis:
    command = f"docker login -u {owner or 'SEU_DOCKER_ID'}"
    there = "" if seen.is_remote else f"`{seen.name}` ainda não está no Docker Hub, e "
    sentence = f"{there}ninguém entrou nele por aqui" if there else "Ninguém entrou no Docker Hub por aqui"
    return Diagnosis(
        Cause.NOT_LOGGED_IN,
        f"{sentence}. Abra um terminal, entre com `{command}` e depois envie com `{seen.command}`.",
        command,
    )


def _by_email(seen: Situation) -> Diagnosis:
    command = "docker login -u SEU_DOCKER_ID"
    return Diagnosis(
        Cause.LOGGED_IN_AS_OTHER,
        f"Você entrou com o e-mail `{seen.learner}`, e o nome das imagens começa pelo Docker ID. "
        f"Entre com ele, por `{command}`, e repita `{seen.command}`.",
        command,
    )


def _wrong_namespace(seen: Situation) -> Diagnosis:
    mine = under(seen.learner or "", seen.reference)
    why = (
        "não diz de quem a imagem é, e sem um Docker ID na frente ela iria para as imagens oficiais"
        if seen.reference.namespace == OFFICIAL
        else f"começa por `{seen.reference.namespace}`, e não há conta com esse Docker ID"
    )
    command = f"docker tag {seen.name} {mine.familiar}"
    return Diagnosis(
        Cause.WRONG_NAMESPACE,
        f"O nome `{seen.name}` {why}. O seu é `{seen.learner}`: dê o nome certo com `{command}` e envie "
        f"com `docker push {mine.familiar}`.",
        command,
    )


def _someone_else(seen: Situation, owner: str) -> Diagnosis:
    command = f"docker login -u {owner}"
    return Diagnosis(
        Cause.LOGGED_IN_AS_OTHER,
        f"Você entrou como `{seen.learner}`, e só `{owner}` pode enviar `{seen.name}`. Se essa conta é "
        f"sua, entre com `{command}` e repita `{seen.command}`; se não é, o nome da sua imagem é que "
        f"precisa começar por `{seen.learner}/`.",
        command,
    )
