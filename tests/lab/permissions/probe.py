"""Tries everything, as everybody, from inside the lab: `python -m tests.lab.permissions.probe`.

Reads the scene from standard input; prints, for each actor, state and deed, the status that answered it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from tests.lab.permissions.scene import ACTORS, MANIFEST, STATES, manifest

HUB, REGISTRY, TOKENS = (
    "https://hub.docker.com",
    "https://registry-1.docker.io",
    "https://auth.docker.io/token",
)
WAIT = 20


@dataclass
class Actor:
    """Someone with a browser, a program that uses the API, and docker; nobody's secret is empty."""

    docker_id: str = ""
    secret: str = ""
    has_browser: bool = True
    browser: requests.Session = field(default_factory=requests.Session)
    program: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        if not self.docker_id:
            return
        answer = self.program.post(
            f"{HUB}/v2/auth/token", json={"identifier": self.docker_id, "secret": self.secret}, timeout=WAIT
        )
        self.program.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        if self.has_browser:
            self._sign_in()

    def _sign_in(self) -> None:
        page = self.browser.get(f"{HUB}/login/", timeout=WAIT)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert found
        form = {"login": self.docker_id, "password": self.secret, "csrfmiddlewaretoken": found[1]}
        signed = self.browser.post(f"{HUB}/login/", data=form, headers={"Referer": page.url}, timeout=WAIT)
        assert self.docker_id in signed.text

    def sees(self, path: str) -> int:
        return self.browser.get(f"{HUB}{path}", timeout=WAIT, allow_redirects=False).status_code

    def calls(self, method: str, path: str, **body: object) -> int:
        return self.program.request(method, f"{HUB}/v2/{path}", json=body or None, timeout=WAIT).status_code

    def registry(self, actions: str, method: str, path: str, reference: str, body: bytes = b"") -> int:
        """As docker does: first a token for it, then the deed; the status of the one that refused."""
        scope = {"service": "registry.docker.io", "scope": f"repository:{path}:{actions}"}
        credentials = (self.docker_id, self.secret) if self.docker_id else None
        token = requests.get(TOKENS, params=scope, auth=credentials, timeout=WAIT)
        if token.status_code != 200:
            return token.status_code
        headers = {
            "Authorization": f"Bearer {token.json()['token']}",
            "Content-Type": MANIFEST,
            "Accept": MANIFEST,
        }
        url = f"{REGISTRY}/v2/{path}/manifests/{reference}"
        return requests.request(method, url, headers=headers, data=body or None, timeout=WAIT).status_code


Deed = Callable[[Actor, str], int]
# In this order: the last ones destroy.
DEEDS: dict[str, Deed] = {
    "page": lambda who, path: who.sees(f"/r/{path}/"),
    "settings page": lambda who, path: who.sees(f"/repositories/{path}/configuracoes/"),
    "API read": lambda who, path: who.calls("GET", f"namespaces/{path.replace('/', '/repositories/')}"),
    "API tags": lambda who, path: who.calls("GET", f"namespaces/{path.replace('/', '/repositories/')}/tags"),
    "pull": lambda who, path: who.registry("pull", "GET", path, "latest"),
    "push a new tag": lambda who, path: who.registry("pull,push", "PUT", path, "nova", other_image(path)),
    "move a tag": lambda who, path: who.registry("pull,push", "PUT", path, "latest", other_image(path)),
    "API edit": lambda who, path: who.calls("PATCH", f"repositories/{path}/", description="Outra."),
    "API delete a tag": lambda who, path: who.calls("DELETE", f"repositories/{path}/tags/velha/"),
    "delete in the registry": lambda who, path: who.registry("delete", "DELETE", path, digest(path)),
    "API delete": lambda who, path: who.calls("DELETE", f"repositories/{path}/"),
}
ONLY_IN_A_BROWSER = ("page", "settings page")


def other_image(path: str) -> bytes:
    return manifest(f" de {path}")[0]


def digest(path: str) -> str:
    """Of the tag `registro`."""
    return f"sha256:{hashlib.sha256(manifest(f'registro de {path}')[0]).hexdigest()}"


def main() -> None:
    scene = json.load(sys.stdin)
    people, passwords, tokens = scene["people"], scene["passwords"], scene["tokens"]
    owner = people["owner"]
    actors = {
        "anonymous": Actor(),
        "other": Actor(people["other"], passwords["other"]),
        "owner": Actor(owner, passwords["owner"]),
        **{scope: Actor(owner, secret, has_browser=False) for scope, secret in tokens.items()},
    }
    found: dict[str, dict[str, dict[str, int]]] = {}
    for name in ACTORS:
        for state in STATES:
            path = f"{owner}/{name.replace('_', '-')}-{state}"
            found.setdefault(name, {})[state] = {
                deed: do(actors[name], path)
                for deed, do in DEEDS.items()
                if actors[name].has_browser or deed not in ONLY_IN_A_BROWSER
            }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
