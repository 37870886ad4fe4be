"""The JSON errors of the hub's /v2, in the shapes that Docker Hub documents."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt


class Refused(Exception):  # noqa: N818
    """A view stops here, and this is its answer."""

    def __init__(self, answer: JsonResponse) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


def failure(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"message": sentence, "detail": sentence, "errinfo": {}}, status=status)


def not_found() -> JsonResponse:
    """The same answer for what is not there and for what the viewer may not see."""
    return failure(404, "Não encontramos isso no hub de treino, ou você não tem acesso.")


def bad_token() -> JsonResponse:
    return failure(401, "O token não vale ou já venceu. Peça outro em /v2/auth/token.")


def sign_in_first() -> JsonResponse:
    return failure(
        401, "Este endereço é para quem entrou. Peça um token em /v2/auth/token e mande-o em Authorization."
    )


def password_only() -> JsonResponse:
    """The real hub's words, told in https://github.com/docker/hub-feedback/issues/2478."""
    return failure(
        403,
        "token issued from personal access token is not allowed: "
        "aqui só passa quem pediu o token em /v2/auth/token com a senha da conta.",
    )


def insufficient_scope() -> JsonResponse:
    return failure(
        403,
        "access token has insufficient scopes: para isto o token de acesso precisa da permissão "
        "«Ler, enviar e apagar (Repo Read, Write, Delete)».",
    )


def too_many(sentence: str, seconds: int) -> JsonResponse:
    return _later(failure(429, sentence), seconds)


def rate_limited(seconds: int) -> JsonResponse:
    """The documented body, which is the same for everybody."""
    return _later(JsonResponse({"detail": "Rate limit exceeded", "error": False}, status=429), seconds)


def _later(answer: JsonResponse, seconds: int) -> JsonResponse:
    """Today's header is in seconds; older programs read the other, the moment in Unix time."""
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["X-Retry-After"] = str(int(time.time()) + seconds)
    return answer


def bad_method(allowed: Sequence[str]) -> JsonResponse:
    answer = failure(405, f"Este endereço só aceita {', '.join(allowed)}.")
    answer.headers["Allow"] = ", ".join(allowed)
    return answer


def invalid(field: str, sentence: str) -> JsonResponse:
    return JsonResponse({"fields": {field: [sentence]}, "text": sentence}, status=400)


# A registry's addresses; docker asks for them when the name of an image begins with the hub's.
_OF_A_REGISTRY = re.compile(r"/v2/.+/(?:blobs|manifests)/.*")


@csrf_exempt
def nowhere(request: HttpRequest) -> JsonResponse:
    """Any other address under /v2: programs ask here, so the answer is JSON."""
    if _OF_A_REGISTRY.fullmatch(request.path):
        sentence = (
            f"{request.get_host()} é o endereço das páginas do Docker Hub e não entra no nome da imagem, "
            "que começa pelo Docker ID"
        )
        return JsonResponse({"errors": [{"code": "UNSUPPORTED", "message": sentence}]}, status=404)
    return failure(404, "O hub de treino não tem este endereço em /v2.")
