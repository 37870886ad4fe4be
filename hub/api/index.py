"""index.docker.io, the oldest name of Docker Hub, where programs still search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from hub.api.endpoint import endpoint
from hub.api.errors import nowhere
from hub.registry import SERVICE

NAME = "index.docker.io"
_CHALLENGE = f'Bearer realm="https://auth.docker.io/token",service="{SERVICE}"'


@endpoint("GET", "HEAD")
def ping(request: HttpRequest) -> HttpResponse:
    """GET /v2/, answered as the registry answers it: podman searches only where somebody does."""
    if request.get_host().partition(":")[0] != NAME:
        return nowhere(request)
    error = {"code": "UNAUTHORIZED", "message": "authentication required", "detail": None}
    answer = JsonResponse({"errors": [error]}, status=401)
    answer.headers["Docker-Distribution-Api-Version"] = "registry/2.0"
    answer.headers["WWW-Authenticate"] = _CHALLENGE
    return answer
