"""The practice mailbox: open to whoever uses this machine, or to each their own; it says which."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from hub import live
from hub.inbox.models import Mail, NextIsSpam
from hub.inbox.reader import is_open, readable
from hub.inbox.store import SPAM_MARK

NEWEST = 50


@require_safe
def box(request: HttpRequest) -> HttpResponse:
    address = request.GET.get("para", "").replace("\0", "").strip().lower()
    in_spam = request.GET.get("pasta") == "spam"
    all_mails = readable(request)
    mails = all_mails.filter(recipient=address) if address else all_mails
    folders = [_folder(mails, is_spam, address) for is_spam in (False, True)]
    shown = mails.filter(is_spam=in_spam)[:NEWEST]
    page = {
        "folders": folders,
        "in_spam": in_spam,
        "mails": shown,
        "address": address,
        "addresses": all_mails.order_by("recipient").values_list("recipient", flat=True).distinct(),
        "here": _address(in_spam, address),
        "practising": NextIsSpam.objects.exists(),
        "mark": SPAM_MARK,
        "newest": NEWEST,
        "is_open": is_open(),
    }
    items = [*(f"{folder['name']} {folder['all']}" for folder in folders), *(str(mail.pk) for mail in shown)]
    return live.show(request, "inbox/box.html", "inbox/_mails.html", page, items, "Chegou uma mensagem nova.")


@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(readable(request), pk=pk)
    Mail.objects.filter(pk=pk, is_read=False).update(is_read=True)
    return render(request, "inbox/mail.html", {"mail": found, "folder": _address(found.is_spam, "")})


@require_POST
def practise(request: HttpRequest) -> HttpResponse:
    """Flips the switch: the next e-mail falls into spam, or no longer."""
    if not is_open():
        raise Http404  # the next e-mail may be somebody else's
    if request.POST.get("proximo") == "spam":
        NextIsSpam.objects.get_or_create(pk=1)
    else:
        NextIsSpam.objects.all().delete()
    return redirect(_address(request.POST.get("pasta") == "spam", request.POST.get("para", "")))


def _folder(mails: QuerySet[Mail], is_spam: bool, address: str) -> dict[str, object]:
    counts = mails.filter(is_spam=is_spam).aggregate(all=Count("pk"), unread=Count("pk", Q(is_read=False)))
    name = "Spam" if is_spam else "Entrada"
    return {"name": name, "is_spam": is_spam, "address": _address(is_spam, address), **counts}


def _address(in_spam: bool, address: str) -> str:
    query = {"pasta": "spam"} if in_spam else {}
    query |= {"para": address} if address else {}
    return reverse("inbox") + (f"?{urlencode(query)}" if query else "")
