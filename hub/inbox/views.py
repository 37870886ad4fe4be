"""The practice mailbox: open to whoever uses this machine, and marked so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from hub.inbox.models import Mail

NEWEST = 50


def box(request: HttpRequest) -> HttpResponse:
    address = request.GET.get("para", "").strip().lower()
    mails = Mail.objects.filter(recipient=address) if address else Mail.objects.all()
    addresses = Mail.objects.order_by("recipient").values_list("recipient", flat=True).distinct()
    page = {"mails": mails[:NEWEST], "address": address, "addresses": addresses, "newest": NEWEST}
    part = request.GET.get("parte") == "lista"
    return render(request, "inbox/_mails.html" if part else "inbox/box.html", page)


def mail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "inbox/mail.html", {"mail": get_object_or_404(Mail, pk=pk)})
