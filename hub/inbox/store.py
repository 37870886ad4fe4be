"""From the bytes of an e-mail to rows of the mailbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from django.db import transaction
from django.utils import timezone

from hub.inbox.models import Mail, NextIsSpam

KEPT_FOR = timedelta(days=30)
MOST_KEPT = 1000
LONGEST = 254
# What is sent to maria+spam@exemplo.com always falls into spam.
SPAM_MARK = "+spam"


@transaction.atomic
def keep(sender: str, recipients: Iterable[str], content: bytes) -> list[Mail]:
    """One row for each recipient; the oldest rows make room."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    subject = _clean(str(message.get("Subject", ""))) or "(sem assunto)"
    origin = _clean(str(message.get("From", ""))) or _clean(sender)
    practising, _ = NextIsSpam.objects.all().delete()
    kept = [
        Mail.objects.create(
            recipient=address[:LONGEST],
            sender=origin[:LONGEST],
            subject=subject[:LONGEST],
            text=plain_text(message),
            is_spam=bool(practising) or address.rpartition("@")[0].endswith(SPAM_MARK),
        )
        for address in (_clean(recipient).lower() for recipient in recipients)
    ]
    oldest = Mail.objects.order_by("-pk").values_list("pk", flat=True)[MOST_KEPT - 1 : MOST_KEPT].first()
    if oldest is not None:
        Mail.objects.filter(pk__lt=oldest).delete()
    return kept


def clear_old() -> None:
    Mail.objects.filter(received_at__lt=timezone.now() - KEPT_FOR).delete()


def plain_text(message: EmailMessage) -> str:
    """Only text is kept: what the page shows can't carry code or pictures."""
    body = message.get_body(preferencelist=("plain",))
    if body is None:
        return "(Esta mensagem não tem texto simples.)"
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError):  # a charset nobody knows
        text = bytes(body.get_payload(decode=True) or b"").decode("utf-8", "replace")
    return _clean(text)


def _clean(text: str) -> str:
    """Without what a database refuses: NUL, and the halves of broken characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
