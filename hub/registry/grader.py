"""Who grades a class: a service that may read every repository, and nothing else, with a secret of its own.

Its reads are the hub's: they are nobody's pulls, and the registry's notifications of them are not counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.crypto import constant_time_compare

from checks.classroom.person import GRADER
from hub.registry.credentials import Credentials
from hub.registry.scope import Scope
from hub.registry.tokens import Access


def is_grader(credentials: Credentials | None) -> bool:
    """Never where no secret was set."""
    if credentials is None or credentials.username != GRADER or not settings.HUB_GRADER_SECRET:
        return False
    return constant_time_compare(credentials.password, settings.HUB_GRADER_SECRET)


def reads(scopes: Sequence[Scope]) -> list[Access]:
    """To pull each repository that is asked for, whatever else is asked."""
    return [Access(type="repository", name=str(scope.repository), actions=["pull"]) for scope in scopes]
