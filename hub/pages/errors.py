"""Errors, shown in one place: JSON for programs, a page for people."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.api.errors import failure

# What starts with these is read by docker, curl and the checks, never by a person.
FOR_PROGRAMS = ("/v2/", "/v1/", "/token", "/registry/")

PAGES = {
    400: ("Pedido estranho", "O navegador mandou um pedido que não entendemos.", "Volte e tente de novo."),
    403: ("Aqui não dá", "Você não tem acesso a esta página.", "Confira se entrou com a conta certa."),
    404: (
        "Não achamos esta página",
        "O endereço não existe, ou o repositório é privado e de outra pessoa.",
        "Confira o endereço: nomes de usuário e de repositório são sempre em minúsculas.",
    ),
    500: (
        "Algo deu errado no hub de treino",
        "A falha foi nossa, não sua.",
        "Tente de novo; se continuar, rode «lab diagnostico» no terminal.",
    ),
}
TOO_LARGE = ("Pedido grande demais", "O hub aceita até 5 MB de cada vez.", "Volte e mande menos.")


def _answer(request: HttpRequest, status: int, page: tuple[str, str, str] | None = None) -> HttpResponse:
    title, what, mend = page or PAGES[status]
    if request.path.startswith(FOR_PROGRAMS):
        return failure(status, f"{title}. {what}")
    return render(request, "pages/error.html", {"title": title, "what": what, "mend": mend}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, TOO_LARGE if isinstance(exception, RequestDataTooBig) else None)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without this browser's mark: an old page, or cookies turned off."""
    page = {
        "title": "O formulário perdeu a validade",
        "what": "Esta página ficou aberta tempo demais, ou o navegador não guarda cookies.",
        "mend": "Volte, recarregue a página e envie de novo.",
    }
    return render(request, "pages/error.html", page, status=403)
