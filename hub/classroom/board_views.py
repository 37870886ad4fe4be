"""The board, its parts that keep themselves fresh, and the way in and out of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hub.classroom import teacher, versions
from hub.classroom.board import Board, told
from hub.classroom.course import units
from hub.classroom.look import ORDERS, Look
from hub.classroom.models import Member
from hub.classroom.panels import panels
from hub.classroom.teacher import only_teacher

OUT = "Você saiu do placar neste navegador."
_PLACE = {False: "board", True: "board_projected"}


def board(request: HttpRequest, projected: bool = False) -> HttpResponse:
    """Where the teacher's key comes in too."""
    if teacher.KEY in request.GET and request.method == "GET":
        return teacher.enter(request)
    return _board(request, projected=projected)


@only_teacher
@require_safe
def _board(request: HttpRequest, *, projected: bool) -> HttpResponse:
    version = versions.newest()  # first: what comes after it is asked for again
    look = Look.of(request, projected=projected)
    board = Board(look)
    page = _page(board, version) | {"lines": board.lines()}
    sections = Member.objects.exclude(section="").order_by("section").values_list("section", flat=True)
    page |= {
        "sections": sections.distinct(),
        "all_units": units(),
        "orders": [(name, label, name == look.order) for name, (label, _) in ORDERS.items()],
        "panels": panels(version),
        "panels_address": f"{reverse(f'{_PLACE[projected]}_panels')}?versao={version}",
    }
    return render(request, "classroom/board.html", page)


@only_teacher
@require_safe
def news(request: HttpRequest, projected: bool = False) -> HttpResponse:
    """204 while nothing is newer than the open page; else the lines that turned, or the table where it has
    other lines now."""
    version, known = versions.newest(), _number(request, "versao")
    if known == version:
        return HttpResponse(status=204)
    board = Board(Look.of(request, projected=projected), since=known)
    page = _page(board, version)
    if known > version or request.GET.get("linhas") != board.mark:
        answer = render(request, "classroom/_table.html", page | {"lines": board.lines()})
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#quadro", "outerHTML"
        return answer
    lines = board.turned()
    page |= {"lines": lines, "news": told(lines, projected=projected)}
    return render(request, "classroom/_news.html", page)


@only_teacher
@require_safe
def panels_part(request: HttpRequest, projected: bool = False) -> HttpResponse:
    version = versions.newest()
    if _number(request, "versao") == version:
        return HttpResponse(status=204)
    address = f"{request.path}?versao={version}"
    page = {"panels": panels(version), "panels_address": address, "projected": projected}
    return render(request, "classroom/_panels.html", page)


@only_teacher
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    teacher.leave(request)
    messages.success(request, OUT)
    return redirect("home")


def _page(board: Board, version: int) -> dict[str, Any]:
    look = board.look
    place = _PLACE[look.projected]
    return {
        "board": board,
        "look": look,
        "projected": look.projected,
        "here": reverse(place),
        "news_address": f"{reverse(f'{place}_news')}?{look.query(versao=version, linhas=board.mark)}",
        "people": board.page.paginator.count,
        "previous_query": look.query(pagina=board.page.number - 1),
        "next_query": look.query(pagina=board.page.number + 1),
    }


def _number(request: HttpRequest, name: str) -> int:
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else -1
