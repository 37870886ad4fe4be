"""The people of the class, from the teacher's list: added, changed, taken out; claims stay as they are."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from checks.classroom.person import Person
from hub.classroom import versions
from hub.classroom.models import (
    LONGEST,
    LONGEST_DOCKER_ID,
    LONGEST_EMAIL,
    PERSON_FIELDS,
    Attempt,
    Member,
    Result,
)
from hub.classroom.text import plain

SCHEMA = 1
NO_KEY = "Falta a chave ou o nome desta pessoa."
TOO_LONG = "O campo {} desta pessoa é longo demais: são no máximo {} letras."
TWICE = "Esta chave já apareceu antes na lista, e vale o que veio primeiro."
ID_TAKEN = "O Docker ID {} já é de outra pessoa da turma, e esta ficou sem nenhum."
ID_KEPT = "Esta pessoa já entrou na turma como {}, não como {}. Ficou como estava; para trocar, solte antes."
_BATCH = 500
_LONGEST = dict.fromkeys(PERSON_FIELDS, LONGEST) | {"email": LONGEST_EMAIL, "docker_id": LONGEST_DOCKER_ID}
_PLAIN_FIELDS = tuple(name for name in PERSON_FIELDS if name not in ("key", "docker_id"))
_COLUMNS = (*_PLAIN_FIELDS, "docker_id", "order", "sought", "claimed_at", "claimed_by_code", "version")


@dataclass(frozen=True)
class Remark:
    """Something that the list says and the class has not taken, or not as it stands."""

    key: str
    why: str


@dataclass
class Loaded:
    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    refused: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        told = {name: [vars(one) for one in getattr(self, name)] for name in ("refused", "remarks")}
        counts = {name: getattr(self, name) for name in ("added", "changed", "same", "removed")}
        return {"schema": SCHEMA, **counts, **told}


def people() -> list[Person]:
    return [member.person for member in Member.objects.all()]


def read_people(items: Sequence[Any]) -> tuple[list[Person], list[Remark]]:
    """Those that can be kept, each key once, and why the others cannot."""
    found: dict[str, Person] = {}
    refused: list[Remark] = []
    for item in items:
        try:
            person = _fit(Person.from_dict(item))
        except (KeyError, TypeError, AttributeError):
            refused.append(Remark("", NO_KEY))
            continue
        why = _objection(person) or (TWICE if person.key in found else "")
        if why:
            refused.append(Remark(person.key[:80], why))
        else:
            found[person.key] = person
    return list(found.values()), refused


def _fit(person: Person) -> Person:
    told = {name: plain(value).strip() for name, value in person.to_dict().items()}
    lowered = {name: told[name].lower() for name in ("email", "docker_id")}
    return Person(**(told | lowered))


def _objection(person: Person) -> str:
    if not person.key or not person.name:
        return NO_KEY
    for name, value in person.to_dict().items():
        if len(value) > _LONGEST[name]:
            return TOO_LONG.format(name, _LONGEST[name])
    return ""


def load(items: Sequence[Any], *, replace: bool = False) -> Loaded:
    """The list as it came, a Person dict each. `replace`: who is not in it is taken out, with all results."""
    listed, refused = read_people(items)
    with transaction.atomic():
        return _Loading(listed, Loaded(refused=refused)).run(replace=replace)


class _Loading:
    def __init__(self, listed: list[Person], told: Loaded) -> None:
        self.version = versions.take()
        self.listed = listed
        self.told = told
        self.known = {member.key: member for member in Member.objects.all()}

    def run(self, *, replace: bool) -> Loaded:
        if replace:
            self._take_out()
        new = self._newcomers()
        order = self._order(new)
        owners = self._owners()
        changed, restarted = [], []
        for person in self.listed:
            member = new.get(person.key) or self.known[person.key]
            before = _state(member)
            self._write(member, person, owners)
            member.order = order[person.key]
            if person.key in new:
                continue
            if before["docker_id"] not in ("", member.docker_id):
                restarted.append(member)
            if before != _state(member):
                changed.append(member)
            # One who only moved up or down the list is the same.
            self.told.changed += before | {"order": member.order} != _state(member)
        self._save(list(new.values()), changed, restarted)
        return self.told

    def _take_out(self) -> None:
        gone = self.known.keys() - {person.key for person in self.listed}
        for key in gone:
            self.known.pop(key).delete()
        self.told.removed = len(gone)

    def _newcomers(self) -> dict[str, Member]:
        """With numbers in no order: in a list by name, one who knows the list would know who «aluno 1» is."""
        keys = [person.key for person in self.listed if person.key not in self.known]
        last = Member.objects.aggregate(last=Max("number"))["last"] or 0
        numbers = list(range(last + 1, last + 1 + len(keys)))
        random.SystemRandom().shuffle(numbers)
        return {key: Member(key=key, number=number) for key, number in zip(keys, numbers, strict=True)}

    def _order(self, new: Iterable[str]) -> dict[str, int]:
        """The list's own, if everybody is in it; else newcomers come last."""
        keys = [person.key for person in self.listed]
        if self.known.keys() <= set(keys):
            return {key: at for at, key in enumerate(keys)}
        last = max((member.order for member in self.known.values()), default=-1)
        old = {key: member.order for key, member in self.known.items()}
        return old | {key: last + at for at, key in enumerate(new, start=1)}

    def _owners(self) -> dict[str, str]:
        """Whose each Docker ID is: of a claim first, then as known, then as listed; the first has it."""
        known = sorted(self.known.values(), key=lambda member: not member.claimed_by_code)
        told = {person.key: person.docker_id for person in self.listed}
        owners: dict[str, str] = {}
        for member in known:
            stays = member.claimed_by_code or told.get(member.key, "") in ("", member.docker_id)
            if member.docker_id and stays:
                owners.setdefault(member.docker_id, member.key)
        for person in self.listed:
            if person.docker_id:
                owners.setdefault(person.docker_id, person.key)
        return owners

    def _write(self, member: Member, person: Person, owners: dict[str, str]) -> None:
        for name in _PLAIN_FIELDS:
            setattr(member, name, getattr(person, name))
        wanted = person.docker_id
        if not wanted or wanted == member.docker_id:
            pass
        elif member.docker_id and member.claimed_by_code:
            self.told.remarks.append(Remark(person.key, ID_KEPT.format(member.docker_id, wanted)))
        elif owners[wanted] == person.key:
            member.docker_id, member.claimed_at = wanted, timezone.now()
        else:
            member.docker_id, member.claimed_at = "", None
            self.told.remarks.append(Remark(person.key, ID_TAKEN.format(wanted)))
        member.refresh_sought()

    def _save(self, new: list[Member], changed: list[Member], restarted: list[Member]) -> None:
        for member in (*new, *changed):
            member.version = self.version
        # What another account did is not theirs.
        for model in (Result, Attempt):
            model.objects.filter(member__in=restarted).delete()
        # First of all free: two may have changed places.
        Member.objects.filter(pk__in=[member.pk for member in restarted]).update(docker_id="")
        Member.objects.bulk_update(changed, _COLUMNS, batch_size=_BATCH)
        Member.objects.bulk_create(new, batch_size=_BATCH)
        self.told.added = len(new)
        self.told.same = len(self.listed) - len(new) - self.told.changed
        if new or changed or self.told.removed:
            versions.publish(self.version)


def _state(member: Member) -> dict[str, Any]:
    return {name: getattr(member, name) for name in _COLUMNS}
