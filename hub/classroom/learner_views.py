"""A learner's own pages: how one enters the class, and what one has done in it. Of nobody else a word."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hub import live
from hub.accounts.who import person_of
from hub.audit.actions import Action
from hub.audit.log import note
from hub.classroom.claims import ClaimRefused, claim, member_of
from hub.classroom.code import class_code
from hub.classroom.forms import EntryForm
from hub.classroom.units_of import items_of, page_of

TOO_MANY = "Foram tentativas erradas demais. Espere 10 minutos e tente de novo, ou fale com quem dá aula."
WELCOME = "Pronto: você está na turma como {}."
_LIMIT = "class_entry"  # of ACCOUNT_RATE_LIMITS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def enter(request: HttpRequest) -> HttpResponse:
    if member_of(person_of(request)):
        return redirect("class_me")
    form = EntryForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        if not ratelimit.consume(request, action=_LIMIT, dry_run=True):
            form.add_error(None, TOO_MANY)
            status = 429
        elif _entered(request, form):
            return redirect("class_me")
    page = {"form": form, "has_class": bool(class_code())}
    return render(request, "classroom/enter.html", page, status=status)


def _entered(request: HttpRequest, form: EntryForm) -> bool:
    """Only what is wrong counts against the limit."""
    person = person_of(request)
    try:
        member = claim(person, form.cleaned_data["code"], form.cleaned_data["typed"])
    except ClaimRefused as refused:
        ratelimit.consume(request, action=_LIMIT)
        form.add_error(None, str(refused))
        return False
    note(request, Action.CLASS_ENTERED)
    messages.success(request, WELCOME.format(member.name))
    return True


@never_cache
@require_safe
@live.signed_in
def me(request: HttpRequest) -> HttpResponse:
    member = member_of(person_of(request))
    if member is None:
        return redirect("class_enter")
    page, news = page_of(member), "As suas unidades mudaram."
    return live.show(request, "classroom/me.html", "classroom/_units.html", page, items_of(page), news)
