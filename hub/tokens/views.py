"""The page «Tokens de acesso»: a person's tokens, a new one, one put out of use, one deleted."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.who import person_of
from hub.audit.actions import Action
from hub.audit.log import note
from hub.registry.tokens import LASTS
from hub.rows import change
from hub.tokens.forms import NewTokenForm
from hub.tokens.models import AccessToken, TooManyTokens

ALREADY = "Este token já foi criado, e só aparece uma vez. Se você não o copiou, apague-o e crie outro."


@require_safe
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    own = AccessToken.objects.filter(owner=person_of(request))
    return render(request, "tokens/list.html", {"tokens": own, "life": _life()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create(request: HttpRequest) -> HttpResponse:
    form = NewTokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with transaction.atomic():
                return _made(request, form)
        except IntegrityError:  # the same form again: a page that was reloaded, a button pressed twice
            messages.warning(request, ALREADY)
            return redirect("access_tokens")
        except TooManyTokens as too_many:
            form.add_error(None, str(too_many))
    return render(request, "tokens/new.html", {"form": form})


def _made(request: HttpRequest, form: NewTokenForm) -> HttpResponse:
    """The one page that shows the token."""
    typed = form.cleaned_data
    token, secret = AccessToken.objects.issue(
        person_of(request),
        typed["label"],
        [typed["scope"]],
        typed["expires_at"],
        uuid=typed["uuid"],
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", ""),
    )
    note(request, Action.TOKEN_MADE, token.label)
    return render(request, "tokens/made.html", {"token": token, "secret": secret})


@require_POST
@login_required
def switch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Activate or deactivate, as the button says."""
    token = _own(request, uuid)
    change(token, is_active=request.POST.get("active") == "1")
    note(request, Action.TOKEN_SWITCHED_ON if token.is_active else Action.TOKEN_SWITCHED_OFF, token.label)
    state = "vale de novo" if token.is_active else "está desativado"
    messages.success(request, f"O token «{token.label}» {state}.")
    return redirect("access_tokens")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    token = _own(request, uuid)
    if request.method != "POST":
        return render(request, "tokens/delete.html", {"token": token, "life": _life()})
    token.delete()
    note(request, Action.TOKEN_REVOKED, token.label)
    messages.success(request, f"O token «{token.label}» foi apagado.")
    return redirect("access_tokens")


def _own(request: HttpRequest, uuid: UUID) -> AccessToken:
    return get_object_or_404(AccessToken, owner=person_of(request), uuid=uuid)


def _life() -> int:
    """Minutes for which docker may still use what it was given before a token stopped working."""
    return int(LASTS.total_seconds()) // 60
