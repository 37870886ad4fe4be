"""The JSON errors of the hub's /v2, in the one shape that Docker Hub documents."""

from __future__ import annotations

from django.http import JsonResponse


def failure(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"message": sentence, "detail": sentence, "errinfo": {}}, status=status)


def not_found() -> JsonResponse:
    """The same answer for what is not there and for what the viewer may not see."""
    return failure(404, "Não encontramos isso no hub de treino, ou você não tem acesso.")


def bad_token() -> JsonResponse:
    return failure(401, "O token não vale ou já venceu. Peça outro em /v2/auth/token.")


def too_many(sentence: str, seconds: int) -> JsonResponse:
    answer = failure(429, sentence)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def invalid(field: str, sentence: str) -> JsonResponse:
    return JsonResponse({"fields": {field: [sentence]}, "text": sentence}, status=400)
