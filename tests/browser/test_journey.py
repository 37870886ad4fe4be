"""The chapter as a beginner walks it: the account in the browser, the push in a terminal, the profile."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.hub_pages import code_in, confirm, open_mail, says, sign_up
from tests.browser.looks import look
from tests.real_lab import Lab

pytestmark = pytest.mark.browser
PASSWORD = secrets.token_urlsafe(12)


def test_from_sign_up_to_the_repository_on_the_profile(page: Page, lab: Lab) -> None:
    name = f"bia{secrets.token_hex(3)}"
    page.goto(lab.hub_url)
    sign_up(page, name, PASSWORD)
    expect(page).to_have_url(f"{lab.hub_url}/conta/codigo/")
    assert lab.run(["docker", "login", "-u", name, "--password-stdin"], text=PASSWORD).returncode != 0

    mail = open_mail(page, name)
    look(mail, "conta-correio")
    confirm(page, "ERRADO")
    says(page, "Este não é o código que mandamos.")
    look(page, "conta-codigo-errado")
    confirm(page, code_in(mail))
    expect(page).to_have_url(re.compile(f"/u/{name}"))
    picture(page, "perfil-vazio")

    lab.login(name, PASSWORD)
    image = f"{name}/docker-is-cool"
    assert lab.run(["docker", "tag", "docker-is-cool", image]).returncode == 0
    assert lab.run(["docker", "push", image]).returncode == 0
    # No reload: the open profile finds out by itself.
    expect(page.get_by_role("link", name=image)).to_be_visible()
    picture(page, "perfil")
    page.get_by_role("link", name=image).click()
    expect(page.get_by_role("main")).to_contain_text(f"docker pull {image}")
    picture(page, "repositorio")
