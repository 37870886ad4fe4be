"""The chapter as a beginner walks it: the account in the browser, the push in a terminal, the profile."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.real_lab import Lab

pytestmark = pytest.mark.browser
PASSWORD = secrets.token_urlsafe(12)


def sign_up(page: Page, lab: Lab, name: str) -> None:
    page.goto(f"{lab.hub_url}/signup")
    page.get_by_label("E-mail").fill(f"{name}@exemplo.com")
    page.get_by_label("Docker ID").fill(name)
    page.get_by_label(re.compile("^Senha")).first.fill(PASSWORD)
    page.get_by_role("button", name="Criar conta").click()


def code_from_the_mailbox(page: Page, lab: Lab, name: str) -> str:
    page.goto(f"{lab.hub_url}/correio/")
    page.get_by_role("link").filter(has_text=f"{name}@exemplo.com").first.click()
    found = re.search(
        r"\b[A-Z0-9]{4,}-?[A-Z0-9]{2,}\b|\b\d{6}\b", page.locator("pre, article, main").first.inner_text()
    )
    assert found, page.locator("main").inner_text()
    return found[0]


def test_from_sign_up_to_the_repository_on_the_profile(page: Page, lab: Lab) -> None:
    name = f"bia{secrets.token_hex(3)}"
    sign_up(page, lab, name)
    expect(page).to_have_url(f"{lab.hub_url}/conta/codigo/")
    assert lab.run(["docker", "login", "-u", name, "--password-stdin"], text=PASSWORD).returncode != 0

    mailbox = page.context.new_page()
    code = code_from_the_mailbox(mailbox, lab, name)
    picture(mailbox, "correio")
    page.get_by_label(re.compile("[Cc]ódigo")).fill("ERRADO")
    page.get_by_role("button", name=re.compile("Confirmar")).click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("código"))
    page.get_by_label(re.compile("[Cc]ódigo")).fill(code)
    page.get_by_role("button", name=re.compile("Confirmar")).click()
    expect(page).to_have_url(re.compile(f"/u/{name}"))
    picture(page, "perfil-vazio")

    lab.login(name, PASSWORD)
    image = f"{name}/docker-is-cool"
    assert lab.run(["docker", "tag", "docker-is-cool", image]).returncode == 0
    assert lab.run(["docker", "push", image]).returncode == 0
    # No reload: the open profile finds out by itself.
    expect(page.get_by_role("link", name=image)).to_be_visible(timeout=15_000)
    picture(page, "perfil")
    page.get_by_role("link", name=image).click()
    expect(page.get_by_role("main")).to_contain_text(f"docker pull {image}")
    picture(page, "repositorio")
