"""Somebody with a browser, a program that uses the API, and docker: what each of them is answered, in a word.

A word of the table is a status, or: `done`, a form was taken; `told`, it came back with the reason why not;
`login`, sent to sign in; `code`, asked for the second step; `yes` and `no`, whether a list has it; the first
letters of what a registry token grants, or `none`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import jwt
import requests

from tests.lab.permissions.scene import MANIFEST

HUB = "https://hub.docker.com"
REGISTRY = "https://registry-1.docker.io/v2"
TOKENS, SERVICE = "https://auth.docker.io/token", "registry.docker.io"
WAIT = 20
_SIGN_IN, _SECOND_STEP = "/login", "/conta/duas-etapas/entrar/"
_REASON = re.compile('class="(message )?error"|está arquivado')
_LETTERS = {"pull": "r", "push": "w", "delete": "d"}


@dataclass
class Actor:
    """`bearer`: what the API gave before the secret was put out of use."""

    docker_id: str
    secret: str = field(repr=False)
    bearer: str = field(repr=False)
    namespace: str  # of the repositories that the table speaks of
    own: str  # a repository in the actor's own namespace
    token: str  # an access token of whoever has the namespace, for the pages
    api_token: str  # another, for the API
    _browser: requests.Session = field(default_factory=requests.Session)
    _program: requests.Session = field(default_factory=requests.Session)
    _docker: requests.Session = field(default_factory=requests.Session)
    _granted: dict[tuple[str, ...], str] = field(default_factory=dict)
    _form: dict[str, str] = field(default_factory=dict)

    # the browser

    def signs_in(self) -> str:
        if not self.docker_id:
            return "."
        answer = self._post("/login/", login=self.docker_id, password=self.secret)
        self._form.clear()  # with another session comes another mark of its forms
        return answer

    def sees(self, path: str) -> str:
        return _word(self._get(path))

    def sends(self, path: str, **fields: str) -> str:
        return self._post(path, **fields)

    def finds(self, name: str, path: str) -> str:
        """Whether that page has a link to the repository."""
        answer = self._get(path)
        return _yes(f'/{name}"' in answer.text) if answer.status_code == 200 else _word(answer)

    def _get(self, path: str) -> requests.Response:
        return self._browser.get(f"{HUB}{path}", timeout=WAIT, allow_redirects=False)

    def _post(self, path: str, **fields: str) -> str:
        """With the mark that every form carries, from a page that anyone has."""
        if not self._form:
            found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self._get("/correio/").text)
            assert found
            self._form["csrfmiddlewaretoken"] = found[1]
        answer = self._browser.post(
            f"{HUB}{path}", self._form | fields, headers={"Referer": HUB}, timeout=WAIT, allow_redirects=False
        )
        if answer.status_code == 200:
            return "told" if _REASON.search(answer.text) else "shown"
        word = _word(answer)
        return "done" if word == "302" else word

    # the program

    def asks_for_a_bearer(self, path: str, name: str, secret: str) -> str:
        if not self.docker_id:
            return "."
        answer = self._call("POST", path, {name: self.docker_id, secret: self.secret})
        bearer = answer.json().get("access_token", self.bearer)
        self._program.headers["Authorization"] = f"Bearer {bearer}"
        return str(answer.status_code)

    def calls(self, method: str, path: str, **body: object) -> str:
        return str(self._call(method, path, body).status_code)

    def lists(self, name: str, path: str, key: str) -> str:
        """Whether the results of that address have the name under the key."""
        answer = self._call("GET", path, {})
        if not answer.ok:
            return str(answer.status_code)
        return _yes(name in {one[key] for one in answer.json()["results"]})

    def _call(self, method: str, path: str, body: object) -> requests.Response:
        return self._program.request(method, f"{HUB}{path}", json=body or None, timeout=WAIT)

    # docker

    def logs_in(self) -> str:
        return str(self._token().status_code) if self.docker_id else "."

    def logs_in_by_form(self) -> str:
        """As the engine that keeps images in containerd does."""
        form = {
            "grant_type": "password",
            "service": SERVICE,
            "username": self.docker_id,
            "password": self.secret,
        }
        answer = self._docker.post(TOKENS, form, timeout=WAIT)
        return str(answer.status_code) if self.docker_id else "."

    def is_granted(self, path: str, actions: str) -> str:
        """What the token says, which is all that the registry knows of its bearer."""
        answer = self._token(f"repository:{path}:{actions}")
        if not answer.ok:
            return str(answer.status_code)
        access = jwt.decode(answer.json()["token"], options={"verify_signature": False})["access"]
        assert {(one["type"], one["name"]) for one in access} <= {("repository", path)}
        return "".join(_LETTERS[action] for one in access for action in one["actions"]) or "none"

    def registry(self, actions: str, method: str, path: str, where: str, body: bytes = b"") -> str:
        """As docker does: first a token for it, then the deed; the status of the one that refused."""
        return self.with_token((f"repository:{path}:{actions}",), method, f"{path}/{where}", body)

    def with_token(self, scopes: tuple[str, ...], method: str, where: str, body: bytes = b"") -> str:
        if scopes not in self._granted:
            answer = self._token(*scopes)
            if not answer.ok:
                return str(answer.status_code)
            self._granted[scopes] = answer.json()["token"]
        headers = {"Authorization": f"Bearer {self._granted[scopes]}", "Accept": MANIFEST}
        headers |= {"Content-Type": MANIFEST} if body else {}
        answer = self._docker.request(
            method, f"{REGISTRY}/{where}", headers=headers, data=body or None, timeout=WAIT
        )
        return str(answer.status_code)

    def _token(self, *scopes: str) -> requests.Response:
        asked: dict[str, Any] = {"service": SERVICE, "scope": scopes}
        credentials = (self.docker_id, self.secret) if self.docker_id else None
        return self._docker.get(TOKENS, params=asked, auth=credentials, timeout=WAIT)


def _word(answer: requests.Response) -> str:
    where = answer.headers.get("Location", "")
    if answer.status_code == 302 and where.startswith(_SECOND_STEP):
        return "code"
    return "login" if answer.status_code == 302 and where.startswith(_SIGN_IN) else str(answer.status_code)


def _yes(is_there: bool) -> str:
    return "yes" if is_there else "no"
