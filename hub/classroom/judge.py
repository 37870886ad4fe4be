"""Judges a learner's work where word of it arrives, so that the board turns while the class looks at it.

The very checks that grade a class (checks.classroom) run here, on the registry as it is now and on what the
hub's own tables say. A process that dies with somebody unjudged loses nothing: the sweep finds whoever has a
repository that is newer than what was last said of them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import connections
from django.db.models import Max

from checks.auth import Credential, WebAnswer, WebRequest
from checks.cache import Cache
from checks.classroom.grading import Graded, grade_one
from checks.classroom.session import Way, opened
from checks.entry import DOCKER_ID
from checks.runner import PATIENCE
from checks.unit import Unit
from checks.web import Heard, Web
from hub.accounts.models import User
from hub.classroom import calls, results
from hub.classroom.calls import Called
from hub.classroom.course import units
from hub.classroom.facts import Facts, facts_of
from hub.classroom.models import Member, Result
from hub.classroom.seen import Seen
from hub.registry import INTERNAL_SUBJECT
from hub.registry.access import grant
from hub.registry.grader import GRADER, reads
from hub.registry.scope import Scope, parse_scopes
from hub.registry.tokens import LIFE, mint
from hub.repositories.models import Repository

log = logging.getLogger(__name__)
AT_ONCE = 16  # learners of one round: those who come meanwhile wait for the next
_SWEEP_EVERY = 5.0  # seconds
_TROUBLE = 5.0  # seconds without a try, after one that failed
_REALM = "auth.docker.io"


def keep_judging(stopping: threading.Event) -> None:
    """Until told to stop. No trouble ends it."""
    cache = Cache(settings.HUB_DATA_DIR / "judge")
    sweep_at = time.monotonic()
    while not stopping.is_set():
        try:
            if time.monotonic() >= sweep_at:
                sweep()
                sweep_at = time.monotonic() + _SWEEP_EVERY
            if waiting := calls.take(AT_ONCE, patience=1.0):
                judge(waiting, cache)
        except Exception as error:
            log.warning("O placar tropeçou, e segue na próxima volta. %s", error, exc_info=error)
            stopping.wait(_TROUBLE)
        finally:
            connections.close_all()
    cache.close()


def judge(called: Called, cache: Cache) -> None:
    """Checks them on the units that what changed is about, and keeps what came of it."""
    members = {member.docker_id: member for member in Member.objects.filter(docker_id__in=called)}
    if not members:
        return
    known = set(Result.objects.filter(member__in=members.values()).values_list("member", flat=True))
    wanted = {
        docker_id: about(called[docker_id] if member.pk in known else None)
        for docker_id, member in members.items()
    }
    graded = asyncio.run(_grade(members, wanted, facts_of(members), cache))
    for tried in (True, False):  # who has just pushed tried again what that is about, and nothing else
        theirs = [one for one in graded if (called[one.person.docker_id] is not None) is tried]
        seen = [
            (members[one.person.docker_id].pk, Seen.of(report)) for one in theirs for report in one.reports
        ]
        results.record_many(seen, tried=tried)


def about(repositories: frozenset[str] | None) -> tuple[Unit, ...]:
    """The units that ask for something in one of these repositories of the learner's; None for all units."""
    if repositories is None:
        return units()
    names = {f"{DOCKER_ID}/{name}" for name in repositories}
    return tuple(unit for unit in units() if names & _repositories(unit))


def _repositories(unit: Unit) -> set[str]:
    return {text.partition(":")[0] for check in unit.checks for text in check.texts}


async def _grade(
    members: Mapping[str, Member], wanted: Mapping[str, Sequence[Unit]], told: Facts, cache: Cache
) -> list[Graded]:
    reader = Credential(GRADER, "")  # in here no secret is asked for
    way = Way(reader, settings.HUB_REGISTRY_URL, told=told)
    async with opened(way, cache, web=InnerWeb) as source:
        ones = (
            grade_one(member.person, wanted[docker_id], source, PATIENCE)
            for docker_id, member in members.items()
        )
        return await asyncio.gather(*ones)


class InnerWeb(Web):
    """Asks the registry as everybody does, and gives itself the tokens that auth.docker.io would give it.

    A question without a credential stays anyone's: it is how a check sees what is public.
    """

    async def send(self, request: WebRequest, heard: Heard | None = None) -> WebAnswer:
        place = urlsplit(request.url)
        if place.hostname != _REALM:
            return await super().send(request, heard)
        scopes = parse_scopes(parse_qs(place.query).get("scope", []))
        is_reader = "Authorization" in request.headers
        minted = await asyncio.to_thread(_minted, scopes, as_reader=is_reader)
        body = {"token": minted, "expires_in": int(LIFE.total_seconds())}
        return WebAnswer(200, {}, json.dumps(body).encode())


def _minted(scopes: Sequence[Scope], *, as_reader: bool) -> str:
    try:
        return mint(INTERNAL_SUBJECT, reads(scopes) if as_reader else grant(None, scopes)).text
    finally:
        connections.close_all()  # of this thread, which nobody else closes


def sweep() -> None:
    """Calls whoever has something newer than what was last said of them, or an account and nothing said."""
    members = list(Member.objects.with_account().values_list("pk", "docker_id"))
    names = [docker_id for _, docker_id in members]
    judged = dict(Result.objects.values_list("member").annotate(Max("checked_at")))
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    found = Repository.objects.filter(namespace__in=names).order_by().values_list("namespace")
    changed = dict(found.annotate(Max("last_updated")))
    for pk, docker_id in members:
        newest = changed.get(docker_id)
        is_new = docker_id in known and pk not in judged
        if is_new or (newest is not None and pk in judged and judged[pk] < newest):
            calls.call(docker_id)
