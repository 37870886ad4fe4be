"""What a class is graded on: of each unit, what registry and hub can prove.

What only the learner's computer tells (its images, its events, what was answered in a notebook) can be made
up there, so it earns no points in a class: those checks are left out, and the points are of what remains.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checks.classroom.models import Models
from checks.diagnosis import Action, Situation
from checks.entry import Check
from checks.image import (
    Access,
    Account,
    Mark,
    PublicImage,
    RemoteImage,
    RemoteLeaks,
    RemoteTags,
    Repository,
)
from checks.reference import Reference
from checks.rules import RULES, Rule
from checks.rules.base import PLAIN, Verdict, failed, parameters_of, passed, refused, unverifiable
from checks.rules.both import nothing_usable, platforms_of
from checks.unit import Unit

_REMOTE = (RemoteImage, PublicImage, Repository, RemoteTags, RemoteLeaks, Account, Mark)
_PUSHED = "pushed"


def remote_form(unit: Unit, models: Models) -> Unit | None:
    """The unit with the checks that can be proved from afar, and their points; None when none can."""
    checks = tuple(_remote(check, models) for check in unit.checks if is_remote(check))
    if not checks:
        return None
    return replace(unit, checks=checks, points=sum(check.points for check in checks))


def remote_forms(course: Iterable[Unit], models: Models) -> tuple[Unit, ...]:
    forms = (remote_form(unit, models) for unit in course)
    return tuple(form for form in forms if form is not None)


def public_form(unit: Unit, models: Models) -> Unit | None:
    """Of the remote form, what anyone can prove: without private repositories, and without marks."""
    form = remote_form(unit, models)
    private = {_repository(check) for check in unit.checks if check.arguments.get("private") is True}
    checks = tuple(check for check in form.checks if _is_public(check, private)) if form else ()
    return replace(unit, checks=checks, points=sum(check.points for check in checks)) if checks else None


def public_forms(course: Iterable[Unit], models: Models) -> tuple[Unit, ...]:
    forms = (public_form(unit, models) for unit in course)
    return tuple(form for form in forms if form is not None)


def _is_public(check: Check, private: set[str]) -> bool:
    needs_secret = any(parameter.kind is Mark for parameter in check.rule.parameters)
    return not needs_secret and _repository(check) not in private


def _repository(check: Check) -> str:
    """`{docker_id}/diario` of any of its tags."""
    owner, _, name = str(check.arguments.get("image", "")).rpartition("/")
    return f"{owner}/{name.partition(':')[0]}"


def is_remote(check: Check) -> bool:
    kinds = {parameter.kind for parameter in check.rule.parameters}
    return check.rule.name == _PUSHED or kinds <= {*_REMOTE, *PLAIN}


def _remote(check: Check, models: Models) -> Check:
    if check.rule.name != _PUSHED:
        return check
    return replace(check, rule=_pushed_like(models))


def _pushed_like(models: Models) -> Rule:
    """`pushed` without the learner's computer: held against the image that the teacher handed out."""

    def pushed(image: RemoteImage, same_as: Reference) -> Verdict:
        if image.access is not Access.FOUND:
            situation = Situation(image.reference, Action.PUSH, exact=True, source=same_as, remote=image)
            return refused(situation)
        if not image.images:
            return nothing_usable(image)
        name, wanted = image.reference.familiar, models.named(same_as)
        if same_as.namespace == image.reference.namespace:  # their own: what they pushed is what there is
            return passed(f"`{name}` está no Docker Hub.", digest=image.digest)
        if not wanted:
            return unverifiable(
                f"`{name}` está no Docker Hub, mas a turma ainda não tem o modelo de `{same_as.familiar}`: "
                "não há com o que comparar. Quem dá a aula pode acrescentá-lo com `lab turma modelo`.",
                digest=image.digest,
            )
        contents = {model.content for model in wanted}
        if any(one.content in contents for one in image.images):
            return passed(
                f"`{name}` está no Docker Hub com o mesmo conteúdo de `{same_as.familiar}`.",
                digest=image.digest,
            )
        return _other(image, same_as, models)

    return Rule(_PUSHED, RULES[_PUSHED].title, pushed, parameters_of(pushed))


def _other(image: RemoteImage, same_as: Reference, models: Models) -> Verdict:
    name, source = image.reference.familiar, same_as.familiar
    platforms = {one.platform for one in models.named(same_as)}
    if not platforms & {one.platform for one in image.images}:
        return unverifiable(
            f"`{name}` no Docker Hub é para {platforms_of(image.images)}, e a turma só tem o modelo de "
            f"`{source}` para {platforms_of(models.named(same_as))}: não há com o que comparar. "
            "Quem dá a aula pode acrescentar um modelo com `lab turma modelo`.",
            digest=image.digest,
        )
    return failed(
        f"`{name}` está no Docker Hub, mas é outra imagem, e não a `{source}`. Dê o nome à imagem certa com "
        f"`docker tag {source} {name}` e envie de novo com `docker push {name}`.",
        digest=image.digest,
    )
