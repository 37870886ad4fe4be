"""How many requests a minute the API answers to one person, or to one address that did not sign in.

Headers and answer are those of the documentation's chapter on rate limiting. The real number is not told
there; ours is HUB_API_PER_MINUTE, wide enough for a whole class behind one address.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from hub.api import errors
from hub.api.bearer import subject_of
from hub.api.models import Use

PATHS = ("/v2/", "/v1/")
_MINUTE = 60  # seconds
# One statement counts and tells, so that two at the same time are two. SQLite and PostgreSQL know it.
_COUNT = """
    INSERT INTO hub_api_use (who, minute, requests) VALUES (%s, %s, 1)
    ON CONFLICT (who) DO UPDATE SET
        requests = CASE WHEN hub_api_use.minute = excluded.minute THEN hub_api_use.requests + 1 ELSE 1 END,
        minute = excluded.minute
    RETURNING requests
"""


def limit_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PATHS):
            return get_response(request)
        now = time.time()
        minute, most = int(now // _MINUTE), settings.HUB_API_PER_MINUTE
        ends = (minute + 1) * _MINUTE
        left = most - _count(_who(request), minute)
        response = errors.rate_limited(max(1, round(ends - now))) if left < 0 else get_response(request)
        response.headers["X-RateLimit-Limit"] = str(most)
        response.headers["X-RateLimit-Remaining"] = str(max(left, 0))
        response.headers["X-RateLimit-Reset"] = str(ends)
        return response

    return middleware


def forget_old_use() -> None:
    """Who asked nothing in the last hour starts again like anybody else."""
    Use.objects.filter(minute__lt=int(time.time() // _MINUTE) - 60).delete()


def forget_use_of(docker_id: str) -> None:
    Use.objects.filter(who=_of_person(docker_id)).delete()


def _of_person(docker_id: str) -> str:
    return f"person {docker_id}"


def _who(request: HttpRequest) -> str:
    person = subject_of(request)
    return _of_person(person) if person else f"address {request.META.get('REMOTE_ADDR', '')[:45]}"


def _count(who: str, minute: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [who, minute])
        requests: int = cursor.fetchone()[0]
        return requests
