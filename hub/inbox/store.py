"""From the bytes of an e-mail to rows of the mailbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from django.utils import timezone

from hub.inbox.models import Mail

KEPT_FOR = timedelta(days=30)
LONGEST = 254


def keep(sender: str, recipients: Iterable[str], content: bytes) -> list[Mail]:
    """One row for each recipient; what is older than a month goes away."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    subject = str(message.get("Subject", "")).strip() or "(sem assunto)"
    origin = str(message.get("From", "")).strip() or sender
    kept = [
        Mail.objects.create(
            recipient=recipient.lower()[:LONGEST],
            sender=origin[:LONGEST],
            subject=subject[:LONGEST],
            text=plain_text(message),
        )
        for recipient in recipients
    ]
    Mail.objects.filter(received_at__lt=timezone.now() - KEPT_FOR).delete()
    return kept


def plain_text(message: EmailMessage) -> str:
    """Only text is kept: what the page shows can't carry code or pictures."""
    body = message.get_body(preferencelist=("plain",))
    if body is None:
        return "(Esta mensagem não tem texto simples.)"
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError):  # a charset nobody knows
        text = bytes(body.get_payload(decode=True) or b"").decode("utf-8", "replace")
    return text.replace("\0", "").strip()
