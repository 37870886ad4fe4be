"""Runs a unit: asks once for every fact its rules need, then lets each rule judge.

Nothing stops the others: a fact that cannot be had makes the checks that need it unverifiable, and
a rule that breaks makes its own check an error of the checker.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from checks import cases, second_look, sources
from checks.allowance import Allowance
from checks.entry import NOBODY, Check, fill
from checks.errors import OutOfReach, TooSlow
from checks.image import (
    AccountRequest,
    AnswerRequest,
    ContainerRequest,
    Fact,
    HistoryRequest,
    LocalImageRequest,
    LocalLeaksRequest,
    LocalNamesRequest,
    Login,
    LoginRequest,
    MarkRequest,
    NotebookLeaksRequest,
    RemoteLeaksRequest,
    RepositoryRequest,
    Request,
    Source,
)
from checks.needs import Learner, Needs, needs_of
from checks.outcome import Outcome
from checks.report import Finding, Report
from checks.rules.base import Verdict, unverifiable
from checks.unit import Unit

PATIENCE = 15.0
_SECOND_LOOK = 4.0  # a better sentence is worth no longer wait
_CLOSING = 0.5  # connections are closed by then, unless one hangs

Answer = Fact | Exception
Result = TypeVar("Result")
Opened = AbstractAsyncContextManager[Source]


@runtime_checkable
class Metered(Protocol):
    """A source whose registry may tell how many pulls it still allows."""

    @property
    def allowance(self) -> Allowance | None: ...


def verify(unit: Unit, learner: str | None = None) -> Report:
    """Checks the learner's work now. Blocks, and is safe inside a running event loop.

    Who the learner is comes from `docker login`, unless given. Nothing is saved: whoever shows
    the report calls `checks.progress.save`.
    """
    return verify_with(sources.live(), unit, learner)


def verify_case(unit: Unit, case_path: Path) -> Report:
    """Checks the facts written in a case, instead of the world."""
    case = cases.load(case_path)
    return verify_with(nullcontext(case), unit, case.learner)


def verify_with(opened: Opened, unit: Unit, learner: str | None, patience: float = PATIENCE) -> Report:
    """Checks against any source, in a thread with an event loop of its own.

    The report is handed over before that loop closes: a request that hangs in a thread of the loop
    would otherwise hold the learner longer than the patience we promise.
    """
    return aside(opened, lambda source: run(unit, learner, source, patience))


def aside(opened: Opened, work: Callable[[Source], Awaitable[Result]]) -> Result:
    """Runs `work` in a thread with an event loop of its own, and hands its result over at once."""
    result: Future[Result] = Future()

    async def story() -> None:
        try:
            async with opened as source:
                result.set_result(await work(source))
        except Exception as error:
            if not result.done():
                result.set_exception(error)

    thread = threading.Thread(target=lambda: asyncio.run(story()), name="checks", daemon=True)
    thread.start()
    try:
        return result.result()
    finally:
        thread.join(_CLOSING)


async def run(unit: Unit, learner: str | None, source: Source, patience: float = PATIENCE) -> Report:
    """All within `patience`; a keeper of passwords that hangs leaves a third of it for the facts."""
    end = time.monotonic() + patience
    who = learner or await _who_is_logged_in(source, patience * 2 / 3)
    needs = [needs_of(check, who, unit.id) for check in unit.checks]
    requests = (request for need in needs for request in need.requests.values())
    answers = dict(await fetch_all(requests, source, end - time.monotonic()))

    async def ask(more: Iterable[Request]) -> Mapping[Request, Answer]:
        unknown = [request for request in more if request not in answers]
        answers.update(await fetch_all(unknown, source, min(_SECOND_LOOK, end - time.monotonic())))
        return answers

    verdicts = [
        need.verdict or _judge(check, need, answers) for check, need in zip(unit.checks, needs, strict=True)
    ]
    verdicts = await second_look.explain(verdicts, ask)
    name = who if isinstance(who, str) else None
    findings = (_finding(check, name, verdict) for check, verdict in zip(unit.checks, verdicts, strict=True))
    allowance = source.allowance if isinstance(source, Metered) else None
    return Report(unit.id, unit.title, name, tuple(findings), allowance=allowance)


async def _who_is_logged_in(source: Source, patience: float) -> Learner:
    answer = await _fetch(LoginRequest(), source, patience)
    if isinstance(answer, Login):
        return answer.docker_id
    return answer if isinstance(answer, OutOfReach) else OutOfReach(_fault(answer))


async def fetch_all(requests: Iterable[Request], source: Source, patience: float) -> Mapping[Request, Answer]:
    unique = list(dict.fromkeys(requests))
    answers = await asyncio.gather(*(_fetch(request, source, patience) for request in unique))
    return dict(zip(unique, answers, strict=True))


async def _fetch(request: Request, source: Source, patience: float) -> Answer:
    try:
        return await asyncio.wait_for(source.fetch(request), patience)
    except TimeoutError:
        return TooSlow(_place(request), patience)
    except Exception as error:  # a source may break in any way; the other facts must still come
        return error


def _place(request: Request) -> str:
    if isinstance(request, LocalImageRequest | LocalNamesRequest | HistoryRequest):
        return "uma resposta do Docker Engine"
    if isinstance(request, LocalLeaksRequest | RemoteLeaksRequest):
        return "a leitura das camadas da imagem"
    if isinstance(request, ContainerRequest):
        return "o fim do contêiner"
    if isinstance(request, AccountRequest | RepositoryRequest):
        return "uma resposta do Docker Hub"
    if isinstance(request, AnswerRequest):
        return "a leitura das suas respostas"
    if isinstance(request, NotebookLeaksRequest):
        return "a leitura dos seus cadernos"
    if isinstance(request, MarkRequest):
        return "a leitura do segredo da turma"
    if isinstance(request, LoginRequest):
        return "uma resposta do guardião de senhas do Docker"
    return "uma resposta do registry"


def _finding(check: Check, learner: str | None, verdict: Verdict) -> Finding:
    wants_hint = check.hints and verdict.outcome is not Outcome.PASSED
    return Finding(
        rule=check.rule.name,
        title=check.title,
        outcome=verdict.outcome,
        max_score=check.points,
        message=verdict.message,
        hint=fill(check.hints[0], learner or NOBODY) if wants_hint else "",
        facts=verdict.facts,
    )


def _judge(check: Check, needs: Needs, answers: Mapping[Request, Answer]) -> Verdict:
    facts = {name: answers[request] for name, request in needs.requests.items()}
    for answer in facts.values():
        if isinstance(answer, OutOfReach):
            return unverifiable(str(answer))
        if isinstance(answer, Exception):
            return Verdict(Outcome.ERROR, _fault(answer))
    try:
        return check.rule.judge(**facts, **needs.values)
    except Exception as error:  # a fault of ours is an outcome of this check only
        return Verdict(Outcome.ERROR, _fault(error))


def _fault(error: object) -> str:
    kind, text = type(error).__name__, str(error)[:200]
    return (
        f"O corretor tropeçou nesta verificação; a culpa não é sua. Avise quem mantém o curso: {kind}: {text}"
    )
