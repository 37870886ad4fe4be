"""A learner says who they are in the teacher's list, and the list then has their Docker ID; and back."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.actions import Action
from hub.audit.log import note
from hub.classroom import versions
from hub.classroom.code import is_class_code
from hub.classroom.models import Attempt, Member, Result
from hub.classroom.text import plain

WRONG_CODE = "Este não é o código da turma. Confira letra por letra, ou peça de novo a quem dá a aula."
NOT_BY_EMAIL = (
    "O e-mail da sua conta não está na lista da turma. "
    "Digite o e-mail ou o número com que a escola conhece você."
)
NOBODY = (
    "Não há ninguém na lista da turma com esse e-mail ou número. "
    "Confira o que digitou, ou fale com quem dá aula."
)
TAKEN = "Essa pessoa já usa outra conta deste hub. Se é você, entre com ela, ou fale com quem dá aula."
SEVERAL = "Mais de uma pessoa da lista tem esse e-mail ou número. Digite o outro, ou fale com quem dá aula."


class ClaimRefused(Exception):  # noqa: N818
    """A sentence for the learner."""


def member_of(person: User) -> Member | None:
    return Member.objects.filter(docker_id=person.username).first()


def claim(person: User, code: str, typed: str) -> Member:
    """Links the account with the one unclaimed member who has the e-mail or number that was typed, or else
    the account's own confirmed e-mail. Who is linked already stays so, and whose e-mail another account has
    confirmed is left to that one. Raises ClaimRefused; before the code is right it says nothing of the list.
    """
    if not is_class_code(code):
        raise ClaimRefused(WRONG_CODE)
    with transaction.atomic():
        version = versions.take()
        if known := member_of(person):
            return known
        member = _meant(person, plain(typed).strip())
        member.docker_id, member.claimed_at, member.claimed_by_code = person.username, timezone.now(), True
        _save(member, version)
    return member


def _meant(person: User, typed: str) -> Member:
    if typed:
        same = Q(email=typed.lower()) | Q(id_number__iexact=typed) | Q(username__iexact=typed)
    elif person.is_confirmed:
        same = Q(email=person.email.lower())
    else:
        raise ClaimRefused(NOT_BY_EMAIL)
    found = list(Member.objects.filter(same))
    free = [member for member in found if not member.docker_id and not _has_another(member, person)]
    if len(free) == 1:
        return free[0]
    if free:
        raise ClaimRefused(SEVERAL)
    if found:
        raise ClaimRefused(TAKEN)
    raise ClaimRefused(NOBODY if typed else NOT_BY_EMAIL)


def _has_another(member: Member, person: User) -> bool:
    """Whether an account that is not this person's has confirmed the member's e-mail."""
    same = EmailAddress.objects.filter(email__iexact=member.email, verified=True)
    return bool(member.email) and same.exclude(user=person).exists()


def release(member: Member) -> None:
    """Undoes it. What came of the account's work goes too: whoever enters next must not find it."""
    with transaction.atomic():
        version = versions.take()
        person = User.objects.filter(username=member.docker_id).first() if member.docker_id else None
        for model in (Result, Attempt):
            model.objects.filter(member=member).delete()
        member.docker_id, member.claimed_at, member.claimed_by_code = "", None, False
        _save(member, version)
        if person:
            note(person, Action.CLASS_LEFT)


def _save(member: Member, version: int) -> None:
    member.version = version
    member.refresh_sought()
    member.save(update_fields=["docker_id", "claimed_at", "claimed_by_code", "sought", "version"])
    versions.publish(version)
