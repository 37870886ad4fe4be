"""An archived repository is read only: nobody pushes, and its information stays as it is; pulls go on.

As told in https://docs.docker.com/docker-hub/repos/archive/. The words of the refusal are ours.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from hub.repositories.models import Repository


class Archived(Exception):  # noqa: N818
    """The sentence that the person reads."""

    def __init__(self, repository: Repository) -> None:
        super().__init__(
            f"O repositório {repository} está arquivado: dá para baixar, mas não para enviar nem mudar. "
            f"Para reativá-lo, abra {settings_page(repository)}"
        )

    @property
    def told_to_programs(self) -> str:
        return f"repository is archived: {self}"


def settings_page(repository: Repository) -> str:
    path = reverse("repository_settings", args=[repository.namespace, repository.name])
    return settings.HUB_WEB_URL + path


def archive(repository: Repository) -> bool:
    """Whether this did it: it may have been archived already."""
    return _set_archived(repository, True)


def activate(repository: Repository) -> bool:
    """Whether this did it: it may have been active already."""
    return _set_archived(repository, False)


def require_active(repository: Repository) -> None:
    """Before anything of it is changed, but for deleting it whole. Raises Archived."""
    if Repository.objects.filter(pk=repository.pk, is_archived=True).exists():
        raise Archived(repository)


def _set_archived(repository: Repository, archived: bool) -> bool:
    repository.is_archived = archived
    other = Repository.objects.filter(pk=repository.pk, is_archived=not archived)
    return bool(other.update(is_archived=archived))
