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
_SEARCH_FOR = 2.0  # seconds


def grant(person: User | None, scopes: Iterable[Scope]) -> list[Access]:
    """Asking for more than is allowed is no error: the registry itself refuses what the token lacks."""
    granted = []
    client = RegistryClient(deadline=_SEARCH_FOR)  # one deadline for all that is asked
    for scope in scopes:
        actions = [action for action in _allowed(person, scope, client) if action in scope.actions]
        if actions:
            granted.append(Access(type="repository", name=str(scope.repository), actions=actions))
    return granted


def _allowed(person: User | None, scope: Scope, client: RegistryClient) -> tuple[str, ...]:
    if person is not None and person.username == scope.repository.namespace:
        return _OWN  # also where there is no repository yet: the push makes it
    if "pull" not in scope.actions:
        return ()
    repository = Repository.objects.named(*scope.repository).first()
    if repository is None or repository.is_private:
        # The time of the answer must not tell what is private from what is not there.
        repository = _discover(scope.repository, client)
    return _OTHERS if repository is not None and not repository.is_private else ()


def _discover(name: RepositoryName, client: RegistryClient) -> Repository | None:
    """A repository that was pushed a moment ago, or whose notification was lost, is in the registry."""
    if not User.objects.filter(username=name.namespace).exists():
        return None
    try:
        tags = client.tags(str(name))
    except RegistryError as error:
        log.warning("Não foi possível procurar %s no registry: %s", name, error)
        return None
    return ensure_repository(name) if tags else None
