"""Repositories and their tags, as the hub knows them; the registry holds the content itself."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from hub.repositories.names import LONGEST_PATH

Viewer = AbstractBaseUser | AnonymousUser | None
LONGEST_DESCRIPTION, LONGEST_OVERVIEW = 100, 25_000
UNKNOWN_PLATFORM = "unknown/unknown"


class ImageEntry(TypedDict):
    """One image behind a tag; a tag of several platforms has several."""

    platform: str
    digest: str
    size: int


def docker_id_of(viewer: Viewer) -> str | None:
    """The Docker ID of someone signed in; None for an anonymous visitor."""
    if viewer is None or not viewer.is_authenticated:
        return None
    return viewer.get_username()


class RepositoryQuerySet(models.QuerySet["Repository"]):
    def visible_to(self, viewer: Viewer) -> RepositoryQuerySet:
        """The public ones, and the viewer's own."""
        own = docker_id_of(viewer)
        public = models.Q(is_private=False)
        return self.filter(public | models.Q(namespace=own) if own else public)

    def named(self, namespace: str, name: str) -> RepositoryQuerySet:
        return self.filter(namespace=namespace, name=name)

    def search(self, text: str) -> RepositoryQuerySet:
        """Those whose name, namespace or description has `text`; `ana/app` looks at both parts."""
        namespace, slash, name = text.partition("/")
        if slash:
            return self.filter(namespace__iexact=namespace, name__icontains=name)
        return self.filter(
            models.Q(name__icontains=text)
            | models.Q(namespace__icontains=text)
            | models.Q(description__icontains=text)
        )


class Repository(models.Model):
    """`namespace/name`. Who may write is decided by the namespace; `owner` is None when nobody has it."""

    namespace = models.CharField(max_length=LONGEST_PATH)
    name = models.CharField(max_length=LONGEST_PATH)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="repositories",
    )
    description = models.CharField(max_length=LONGEST_DESCRIPTION, blank=True)
    full_description = models.TextField(blank=True)
    is_private = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_updated = models.DateTimeField(default=timezone.now)
    pull_count = models.PositiveBigIntegerField(default=0)
    push_allowed_at = models.DateTimeField(null=True)  # to the minute: see hub.registry.attention
    is_archived = models.BooleanField(default=False)
    # Without rules, every tag; with rules, the tags that one of them matches.
    immutable_tags = models.BooleanField(default=False)
    immutable_tags_rules: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)

    objects = RepositoryQuerySet.as_manager()

    class Meta:
        ordering = ["-last_updated", "namespace", "name"]
        constraints = [
            models.UniqueConstraint(fields=["namespace", "name"], name="repository_unique_path"),
        ]
        indexes = [  # of what somebody's list is ordered by
            models.Index("namespace", models.F("last_updated").desc(), "name", name="repository_by_date"),
            models.Index("namespace", models.F("pull_count").desc(), "name", name="repository_by_pulls"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.namespace}/{self.name}"

    def belongs_to(self, viewer: Viewer) -> bool:
        return docker_id_of(viewer) == self.namespace


class Tag(models.Model):
    """A name that points at content; `images` is empty until the manifest has been read."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=128)
    digest = models.CharField(max_length=160)
    media_type = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    pushed_at = models.DateTimeField(default=timezone.now)
    pushed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    images: models.JSONField[list[ImageEntry], list[ImageEntry]] = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-pushed_at", "name"]
        constraints = [
            models.UniqueConstraint(fields=["repository", "name"], name="tag_unique_in_repository"),
        ]
        indexes = [models.Index("repository", models.F("pushed_at").desc(), "name", name="tag_by_date")]

    def __str__(self) -> str:
        return f"{self.repository}:{self.name}"

    @property
    def platforms(self) -> list[str]:
        """The platforms a person can run, without the attestations that builds add."""
        return [image["platform"] for image in self.images if image["platform"] != UNKNOWN_PLATFORM]


def by_name(viewer: Viewer, namespace: str, name: str) -> Repository | None:
    """The repository, when it is there and the viewer may see it; both answers are None otherwise."""
    return Repository.objects.visible_to(viewer).named(namespace, name).first()
