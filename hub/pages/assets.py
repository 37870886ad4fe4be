"""The hub's few static files, served by the hub itself and kept by the browser for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import django_htmx
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

FOLDER: Path = settings.PACKAGE_DIR / "static"
_VENDORED = {
    "htmx.js": Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js",
}
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@cache
def version(name: str) -> str:
    """A few letters that change with the content, so that a changed file has another address."""
    return hashlib.sha256(_path(name).read_bytes()).hexdigest()[:10]


def _path(name: str) -> Path:
    # As a string: a template's is not one that `/` takes. The route's pattern has no slash, so the name
    # cannot leave the folder.
    return _VENDORED.get(name, Path(f"{FOLDER}/{name}"))


def address(name: str) -> str:
    return f"{reverse('asset', args=[name])}?v={version(name)}"


def serve(request: HttpRequest, name: str) -> HttpResponse:
    path = _path(name)
    if path.suffix not in TYPES or not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=TYPES[path.suffix])
    current = request.GET.get("v") == version(name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response
