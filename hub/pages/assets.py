"""The hub's few static files, served by the hub itself and kept by the browser for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

FOLDER: Path = settings.PACKAGE_DIR / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@cache
def version(name: str) -> str:
    """A few letters that change with the content, so that a changed file has another address."""
    path = Path(f"{FOLDER}/{name}")  # a template's string is not one that `/` takes
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def address(name: str) -> str:
    return f"{reverse('asset', args=[name])}?v={version(name)}"


def serve(request: HttpRequest, name: str) -> HttpResponse:
    path = FOLDER / name
    # The route's pattern has no slash, so the name cannot leave the folder.
    if path.suffix not in TYPES or not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=TYPES[path.suffix])
    current = request.GET.get("v") == version(name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response
