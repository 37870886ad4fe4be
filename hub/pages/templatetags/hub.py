"""What the hub's templates can say."""

from __future__ import annotations

import re
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince

from hub.pages import assets
from hub.pages import markdown as markdown_of_people
from hub.pages.addresses import public_address as address_of

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of hub/static."""
    return assets.address(name)


@register.filter
def goes_in_clear(request: HttpRequest) -> bool:
    """Whether others may read on the way what is typed: without TLS, and not from this very machine."""
    return not (request.is_secure() or ip_address(request.META["REMOTE_ADDR"]).is_loopback)


@register.filter
def public_address(named: Any, page: str = "") -> str:
    """Where everybody finds what has a namespace and a name: a repository, or a result of the search."""
    return address_of(named.namespace, named.name, page)


@register.filter
def markdown(text: str) -> SafeString:
    """What people wrote in Markdown, as safe HTML."""
    return markdown_of_people.render(text)


@register.filter
def short_digest(digest: str) -> str:
    """`sha256:1f9d4c…` as docker shows it: twelve letters."""
    return digest.removeprefix("sha256:")[:12]


@register.filter
def ago(moment: datetime) -> SafeString:
    """How long ago, with the exact moment one hover away."""
    local = timezone.localtime(moment)
    seconds = (timezone.now() - moment).total_seconds()
    words = "agora há pouco" if seconds < 60 else f"há {timesince(moment, depth=1)}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), f"{local:%d/%m/%Y %H:%M:%S}", words
    )


@register.filter
def english(field: BoundField) -> str:
    """What the real hub calls a field, when the form says."""
    words: dict[str, str] = getattr(field.form, "english", {})
    return words.get(field.name, "")


@register.filter
def letter(text: str) -> SafeString:
    """A plain text e-mail as a page shows it: escaped, with links, and a code that stands out."""
    html = linebreaks(urlize(text, nofollow=True, autoescape=True))
    return mark_safe(re.sub(r"<p>(\d{6})</p>", r'<p class="code">\1</p>', html))  # noqa: S308, urlize escaped it
