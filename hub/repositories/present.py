"""Repositories, tags and people as Docker Hub's API writes them; keys without meaning here have a default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Min, Sum

from hub.accounts.models import User
from hub.repositories.models import ImageEntry, Repository, Tag, Viewer


@dataclass(frozen=True)
class Contents:
    """What the tags of a repository hold together; `weight` in bytes, each content once."""

    media_types: tuple[str, ...] = ()
    weight: int = 0


def person(user: User) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "username": user.username,
        "date_joined": user.date_joined,
        "profile_url": f"{settings.HUB_WEB_URL}/u/{user.username}",
        "is_confirmed": user.is_confirmed,  # only the practice hub tells it
    }


def repository_entries(repositories: Sequence[Repository], viewer: Viewer) -> list[dict[str, Any]]:
    """Each in the schema repository_list_entry; the database is asked once for all of them."""
    contents = contents_of(repositories)
    return [_entry(one, viewer, contents.get(one.pk, Contents())) for one in repositories]


def repository_info(repository: Repository, viewer: Viewer) -> dict[str, Any]:
    """The schema repository_info."""
    own = repository.belongs_to(viewer)
    [entry] = repository_entries([repository], viewer)
    return entry | {
        "user": repository.namespace,
        "hub_user": repository.namespace,
        "is_automated": False,
        "collaborator_count": 0,
        "has_starred": False,
        "full_description": repository.full_description or None,
        "permissions": {"read": True, "write": own, "admin": own},
        "immutable_tags_settings": {
            "enabled": repository.immutable_tags,
            "rules": repository.immutable_tags_rules,
        },
        "source": None,
    }


def tags(rows: Sequence[Tag]) -> list[dict[str, Any]]:
    return [tag(row) for row in rows]


def tag(row: Tag) -> dict[str, Any]:
    """The schema tag, with the digest and the list of images that live answers have."""
    return {
        "id": row.pk,
        "name": row.name,
        "repository": row.repository_id,
        "digest": row.digest,
        "media_type": row.media_type,
        "content_type": _content_type(row),
        "full_size": row.size,
        "images": [_image(row, image) for image in row.images],
        "creator": row.pushed_by_id or 0,
        "last_updater": row.pushed_by_id or 0,
        "last_updater_username": row.pushed_by.username if row.pushed_by else "",
        "last_updated": row.pushed_at,
        "status": "active",
        "tag_status": "active",
        "v2": True,  # the documentation says text; live answers have a boolean
        "tag_last_pulled": None,
        "tag_last_pushed": row.pushed_at,
    }


def contents_of(repositories: Sequence[Repository]) -> dict[int, Contents]:
    """By primary key; counted by the database, which has to look through the tags but never sends them."""
    own = Tag.objects.filter(repository__in=[one.pk for one in repositories]).order_by()
    # Two tags of the same content weigh no more than one.
    firsts = own.values("repository_id", "digest").annotate(first=Min("pk")).values("first")
    weighed = own.filter(pk__in=firsts).values("repository_id", "media_type").annotate(weight=Sum("size"))
    found: dict[int, Contents] = {}
    for row in weighed.order_by("repository_id", "media_type"):
        known = found.get(row["repository_id"], Contents())
        types = (*known.media_types, row["media_type"]) if row["media_type"] else known.media_types
        found[row["repository_id"]] = Contents(types, known.weight + row["weight"])
    return found


def _entry(repository: Repository, viewer: Viewer, contents: Contents) -> dict[str, Any]:
    return {
        "name": repository.name,
        "namespace": repository.namespace,
        "repository_type": "image",
        "status": 1,
        "status_description": "active",
        "description": repository.description,
        "is_private": repository.is_private,
        "star_count": 0,
        "pull_count": repository.pull_count,
        "last_updated": repository.last_updated,
        "last_modified": repository.last_updated,
        "date_registered": repository.created_at,
        "affiliation": "owner" if repository.belongs_to(viewer) else "",
        "media_types": list(contents.media_types),
        "content_types": ["image"],
        "categories": [],
        "storage_size": contents.weight,
    }


def _content_type(row: Tag) -> str:
    """ "unrecognized" is Docker Hub's word for an artifact that is no image: nobody can run it anywhere."""
    return "image" if row.platforms or not row.images else "unrecognized"


def _image(row: Tag, image: ImageEntry) -> dict[str, Any]:
    system, _, rest = image["platform"].partition("/")
    architecture, _, variant = rest.partition("/")
    return {
        "architecture": architecture,
        "variant": variant,
        "os": system,
        "features": "",
        "os_features": "",
        "os_version": "",
        "digest": image["digest"],
        "size": image["size"],
        "status": "active",
        "last_pulled": None,
        "last_pushed": row.pushed_at,
    }
