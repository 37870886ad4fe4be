"""The page «Webhooks» of a repository: its webhooks, what was sent to each, a new one, one taken away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hub.audit.actions import Action
from hub.audit.log import note
from hub.pages.manage import own_repository
from hub.repositories.life import Archived, require_active
from hub.repositories.models import Repository
from hub.webhooks.forms import WebhookForm
from hub.webhooks.models import Delivery, Webhook

MOST = 5  # of each repository
SHOWN = 5  # deliveries of each webhook
TOO_MANY = f"São no máximo {MOST} webhooks em cada repositório. Remova um para criar outro."
TAKEN = "Já há um webhook com este nome neste repositório. Escolha outro."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def webhooks(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    found = own_repository(request, namespace, name)
    form = WebhookForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid() and _add(found, form):
        note(request, Action.WEBHOOK_MADE, f"{found}: {form.cleaned_data['name']}")
        messages.success(request, "O webhook está pronto: o próximo push é contado a ele.")
        return redirect("webhooks", found.namespace, found.name)
    page = {
        "repository": found,
        "is_mine": True,
        "form": form,
        "webhooks": _with_deliveries(found),
        "most": MOST,
    }
    return render(request, "webhooks/list.html", page)


def _add(found: Repository, form: WebhookForm) -> bool:
    typed = form.cleaned_data
    try:
        require_active(found)
        with transaction.atomic():
            # Two at once are counted one by one.
            get_object_or_404(Repository.objects.select_for_update(), pk=found.pk)
            if found.webhooks.count() >= MOST:
                form.add_error(None, TOO_MANY)
                return False
            Webhook.objects.create(repository=found, name=typed["name"], url=typed["url"])
    except Archived as archived:
        form.add_error(None, str(archived))
    except IntegrityError:
        form.add_error("name", TAKEN)
    return form.is_valid()


def _with_deliveries(found: Repository) -> list[tuple[Webhook, list[Delivery]]]:
    return [(one, list(one.deliveries.all()[:SHOWN])) for one in found.webhooks.all()[:MOST]]


@require_POST
@login_required
def remove(request: HttpRequest, namespace: str, name: str, pk: int) -> HttpResponse:
    found = own_repository(request, namespace, name)
    webhook = get_object_or_404(Webhook, repository=found, pk=pk)
    webhook.delete()
    note(request, Action.WEBHOOK_DELETED, f"{found}: {webhook.name}")
    messages.success(request, f"O webhook «{webhook.name}» foi removido.")
    return redirect("webhooks", found.namespace, found.name)
