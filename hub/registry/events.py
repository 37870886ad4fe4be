"""The registry's notifications as values: reads an envelope, keeps what the hub can use."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.repositories.names import RepositoryName, is_tag, parse_repository

log = logging.getLogger(__name__)
_LONGEST_ID, _LONGEST_DIGEST = 64, 160  # what the columns hold; PostgreSQL refuses more


@dataclass(frozen=True)
class Event:
    """One event; `tag` and `digest` are empty where the registry did not say them."""

    id: str
    at: datetime
    action: str
    repository: RepositoryName
    tag: str
    digest: str
    media_type: str
    method: str
    actor: str


class BadEnvelope(Exception):  # noqa: N818
    """Not what a registry sends."""


def read_events(envelope: Any) -> Iterator[Event]:
    """The events that make sense. One that does not is left out and logged: refusing it would make the
    registry send it again for ever, and hold back all that come after."""
    events = envelope.get("events") if isinstance(envelope, dict) else None
    if not isinstance(events, list):
        raise BadEnvelope
    for raw in events:
        event = read_event(raw)
        if event is None:
            log.warning("Evento do registry deixado de lado por não fazer sentido aqui.")
        else:
            yield event


def read_event(raw: Any) -> Event | None:
    target, request = _object(raw, "target"), _object(raw, "request")
    repository = parse_repository(_text(target, "repository"))
    at = _moment(_text(raw, "timestamp"))
    tag = _text(target, "tag")
    identity, digest = _text(raw, "id"), _text(target, "digest")
    if repository is None or at is None or (tag and not is_tag(tag)):
        return None
    if len(identity) > _LONGEST_ID or len(digest) > _LONGEST_DIGEST:
        return None
    return Event(
        id=identity,
        at=at,
        action=_text(raw, "action"),
        repository=repository,
        tag=tag,
        digest=digest,
        media_type=_text(target, "mediaType"),
        method=_text(request, "method"),
        actor=_text(_object(raw, "actor"), "name"),
    )


def _object(parent: Any, key: str) -> dict[str, Any]:
    value = parent.get(key) if isinstance(parent, dict) else None
    return value if isinstance(value, dict) else {}


def _text(parent: Any, key: str) -> str:
    value = parent.get(key) if isinstance(parent, dict) else None
    return value[:300] if isinstance(value, str) and value.isprintable() else ""


def _moment(text: str) -> datetime | None:
    """Go writes nanoseconds; what is finer than a microsecond is dropped."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
