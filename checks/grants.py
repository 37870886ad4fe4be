"""What a registry's token service lets a reader do in a repository; nothing is pushed to find out. No I/O.

A service may grant less than was asked for, or refuse the whole question with a sentence: Docker Hub does
that to a token that may not write. Then a smaller question is asked, and the sentence is kept.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Generator
from typing import Any, Final

from checks.auth import Challenge, Credential, WebAnswer, WebRequest, ask_for_token
from checks.errors import LoginRefused, StrangeAnswer
from checks.image import Grant
from checks.reference import Reference

GrantFlow = Generator[WebRequest, WebAnswer, Grant]
_QUESTIONS: Final = ("pull,push,delete", "pull,push", "pull")


def ask_for_grant(
    url: str, challenge: Challenge, reference: Reference, credential: Credential | None
) -> GrantFlow:
    """Raises LoginRefused when not even reading is granted, and StrangeAnswer when no token can be read."""
    refused: LoginRefused | None = None
    for actions in _QUESTIONS:
        try:
            token = yield from ask_for_token(url, challenge, [reference.scope(actions)], credential)
        except LoginRefused as error:
            refused = refused or error
        else:
            granted = _actions(token.text, reference.repository)
            if granted is None:
                raise StrangeAnswer(reference.registry, "a autorização não diz o que permite")
            return Grant(reference, granted, refused.answer if refused else "")
    raise refused or AssertionError("there is at least one question")


def _actions(token: str, repository: str) -> frozenset[str] | None:
    """The claim `access` of a JWT; the signature is for the registry to check. None when it has none."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        return None
    if not isinstance(claims, dict):
        return None
    access = claims.get("access") or []  # null, or nothing, where nothing is granted
    if not isinstance(access, list):
        return None
    found = [entry for entry in access if isinstance(entry, dict) and entry.get("name") == repository]
    return frozenset(action for entry in found for action in _texts(entry.get("actions")))


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
