"""The teacher's pages about people: the list, one learner, letting a claim go, erasing, the class code."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hub import live
from hub.classroom import units_of
from hub.classroom.claims import release
from hub.classroom.code import class_code
from hub.classroom.erasure import erase
from hub.classroom.forms import EraseForm
from hub.classroom.models import Member
from hub.classroom.teacher import only_teacher
from hub.pages.listing import chosen, page_of, wanted

PER_PAGE = 100
_FORM = ["GET", "HEAD", "POST"]
ACCOUNTS = {"": "Todos", "sem": "Ainda sem Docker ID", "com": "Com Docker ID"}
RELEASED = "{} está sem Docker ID, e já pode entrar na turma de novo."
ERASED = "{} e tudo o que a turma guardava dessa pessoa foi apagado."


@only_teacher
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    text, account = wanted(request), chosen(request, "conta", ACCOUNTS)
    found = Member.objects.search(text).order_by("order", "pk")
    if account:
        found = found.filter(docker_id="") if account == "sem" else found.with_account()
    everybody = Member.objects.count()
    page = {
        "page": page_of(request, found, PER_PAGE),
        "text": text,
        "accounts": [(name, label, name == account) for name, label in ACCOUNTS.items()],
        "is_narrowed": bool(text or account),
        "everybody": everybody,
        "without": everybody - Member.objects.with_account().count(),
    }
    return render(request, "classroom/people.html", page)


@only_teacher
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    page = {"code": class_code(), "address": settings.HUB_WEB_URL + reverse("class_enter")}
    return render(request, "classroom/code.html", page)


@only_teacher
@require_safe
def learner(request: HttpRequest, number: int) -> HttpResponse:
    page, news = units_of.page_of(_member(number)), "As unidades mudaram."
    items = units_of.items_of(page)
    return live.show(request, "classroom/learner.html", "classroom/_units.html", page, items, news)


@only_teacher
@require_http_methods(_FORM)
def let_go(request: HttpRequest, number: int) -> HttpResponse:
    member = _member(number)
    if request.method != "POST":
        return render(request, "classroom/let_go.html", {"member": member})
    release(member)
    messages.success(request, RELEASED.format(member.name))
    return redirect("class_learner", number)


@only_teacher
@require_http_methods(_FORM)
def erasing(request: HttpRequest, number: int) -> HttpResponse:
    member = _member(number)
    form = EraseForm(member, request.POST if request.method == "POST" else None)
    if form.is_valid():
        erase(member)
        messages.success(request, ERASED.format(member.name))
        return redirect("class_people")
    return render(request, "classroom/erase.html", {"member": member, "form": form})


def _member(number: int) -> Member:
    return get_object_or_404(Member, number=number)
