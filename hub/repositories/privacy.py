"""Public or private: the free plan's quota, and the one place that makes or changes a repository by hand.

Docker Personal has one private repository and as many public ones as one likes
(https://docs.docker.com/docker-hub/usage/). What the real hub answers when the second is asked for is not
documented; the words here are ours.

A push makes its repository when it has arrived, so one that was allowed a moment ago takes a place already.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from hub.accounts.models import User
from hub.registry.models import ExpectedRepository
from hub.registry.tokens import LASTS
from hub.repositories.life import require_active, settings_page
from hub.repositories.models import Repository, RepositoryQuerySet
from hub.rows import change, take_turns

PRIVATE_ALLOWED = 1


class NoPrivateLeft(Exception):  # noqa: N818
    """The sentence that the person reads."""

    def __init__(self, namespace: str, otherwise: str = "") -> None:
        """`otherwise`: what else would do, as the end of the sentence."""
        free = f"O plano gratuito tem {PRIVATE_ALLOWED} repositório privado"
        if taken := _private(namespace).order_by("name").first():
            sentence = f"{free}, e o seu é {taken}. Torne-o público em {settings_page(taken)} {otherwise}"
        else:
            pushed = ", ".join(map(str, _on_its_way(namespace).order_by("name")))
            minutes = int(LASTS.total_seconds()) // 60
            sentence = (
                f"{free}, e o envio de {pushed}, começado há pouco, já o ocupa. "
                f"Se ele não for terminar, espere {minutes} minutos {otherwise}"
            )
        super().__init__(sentence.strip())

    @property
    def told_to_programs(self) -> str:
        return f"private repository limit reached: {self}"


class NameTaken(Exception):  # noqa: N818
    """There is a repository of that name."""


def has_room(namespace: str, name: str) -> bool:
    """Whether `namespace/name`, which is not private yet, may be."""
    taken = _private(namespace).count() + _on_its_way(namespace).exclude(name=name).count()
    return taken < PRIVATE_ALLOWED


@transaction.atomic
def create(
    owner: User, name: str, description: str = "", *, private: bool = False, full_description: str = ""
) -> Repository:
    """An empty repository of `owner`; `name` is a good one. Raises NameTaken and NoPrivateLeft."""
    take_turns(owner.username)
    if Repository.objects.named(owner.username, name).exists():
        raise NameTaken
    if private and not has_room(owner.username, name):
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
def set_private(repository: Repository, private: bool) -> bool:
    """Whether this did it: it may have been so already. Raises NoPrivateLeft, Archived and Http404."""
    take_turns(repository.namespace)
    require_active(repository)
    repository.is_private = get_object_or_404(Repository, pk=repository.pk).is_private
    if repository.is_private == private:
        return False
    if private and not has_room(repository.namespace, repository.name):
        raise NoPrivateLeft(repository.namespace)
    change(repository, is_private=private, last_updated=timezone.now())
    return True


def _private(namespace: str) -> RepositoryQuerySet:
    return Repository.objects.filter(namespace=namespace, is_private=True)


def _on_its_way(namespace: str) -> QuerySet[ExpectedRepository]:
    """Pushes that may still arrive, and make a private repository."""
    recent = ExpectedRepository.objects.filter(
        namespace=namespace, is_private=True, allowed_at__gt=timezone.now() - LASTS
    )
    return recent.exclude(name__in=Repository.objects.filter(namespace=namespace).values("name"))
