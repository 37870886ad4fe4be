"""Public or private: the free plan's quota, and the one place that makes or changes a repository by hand.

Docker Personal has one private repository and as many public ones as one likes
(https://docs.docker.com/docker-hub/usage/). What the real hub answers when the second is asked for is not
documented; the words here are ours.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.repositories.life import require_active, settings_page
from hub.repositories.models import Repository, RepositoryQuerySet

PRIVATE_ALLOWED = 1


class NoPrivateLeft(Exception):  # noqa: N818
    """The sentence that the person reads."""

    def __init__(self, namespace: str, otherwise: str = "") -> None:
        """`otherwise`: what else would do, as the end of the sentence."""
        taken = _private(namespace).order_by("name")[0]
        super().__init__(
            f"O plano gratuito tem {PRIVATE_ALLOWED} repositório privado, e o seu é {taken}. "
            f"Torne-o público em {settings_page(taken)} {otherwise}".strip()
        )

    @property
    def told_to_programs(self) -> str:
        return f"private repository limit reached: {self}"


class NameTaken(Exception):  # noqa: N818
    """There is a repository of that name."""


def has_room(namespace: str) -> bool:
    """Whether one more repository of this namespace may be private."""
    return _private(namespace).count() < PRIVATE_ALLOWED


@transaction.atomic
def create(
    owner: User, name: str, description: str = "", *, private: bool = False, full_description: str = ""
) -> Repository:
    """An empty repository of `owner`; `name` is a good one. Raises NameTaken and NoPrivateLeft."""
    _take_turns(owner.username)
    if Repository.objects.named(owner.username, name).exists():
        raise NameTaken
    if private and not has_room(owner.username):
        raise NoPrivateLeft(owner.username, "ou crie este como público.")
    try:
        with transaction.atomic():
            return Repository.objects.create(
                namespace=owner.username,
                name=name,
                owner=owner,
                description=description,
                full_description=full_description,
                is_private=private,
            )
    except IntegrityError as error:  # a push made it meanwhile
        raise NameTaken from error


@transaction.atomic
def set_private(repository: Repository, private: bool) -> None:
    """Raises NoPrivateLeft and Archived."""
    _take_turns(repository.namespace)
    require_active(repository)
    if private and not repository.is_private and not has_room(repository.namespace):
        raise NoPrivateLeft(repository.namespace)
    repository.is_private = private
    Repository.objects.filter(pk=repository.pk).update(is_private=private, last_updated=timezone.now())


def _private(namespace: str) -> RepositoryQuerySet:
    return Repository.objects.filter(namespace=namespace, is_private=True)


def _take_turns(namespace: str) -> None:
    """Two requests at the same time must not both find the one place free."""
    list(User.objects.select_for_update().filter(username=namespace).values_list("pk"))
