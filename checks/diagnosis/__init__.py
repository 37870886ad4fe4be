"""Why a push is (or would be) refused, or an image cannot be pulled, and the one command that mends it; pure.

    outage? ─► clock? ─► the name here? ─► who is logged in? ─► may they? ─► what the registry has?

The first answer that explains the trouble is the diagnosis. A fact that is None was not asked for or
could not be had: nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Callable

from checks.diagnosis import here, rights, there
from checks.diagnosis.names import own_copy
from checks.diagnosis.naming import to_name
from checks.diagnosis.outages import outage, wrong_clock
from checks.diagnosis.situation import Action, Cause, Diagnosis, Situation, System

__all__ = ["Action", "Cause", "Diagnosis", "Situation", "System", "diagnose", "is_push"]

Step = Callable[[Situation], Diagnosis | None]
_PUSH: tuple[Step, ...] = (
    outage,
    wrong_clock,
    rights.blind,
    here.name,
    here.pusher,
    rights.to_push,
    there.platform,
    there.old_content,
    there.denied,
    there.pushed_with_other_tag,
)
_PULL: tuple[Step, ...] = (outage, wrong_clock, there.platform, there.other_tag, there.absent)


def diagnose(situation: Situation) -> Diagnosis:
    """The first cause that explains the trouble; `Cause.NONE` when nothing stands in the way."""
    steps = _PUSH if situation.action is Action.PUSH else _PULL
    found = next((diagnosis for step in steps if (diagnosis := step(situation))), None)
    return found or _nothing_wrong(situation)


def is_push(situation: Situation) -> bool:
    """Whether the learner must mean to push: an image of their own, or one that only they have.

    Behind a Docker ID that nobody has, their own image of that name is what was meant.
    """
    if situation.is_own or situation.is_remote:
        return situation.is_own
    nobodys = situation.owner is not None and not situation.owner.exists
    known = situation.names.names if situation.names and nobodys else ()
    return situation.is_local or own_copy(situation.reference, situation.learner, known) is not None


def _nothing_wrong(seen: Situation) -> Diagnosis:
    if seen.action is Action.PUSH and not seen.is_remote:
        return _not_pushed(seen)
    return Diagnosis(
        Cause.NONE,
        f"Nada impede: `{seen.name}` está no {seen.hub}, e `{seen.command}` deve funcionar agora.",
        seen.command,
    )


def _not_pushed(seen: Situation) -> Diagnosis:
    missing, command = f"`{seen.name}` ainda não está no {seen.hub}.", seen.command
    ready = seen.is_local and (seen.is_own or not seen.reference.on_docker_hub)
    if not ready:
        sentence = f"{missing} Envie-a com `{command}`."
    elif seen.compared or not seen.exact:
        sentence = f"{missing} A imagem já tem o nome certo: falta só `{command}`."
    elif seen.source in (None, seen.reference):
        sentence = f"{missing} Se esse nome aponta para a imagem certa, falta só `{command}`."
    else:  # it may be on another image still
        command, end = to_name(seen)
        sentence = f"{missing} {end}"
    return Diagnosis(Cause.NOT_PUSHED, sentence, command)
