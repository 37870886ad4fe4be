"""Repositories, tags and people as Docker Hub's API writes them; keys without meaning here have a default."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from hub.accounts.models import User
from hub.repositories.models import ImageEntry, Repository, Tag, Viewer


def person(user: User) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "username": user.username,
        "date_joined": user.date_joined,
        "profile_url": f"{settings.HUB_WEB_URL}/u/{user.username}",
        "is_confirmed": user.is_confirmed,  # only the practice hub tells it
    }


def repository_entry(repository: Repository, viewer: Viewer) -> dict[str, Any]:
    """The schema repository_list_entry."""
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
        "media_types": sorted({tag.media_type for tag in repository.tags.all()}),
        "content_types": ["image"],
        "categories": [],
        "storage_size": _storage(repository),
    }


def repository_info(repository: Repository, viewer: Viewer) -> dict[str, Any]:
    """The schema repository_info."""
    own = repository.belongs_to(viewer)
    return repository_entry(repository, viewer) | {
        "user": repository.namespace,
        "hub_user": repository.namespace,
        "is_automated": False,
        "collaborator_count": 0,
        "has_starred": False,
        "full_description": repository.full_description or None,
        "permissions": {"read": True, "write": own, "admin": own},
        "immutable_tags_settings": {"enabled": False, "rules": []},
        "source": None,
    }


def tag(row: Tag) -> dict[str, Any]:
    """The schema tag, with the digest and the list of images that live answers have."""
    return {
        "id": row.pk,
        "name": row.name,
        "repository": row.repository_id,
        "digest": row.digest,
        "media_type": row.media_type,
        "content_type": "image",
        "full_size": row.size,
        "images": [_image(row, image) for image in row.images],
        "creator": row.pushed_by_id,
        "last_updater": row.pushed_by_id,
        "last_updater_username": row.pushed_by.username if row.pushed_by else "",
        "last_updated": row.pushed_at,
        "status": "active",
        "tag_status": "active",
        "v2": True,  # the documentation says text; live answers have a boolean
        "tag_last_pulled": None,
        "tag_last_pushed": row.pushed_at,
    }


def search_result(repository: Repository) -> dict[str, Any]:
    """An entry of the index's classic search, which `docker search` reads."""
    return {
        "name": repository.full_name,
        "description": repository.description,
        "star_count": 0,
        "is_official": False,
        "is_automated": False,
    }


def _image(row: Tag, image: ImageEntry) -> dict[str, Any]:
    system, _, rest = image["platform"].partition("/")
    architecture, _, variant = rest.partition("/")
    return {
        "architecture": architecture,
        "variant": variant or None,
        "os": system,
        "features": "",
        "os_features": "",
        "os_version": None,
        "digest": image["digest"],
        "size": image["size"],
        "status": "active",
        "last_pulled": None,
        "last_pushed": row.pushed_at,
    }


def _storage(repository: Repository) -> int:
    """What its images weigh, each content once: two tags of the same image cost no more than one."""
    sizes = {image["digest"]: image["size"] for tag in repository.tags.all() for image in tag.images}
    return sum(sizes.values())
