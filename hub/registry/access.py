"""Who may do what on a repository: the intersection of what is asked and what is allowed."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from hub.accounts.models import User
from hub.registry.client import RegistryClient
from hub.registry.errors import RegistryError
from hub.registry.record import ensure_repository
from hub.registry.scope import Scope
from hub.registry.tokens import Access
from hub.repositories.models import Repository
from hub.repositories.names import RepositoryName

log = logging.getLogger(__name__)
_OWN = ("pull", "push", "delete")
_OTHERS = ("pull",)


def grant(person: User | None, scopes: Iterable[Scope]) -> list[Access]:
    """Asking for more than is allowed is no error: the registry itself refuses what the token lacks."""
    granted = []
    for scope in scopes:
        actions = [action for action in _allowed(person, scope) if action in scope.actions]
        if actions:
            granted.append(Access(type="repository", name=str(scope.repository), actions=actions))
    return granted


def _allowed(person: User | None, scope: Scope) -> tuple[str, ...]:
    if person is not None and person.username == scope.repository.namespace:
        return _OWN  # also where there is no repository yet: the push makes it
    if "pull" not in scope.actions:
        return ()
    repository = Repository.objects.named(*scope.repository).first() or _discover(scope.repository)
    return _OTHERS if repository is not None and not repository.is_private else ()


def _discover(name: RepositoryName) -> Repository | None:
    """A repository that was pushed a moment ago, or whose notification was lost, is in the registry."""
    if not User.objects.filter(username=name.namespace).exists():
        return None
    try:
        tags = RegistryClient(deadline=2.0).tags(str(name))
    except RegistryError as error:
        log.warning("Não foi possível procurar %s no registry: %s", name, error)
        return None
    return ensure_repository(name) if tags else None
