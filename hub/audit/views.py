"""The page «Atividade»: what was done with one's own account."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.audit.log import KEPT_FOR
from hub.audit.models import Entry

PAGE_SIZE = 50


@require_safe
@login_required
def activity(request: HttpRequest) -> HttpResponse:
    own = Entry.objects.filter(person_id=request.user.pk)
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("pagina"))
    return render(request, "audit/activity.html", {"page": page, "days": KEPT_FOR.days})
