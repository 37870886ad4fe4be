"""Other names that may be the one that was meant: another tag, another owner, a slip of the fingers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches

from checks.reference import OFFICIAL, Reference

_ALIKE = 0.8  # of the letters, as difflib counts: one or two slips in a name of usual length


def under(docker_id: str, reference: Reference) -> Reference:
    """The same repository and tag, owned by `docker_id`."""
    return replace(reference, repository=f"{docker_id}/{_last(reference)}")


def same_repository(reference: Reference, known: Iterable[Reference]) -> Reference | None:
    """The same repository with another tag; the most similar tag when there are several."""
    found = {one.tag: one for one in known if one.name == reference.name and one.tag}
    return found[nearest_tag(reference.target, found)] if found else None


def nearest_tag(tag: str, known: Iterable[str]) -> str:
    tags = sorted(known)
    if "latest" in tags:
        return "latest"
    return (get_close_matches(tag, tags, n=1, cutoff=0.0) or tags)[0]


def own_copy(reference: Reference, learner: str | None, known: Iterable[Reference]) -> Reference | None:
    """The learner's own image of that repository, when the name typed begins with another's."""
    if learner is None or learner == reference.namespace:
        return None
    mine = under(learner, reference)
    return mine if mine in set(known) else None


def unnamed(reference: Reference, known: Iterable[Reference]) -> Reference | None:
    """The image as it was built, without anybody's Docker ID in front."""
    official = [one for one in known if one.on_docker_hub and one.namespace == OFFICIAL]
    same = [one for one in official if _last(one) == _last(reference)]
    return next((one for one in same if one.tag == reference.tag), same[0] if same else None)


def nearest(reference: Reference, known: Iterable[Reference]) -> Reference | None:
    """A name that is almost this one; an image without an owner is another matter (`unnamed`)."""
    scored = [
        (_likeness(reference, one), one.target == reference.target, one.familiar, one)
        for one in known
        if one.registry == reference.registry and one.name != reference.name
    ]
    best = max((row for row in scored if row[0] >= _ALIKE), default=None, key=lambda row: row[:3])
    return best[-1] if best else None


def _likeness(one: Reference, other: Reference) -> float:
    """Owner and repository must each be almost right; one wrong entirely is no slip of the fingers."""
    owners = SequenceMatcher(None, one.namespace, other.namespace).ratio()
    names = SequenceMatcher(None, _last(one), _last(other)).ratio()
    # Owners are short: one letter of `ana` is a third of it, so a perfect repository lets it pass.
    return (owners + names) / 2 if owners >= 0.7 and names >= 0.7 else 0.0


def _last(reference: Reference) -> str:
    return reference.repository.rpartition("/")[2]
