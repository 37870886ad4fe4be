"""Somebody with an account in a real lab: a browser that is signed in, and docker."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from tests.browser.hub_pages import sign_in
from tests.lab.desk import soon
from tests.real_lab import Lab


@dataclass(frozen=True)
class Learner:
    page: Page
    lab: Lab
    name: str
    password: str = field(repr=False)

    def opens(self, path: str) -> None:
        self.page.goto(self.lab.hub_url + path)

    def docker(self, *command: str) -> None:
        done = self.lab.run(["docker", *command])
        assert done.returncode == 0, done.stdout + done.stderr

    def refused(self, *command: str) -> str:
        """What docker did not do, as it says it."""
        done = self.lab.run(["docker", *command])
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    def logs_in(self, secret: str = "") -> None:
        self.lab.login(self.name, secret or self.password)

    def cannot_log_in(self, secret: str) -> str:
        done = self.lab.run(["docker", "login", "-u", self.name, "--password-stdin"], text=secret)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def pushes(self, repository: str, tag: str = "latest") -> str:
        """The image of the course, to a public repository; its name, once the hub has heard of it."""
        image = f"{self.name}/{repository}:{tag}"
        self.docker("tag", "docker-is-cool", image)
        self.docker("push", "-q", image)
        there = f"{self.lab.hub_url}/v2/namespaces/{self.name}/repositories/{repository}/tags/{tag}"
        soon(lambda: self.page.request.get(there).ok, f"o hub saber de {image}")
        return image


@contextmanager
def learner_in(lab: Lab, browser: Browser) -> Iterator[Learner]:
    """A new account, signed in; what it named in the engine goes away afterwards."""
    name, password = f"ana{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    lab.account(name, password)
    context = browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(lab.hub_url)
    sign_in(page, name, password)
    page.wait_for_url(re.compile(f"/u/{name}"))
    yield Learner(page, lab, name, password)
    context.close()
    named = lab.run(["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"{name}/*"]).stdout
    if names := [one for one in named.split() if not one.endswith(":<none>")]:
        lab.run(["docker", "rmi", *names])
