"""Judges a learner's work where word of it arrives, so that the board turns while the class looks at it.

The very checks that grade a class (checks.classroom) run here, on the registry as it is now and on what the
hub's own tables say. A process that dies with somebody unjudged loses nothing: see hub.classroom.sweep.
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
from django.db import connections, transaction

from checks.auth import Credential, WebAnswer, WebRequest
from checks.cache import Cache
from checks.classroom.grading import Graded, grade_one
from checks.classroom.person import GRADER
from checks.classroom.session import Way, opened
from checks.report import Report
from checks.runner import PATIENCE
from checks.unit import Unit
from checks.web import Heard, Web
from hub.classroom import calls, results
from hub.classroom.calls import Call, Called
from hub.classroom.course import units
from hub.classroom.facts import Facts, facts_of
from hub.classroom.models import Member, Result
from hub.classroom.seen import Seen
from hub.classroom.subjects import about
from hub.classroom.sweep import sweep
from hub.registry import INTERNAL_SUBJECT
from hub.registry.access import grant
from hub.registry.grader import reads
from hub.registry.scope import Scope, parse_scopes
from hub.registry.tokens import LIFE, mint

log = logging.getLogger(__name__)
AT_ONCE = 16  # learners of one round: those who come meanwhile wait for the next
_SWEEP_EVERY = 5.0  # seconds
_SWEEP_REST = 20  # times as long as it took: a class of thousands takes a quarter of a second
_TROUBLE = 5.0  # seconds without a try, after one that failed
_REALM = "auth.docker.io"


def keep_judging(stopping: threading.Event) -> None:
    """Until told to stop. No trouble ends it."""
    cache = Cache(settings.HUB_DATA_DIR / "judge")
    sweep_at, most = time.monotonic(), AT_ONCE
    while not stopping.is_set():
        try:
            if time.monotonic() >= sweep_at:
                began = time.monotonic()
                sweep()
                took = time.monotonic() - began
                sweep_at = began + max(_SWEEP_EVERY, _SWEEP_REST * took)
            next_round(cache, most)
            most = AT_ONCE
        except Exception as error:
            log.warning("O placar tropeçou, e segue na próxima volta. %s", error, exc_info=error)
            most = 1  # if the trouble is one of them, the others pass
            stopping.wait(_TROUBLE)
        finally:
            connections.close_all()
    cache.close()


def next_round(cache: Cache, most: int) -> None:
    """Those who wait, `most` at most. When judging them stumbles, they wait again."""
    waiting = calls.take(most, patience=1.0)
    try:
        judge(waiting, cache)
    except Exception:
        calls.put_back(waiting)
        raise


def judge(called: Called, cache: Cache) -> None:
    """Checks them on the units that what changed is about. What came of it is kept whole, or not at all."""
    members = {member.docker_id: member for member in Member.objects.filter(docker_id__in=called)}
    if not members:
        return
    known = set(Result.objects.filter(member__in=members.values()).values_list("member", flat=True))
    wanted = {
        docker_id: _wanted(called[docker_id], is_known=member.pk in known)
        for docker_id, member in members.items()
    }
    graded = asyncio.run(_grade(members, wanted, facts_of(members), cache))
    with transaction.atomic():
        for tried in (True, False):  # who has just pushed tried again what that is about, and nothing else
            seen = [
                (members[one.person.docker_id].pk, Seen.of(report))
                for one in graded
                for report in one.reports
                if _is_tried(called[one.person.docker_id], report) is tried
            ]
            results.record_many(seen, tried=tried)


def _wanted(call: Call, *, is_known: bool) -> tuple[Unit, ...]:
    return about(call.pushed | call.again) if is_known and not call.is_whole else units()


def _is_tried(call: Call, report: Report) -> bool:
    return any(unit.id == report.unit for unit in about(call.pushed))


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
