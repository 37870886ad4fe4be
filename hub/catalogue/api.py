"""Searching, for programs: the index's classic search, which `docker search` asks for, and Docker Hub's own.

Public repositories and the catalogue's entries, whoever asks. An entry is found, and nothing of it can be
read or pulled here: its page tells where it really is.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from hub.api.endpoint import endpoint
from hub.api.paging import paginated
from hub.catalogue.search import Found, find

_USUAL, _MOST = 25, 100  # https://docs.docker.com/reference/cli/docker/search/: --limit is from 1 to 100


@endpoint("GET", "HEAD")
def classic(request: HttpRequest) -> HttpResponse:
    """GET /v1/search?q=nginx&n=25; the engine filters what it gets by `is_official`."""
    query = request.GET.get("q", "").replace("\0", "").strip()
    found = find(query)
    most = _small_number(request.GET.get("n", ""), _USUAL)
    return JsonResponse(
        {
            "num_results": found.count(),
            "num_pages": 1,
            "page": 1,
            "page_size": most,
            "query": query,
            "results": [_classic(one) for one in found[:most]],
        }
    )


@endpoint("GET", "HEAD")
def repositories(request: HttpRequest) -> HttpResponse:
    """GET /v2/search/repositories?query=nginx, in pages."""
    found = find(request.GET.get("query", ""))
    return paginated(request, found, lambda rows: [_result(one) for one in rows])


def _classic(found: Found) -> dict[str, Any]:
    return {
        "name": found.pulled_as,
        "description": found.description,
        "star_count": 0,
        "is_official": found.is_official,
        "is_automated": False,
    }


def _result(found: Found) -> dict[str, Any]:
    return {
        "repo_name": found.pulled_as,
        "short_description": found.description,
        "star_count": 0,
        "pull_count": found.pull_count or 0,
        "repo_owner": "",
        "is_automated": False,
        "is_official": found.is_official,
    }


def _small_number(text: str, otherwise: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return otherwise
    return min(max(int(text), 1), _MOST)
