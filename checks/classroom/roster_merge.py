"""A list imported again over the people of a class: who came, what changed, who is no longer in the list.

Nobody is dropped and no key changes. An empty cell takes nothing away, since a list may just not have that
column; a filled one wins over what was known, and is told where somebody loses something by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from checks.classroom.person import Person
from checks.classroom.roster import Roster
from checks.classroom.roster_columns import plain
from checks.classroom.roster_key import UNIQUE, folded

# How somebody is recognized, the surest first; a name alone serves only when nothing speaks against it.
_KNOWN_BY: Final = ("email", "id_number", "lms_id", "username", "key", "github")
_OF_ONE: Final = (*UNIQUE, "docker_id")  # what no two people have
_TAKEN: Mapping[str, str] = {
    "email": "O e-mail {value} agora é de {new}, como está na lista, e {old} ficou sem e-mail.",
    "id_number": "A matrícula {value} agora é de {new}, como está na lista, e {old} ficou sem matrícula.",
    "lms_id": "O número {value} do ambiente da escola agora é de {new}, pela lista, e {old} ficou sem.",
    "username": "O nome de usuário {value} agora é de {new}, como está na lista, e {old} ficou sem.",
    "docker_id": "O Docker ID {value} agora é de {new}, como está na lista, e {old} ficou sem Docker ID.",
}
_OTHER_DOCKER_ID = "O Docker ID de {name} era {before} e agora é {after}, como está na lista."


@dataclass(frozen=True)
class Change:
    """Somebody of whom the new list tells something else; both have the same key."""

    before: Person
    after: Person

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields of Person that are not the same."""
        names = (item.name for item in fields(Person))
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True)
class Merged:
    """`people` is the class from now on: those of the new list, in its order, then those missing from it."""

    people: tuple[Person, ...]
    added: tuple[Person, ...]
    changed: tuple[Change, ...]
    kept: tuple[Person, ...]  # in both, and the same
    missing: tuple[Person, ...]  # not in the new list, and still in the class
    notes: tuple[str, ...]


def merge(old: Sequence[Person], new: Roster) -> Merged:
    """`old` is the class as it is, each with a key of their own."""
    found = _recognized(old, new.people)
    keys = {person.key for person in old}
    listed = [_told_again(person, found.get(person.key), keys) for person in new.people]
    seen = {person.key for person in found.values()}
    missing = [person for person in old if person.key not in seen]
    people, notes = _of_one_each(new.people, listed, missing)
    before = {person.key: person for person in old}
    after = [(before[person.key], person) for person in people if person.key in before]
    changed = tuple(Change(*pair) for pair in after if pair[0] != pair[1])
    names = {person.key for person in missing}
    return Merged(
        people=people,
        added=tuple(person for person in people if person.key not in before),
        changed=changed,
        kept=tuple(one for past, one in after if past == one and one.key not in names),
        missing=tuple(person for person in people if person.key in names),
        notes=(*_docker_ids(changed), *notes),
    )


def _recognized(old: Sequence[Person], new: Sequence[Person]) -> dict[str, Person]:
    """Who of the class each of the list is, by the key that the list gave; nobody is two people."""
    index = {
        (field, folded(getattr(person, field))): person
        for person in reversed(old)
        for field in _KNOWN_BY
        if getattr(person, field)
    }
    found: dict[str, Person] = {}
    taken: set[str] = set()
    for field in _KNOWN_BY:
        for person in new:
            known = index.get((field, folded(getattr(person, field)))) if getattr(person, field) else None
            if known and known.key not in taken and person.key not in found:
                found[person.key] = known
                taken.add(known.key)
    by_name = dict(_alone([person for person in old if person.key not in taken]))
    for name, person in _alone([person for person in new if person.key not in found]):
        if (known := by_name.get(name)) and not _differ(known, person):
            found[person.key] = known
    return found


def _alone(people: Sequence[Person]) -> Iterator[tuple[str, Person]]:
    """Everybody whose name nobody else of them has."""
    names = Counter(plain(person.name) for person in people)
    return ((name, one) for one in people if (name := plain(one.name)) and names[name] == 1)


def _differ(known: Person, person: Person) -> bool:
    """Whether both have something that only one person has, and not the same."""
    pairs = [(folded(getattr(known, field)), folded(getattr(person, field))) for field in UNIQUE]
    return any(one and other and one != other for one, other in pairs)


def _told_again(person: Person, known: Person | None, keys: set[str]) -> Person:
    """Somebody of the list with what was known before; a newcomer, with a key that nobody has."""
    if known:
        told = {name: value for name, value in person.to_dict().items() if value}
        if person.name == person.email and known.name:  # a list without names says nothing of them
            del told["name"]
        return replace(known, **(told | {"key": known.key}))
    key, number = person.key, 2
    while key in keys:
        key, number = f"{person.key}-{number}", number + 1
    keys.add(key)
    return replace(person, key=key)


def _of_one_each(
    given: Sequence[Person], listed: Sequence[Person], missing: Sequence[Person]
) -> tuple[tuple[Person, ...], list[str]]:
    """Everybody, with each e-mail, number and Docker ID left to one: to whom the list itself gives it."""
    owners: dict[tuple[str, str], Person] = {}
    for told, person in (*zip(given, listed, strict=True), *zip(listed, listed, strict=True)):
        for field in _OF_ONE:
            owners.setdefault((field, folded(getattr(told, field))), person)
    people, notes = {person.key: person for person in (*listed, *missing)}, list[str]()
    for person in (*listed, *missing):
        for field in _OF_ONE:
            value = getattr(person, field)
            owner = owners.setdefault((field, folded(value)), person)
            if value and owner.key != person.key:
                people[person.key] = replace(people[person.key], **{field: ""})
                shown = {"value": value, "new": _name(owner), "old": _name(person)}
                notes.append(_TAKEN[field].format(**shown))
    return tuple(people.values()), notes


def _docker_ids(changed: Sequence[Change]) -> Iterator[str]:
    for one in changed:
        before, after = one.before.docker_id, one.after.docker_id
        if before and after and before != after:
            yield _OTHER_DOCKER_ID.format(name=_name(one.after), before=before, after=after)


def _name(person: Person) -> str:
    return person.name or person.email or person.key
