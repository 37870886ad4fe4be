"""What the hub's templates can say."""

from __future__ import annotations

import re
from datetime import datetime

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince

from hub.pages import assets

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of hub/static."""
    return assets.address(name)


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
