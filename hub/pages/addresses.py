"""Where everybody finds a repository, at the addresses of the real hub."""

from __future__ import annotations

from django.urls import reverse

from checks.reference import OFFICIAL


def public_address(namespace: str, name: str, page: str = "") -> str:
    """/_/nginx for official images, /r/ana/app for the others; `page`: "tags", or none for the first one."""
    suffix = f"_{page}" if page else ""
    if namespace == OFFICIAL:
        return reverse(f"official{suffix}", args=[name])
    return reverse(f"public_repository{suffix}", args=[namespace, name])
