"""What a machine needs that joins a class: the authority's certificate, and where the pages are."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def authority(request: HttpRequest) -> HttpResponse:
    path = settings.HUB_AUTHORITY_FILE
    if path is None or not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="application/x-pem-file")


@require_safe
def place(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"pages": settings.HUB_WEB_URL})
