"""Somebody with an account on the practice hub, who uses its pages and its API from outside the lab."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.real_lab import Lab


@dataclass
class Person:
    lab: Lab
    name: str = field(default_factory=lambda: f"aluno{secrets.token_hex(4)}")
    password: str = field(default_factory=lambda: secrets.token_urlsafe(15), repr=False)

    def __post_init__(self) -> None:
        self.lab.account(self.name, self.password)
        self._browser = requests.Session()
        self._browser.trust_env = False
        self._bearer = ""

    def logs_in(self, secret: str = "") -> None:
        """At the terminal, with the password or with a token."""
        self.lab.login(self.name, secret or self.password)

    def sends(self, path: str, **fields: str) -> str:
        """Fills in the form of a page; what the page says then."""
        return self.fills(path, path, **fields)

    def opens(self, path: str) -> str:
        """What a page says."""
        self._signs_in()
        return self._browser.get(self.lab.hub_url + path, timeout=20).text

    def fills(self, page: str, to: str, **fields: str | list[str]) -> str:
        """Fills in a form of a page that has several, each with an address of its own."""
        self._signs_in()
        return self._form(page, to, **fields)

    def _signs_in(self) -> None:
        if not self._browser.cookies:
            self._form("/login/", "/login/", login=self.name, password=self.password)

    def _form(self, page: str, to: str, **fields: str | list[str]) -> str:
        url = self.lab.hub_url + page
        found = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', self._browser.get(url, timeout=20).text
        )
        assert found
        form = {**fields, "csrfmiddlewaretoken": found[1]}
        answer = self._browser.post(self.lab.hub_url + to, data=form, headers={"Referer": url}, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.text

    def asks(self, method: str, path: str, **body: object) -> Any:
        """The API, signed in with the password."""
        if not self._bearer:
            secret = {"identifier": self.name, "secret": self.password}
            self._bearer = self._api("POST", "/v2/auth/token", secret)["access_token"]
        return self._api(method, path, body)

    def _api(self, method: str, path: str, body: object) -> Any:
        headers = {"Authorization": f"Bearer {self._bearer}"} if self._bearer else {}
        with requests.Session() as program:
            program.trust_env = False
            url = self.lab.hub_url + path
            answer = program.request(method, url, json=body, headers=headers, timeout=20)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def token(self, scope: str, **more: object) -> dict[str, Any]:
        """A new access token, as the API answers it."""
        made: dict[str, Any] = self.asks(
            "POST", "/v2/access-tokens", token_label="de teste", scopes=[scope], **more
        )
        return made
