"""Who may do what on a repository: the intersection of what is asked and what is allowed.

Asking for more than is allowed is no error (the registry itself refuses what the token lacks), but for the
pushes of the owner's own that docker would otherwise refuse without a word of why: see NotAllowed. A tag is
not in what is asked, so whether one is immutable is decided where it arrives: see hub.registry.gate.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from checks.reference import OFFICIAL
from hub.accounts.models import User
from hub.registry import INTERNAL_SUBJECT
from hub.registry.attention import note_push
from hub.registry.client import RegistryClient
from hub.registry.errors import RegistryError
from hub.registry.record import ensure_repository, expect
from hub.registry.scope import Scope
from hub.registry.tokens import REFUSED, Access
from hub.repositories.life import Archived
from hub.repositories.models import Repository
from hub.repositories.names import RepositoryName
from hub.repositories.privacy import NoPrivateLeft, has_room
from hub.rows import take_turns
from hub.tokens import scopes as permissions
from hub.tokens.sign_in import SignedIn, page

log = logging.getLogger(__name__)
_OTHERS = ("pull",)
_SEARCH_FOR = 2.0  # seconds
_OWN = {
    permissions.Scope.READ: ("pull",),
    permissions.Scope.WRITE: ("pull", "push"),
    permissions.Scope.ADMIN: ("pull", "push", "delete"),
}


class NotAllowed(Exception):  # noqa: N818
    """The sentence for the owner, which docker shows."""


class Denied(NotAllowed):
    """Not for want of a permission: the repository is archived, or would be one private one too many."""


@dataclass
class _Search:
    """What one request may cost the registry: docker asks for a name or two that the hub does not know."""

    client: RegistryClient
    left: int = 4


def grant(who: SignedIn | None, scopes: Sequence[Scope], *, gate_tells: bool = False) -> list[Access]:
    """Raises NotAllowed; with `gate_tells` its sentence is among what is granted, for hub.registry.gate."""
    search = _Search(RegistryClient(deadline=_SEARCH_FOR))  # one for all that is asked
    granted = [access for scope in scopes for access in _granted(who, scope, search, gate_tells)]
    return granted + _mounted(scopes, granted)


def _granted(who: SignedIn | None, scope: Scope, search: _Search, gate_tells: bool) -> Iterator[Access]:
    path = str(scope.repository)
    try:
        allowed = _allowed(who, scope, search)
    except NotAllowed as refused:
        if not gate_tells:
            raise
        yield Access(type=REFUSED, name=path, actions=[str(refused)])
        scope = replace(scope, actions=scope.actions - {"push"})  # all that it may besides
        allowed = _allowed(who, scope, search)
    actions = [action for action in allowed if action in scope.actions]
    if actions:
        yield Access(type="repository", name=path, actions=actions)


def _mounted(scopes: Sequence[Scope], granted: Sequence[Access]) -> list[Access]:
    """The official names that a push asks to mount layers from.

    An engine with containerd's store asks so for what was built FROM an image of its own without a
    namespace, such as docker-is-cool, and gives up when it is denied. All that is official is public.
    """
    if not any("push" in access["actions"] for access in granted):
        return []
    names = {access["name"] for access in granted}
    official = [str(scope.repository) for scope in scopes if _is_mount_of_official(scope)]
    return [Access(type="repository", name=name, actions=["pull"]) for name in official if name not in names]


def _is_mount_of_official(scope: Scope) -> bool:
    return scope.repository.namespace == OFFICIAL and scope.actions == {"pull"}


def _allowed(who: SignedIn | None, scope: Scope, search: _Search) -> tuple[str, ...]:
    if who is not None and who.person.username == scope.repository.namespace:
        if "push" in scope.actions:
            _check_push(who, scope.repository, search)
        if who.may(permissions.Scope.READ):
            own = _OWN[who.token.scope if who.token else permissions.Scope.ADMIN]
            return _OTHERS if "delete" in scope.actions and _is_archived(scope.repository) else own
    if "pull" not in scope.actions:
        return ()
    repository = Repository.objects.named(*scope.repository).first()
    if repository is None or repository.is_private:
        # The time of the answer must not tell what is private from what is not there.
        repository = _discover(scope.repository, search, is_hidden=repository is not None)
    return _OTHERS if repository is not None and not repository.is_private else ()


def _check_push(who: SignedIn, name: RepositoryName, search: _Search) -> None:
    """Of one's own: also where there is no repository yet, since the push makes it."""
    if not who.may(permissions.Scope.WRITE):
        raise NotAllowed(_no_write(who))
    repository = Repository.objects.named(*name).first() or _discover(name, search)
    if repository is not None:
        if (
            repository.is_archived and not settings.HUB_GATE_BINDS
        ):  # who tells it better: see hub.registry.gate
            raise Denied(Archived(repository).told_to_programs)
        note_push(repository)
        return
    _expect(name, private=who.person.default_private)


@transaction.atomic
def _expect(name: RepositoryName, *, private: bool) -> None:
    """Raises Denied."""
    take_turns(name.namespace)
    if private and not has_room(*name):
        raise Denied(_no_room(name))
    expect(name, private=private)


def _is_archived(name: RepositoryName) -> bool:
    return Repository.objects.named(*name).filter(is_archived=True).exists()


def _no_write(who: SignedIn) -> str:
    """The real hub's words: https://github.com/spinalcordtoolbox/spinalcordtoolbox/issues/5286."""
    label = who.token.label if who.token else ""
    return (
        f"access token has insufficient scopes: o token «{label}» não permite enviar. Crie outro, com a "
        f"permissão Ler e enviar (Repo Read & Write), em {page()} e entre de novo com: "
        f"docker login -u {who.person.username}"
    )


def _no_room(name: RepositoryName) -> str:
    page = settings.HUB_WEB_URL + reverse("default_privacy")
    otherwise = f"ou mude em {page} a sua privacidade padrão, com que {name} nasceria privado."
    return NoPrivateLeft(name.namespace, otherwise).told_to_programs


def _discover(name: RepositoryName, search: _Search, *, is_hidden: bool = False) -> Repository | None:
    """A repository that was pushed a moment ago, or whose notification was lost, is in the registry.

    None for one that `is_hidden`, which the hub knows: then the registry is asked for what it never has.
    """
    if not search.left or not User.objects.filter(username=name.namespace).exists():
        return None
    search.left -= 1
    path = f"{INTERNAL_SUBJECT}/{name.name}" if is_hidden else str(name)
    try:
        tags = search.client.tags(path)
    except RegistryError as error:
        log.warning("Não foi possível procurar %s no registry: %s", name, error)
        return None
    return ensure_repository(name) if tags else None
