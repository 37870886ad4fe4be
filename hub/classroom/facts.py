"""Accounts and repositories of many members at once: a fixed number of questions to the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from hub.accounts.models import User
from hub.classroom.models import Member
from hub.repositories.models import Repository

_COLUMNS = ("namespace", "name", "is_private", "description", "full_description")
Facts = dict[str, dict[str, Any]]


def facts() -> Facts:
    """By Docker ID, of the whole class: {"exists": bool, "confirmed": bool, "repositories": [{"name",
    "is_private", "description", "full_description"}]}. Private ones too: who grades sees what owners see."""
    return _facts(Member.objects.with_account().values_list("docker_id", flat=True))


def facts_of(docker_ids: Iterable[str]) -> Facts:
    """The same, of a few."""
    return _facts(list(docker_ids))


def _facts(names: list[str] | QuerySet[Member, str]) -> Facts:
    """A query is asked inside of the others, so that no list of names has to fit into one."""
    known = dict(User.objects.filter(username__in=names, is_active=True).values_list("username", "pk"))
    verified = EmailAddress.objects.filter(user__username__in=names, verified=True)
    confirmed = set(verified.values_list("user", flat=True))
    found: Facts = {}
    for name in names:
        is_confirmed = known.get(name) in confirmed
        found[name] = {"exists": name in known, "confirmed": is_confirmed, "repositories": []}
    repositories = Repository.objects.filter(namespace__in=names).order_by("namespace", "name")
    for row in repositories.values(*_COLUMNS):
        if owner := found.get(row.pop("namespace")):
            owner["repositories"].append(row)
    return found
