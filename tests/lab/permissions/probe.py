"""Tries everything, as everybody, from inside the lab: `python -m tests.lab.permissions.probe`.

Reads the scene from standard input; prints, for each deed, state and actor, the word that answered it.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.lab.permissions.actor import Actor
from tests.lab.permissions.deeds import OF_A_REPOSITORY, OF_THE_ACCOUNT, Place

# No page knows an access token: what they do is in the rows of the API and of docker.
ONLY_TOKENS = ("guest", "admin", "write", "read", "pub", "exp", "off")
SIGN_IN = "page: sign in"
Words = dict[str, dict[str, str]]  # by deed and state; "-" for what is of no repository


def tried(name: str, told: dict[str, Any]) -> Words:
    """All deeds of one actor, in order."""
    places = [Place(**told["places"][state]) for state in told["places"]]
    who = Actor(**{key: value for key, value in told.items() if key != "places"})
    found: Words = {}
    for deed, do in OF_THE_ACCOUNT.items():
        found[deed] = {"-": "." if _is_not_for(name, deed) else do(who, places[0])}
    for deed, do in OF_A_REPOSITORY.items():
        found[deed] = {it.state: "." if _is_not_for(name, deed) else do(who, it) for it in places}
    return found


def _is_not_for(name: str, deed: str) -> bool:
    return deed.startswith("page:") and deed != SIGN_IN and name in ONLY_TOKENS


def main() -> None:
    actors = json.load(sys.stdin)["actors"]
    with ThreadPoolExecutor(4) as pool:
        found = dict(zip(actors, pool.map(tried, actors, actors.values()), strict=True))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
