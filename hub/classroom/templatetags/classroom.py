"""What the class's templates can say."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from checks.render import html

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    """A message of a check: escaped, its `backticks` as code."""
    return mark_safe(html.prose(text))  # noqa: S308, prose escaped it
