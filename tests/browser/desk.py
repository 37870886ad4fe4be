"""JupyterLab as a learner uses it, by its own menus, links and keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, ViewportSize, expect

from checks.render.text import WORKING
from lab.jupyter import FIRST_LESSON
from tests.real_lab import Lab

SCREEN: ViewportSize = {"width": 1280, "height": 900}
_THEMES_IN_ENGLISH = {"claro": "Light", "escuro": "Dark"}
THEMES = tuple(_THEMES_IN_ENGLISH)  # the first is the one that JupyterLab opens with
# Whatever a screen reader is told while the page is open, in order.
_LISTEN = """
window.heard = [];
new MutationObserver(changes => {
  for (const { addedNodes } of changes) for (const node of addedNodes)
    if (node.querySelectorAll)
      for (const one of node.querySelectorAll('[role=alert]')) heard.push(one.textContent);
}).observe(document, { childList: true, subtree: true });
"""
_IDLE = re.compile(r"ipykernel\) \| Idle")
_NEWS = """([before, working]) => {
  const news = heard.slice(before), at = news.indexOf(working);
  return at >= 0 && news.slice(at + 1).find(one => one.startsWith("Verificação terminada"));
}"""
# The words below the page may still be those of the notebook before.
_CONNECTED = """async path => {
  const all = await (await fetch("/api/sessions")).json();
  const ours = all.find(one => one.path === path);
  return ours && ours.kernel.connections > 0 && ours.kernel.execution_state === "idle";
}"""
_TO_THE_TOP = "one => { const from = one.scrollTop; one.scrollTo(0, 0); return from; }"


def run_notebook(page: Page, lab: Lab, path: str) -> None:
    """Opens that notebook alone and sends every cell, once the kernel answers: sent before, they are lost."""
    page.goto(f"{lab.jupyter_url}/lab/tree/{path}?token={lab.jupyter_token}&reset", timeout=60_000)
    expect(page.get_by_text(_IDLE)).to_be_visible(timeout=60_000)
    page.locator(".jp-Notebook .jp-Cell").first.click()  # "all cells" are those of the notebook in focus
    page.get_by_role("menuitem", name="Executar").click()
    page.get_by_text("Executar todas as células", exact=True).click()


def fresh_kernels(page: Page, lab: Lab, keep: str = "") -> None:
    """A kernel outlives the page: what an earlier test opened would still be there, with its panels."""
    headers = {"Authorization": f"token {lab.jupyter_token}"}
    for session in page.request.get(f"{lab.jupyter_url}/api/sessions", headers=headers).json():
        if session["path"] != keep:
            page.request.delete(f"{lab.jupyter_url}/api/sessions/{session['id']}", headers=headers)


def use_settings(page: Page, lab: Lab, plugin: str, **settings: object) -> None:
    """What the page finds chosen when it opens."""
    answer = page.request.put(
        f"{lab.jupyter_url}/lab/api/settings/@jupyterlab/{plugin}",
        headers={"Authorization": f"token {lab.jupyter_token}"},
        data={"raw": json.dumps(settings)},
    )
    assert answer.ok


def use_theme(page: Page, lab: Lab, name: str) -> None:
    """One of THEMES, for the pages opened from now on."""
    theme = f"JupyterLab {_THEMES_IN_ENGLISH[name]}"
    use_settings(page, lab, "apputils-extension:themes", theme=theme)


@dataclass(frozen=True)
class Desk:
    """One page with JupyterLab; of its notebooks, the one in front."""

    page: Page

    @classmethod
    def open(cls, page: Page, lab: Lab) -> Desk:
        """The course as it opens for the learner. A screen reader is the way to read a terminal."""
        use_settings(page, lab, "terminal-extension:plugin", screenReaderMode=True)
        page.add_init_script(_LISTEN)
        page.goto(f"{lab.jupyter_url}/?token={lab.jupyter_token}")
        desk = cls(page)
        desk.ready(FIRST_LESSON)
        return desk

    @property
    def notebook(self) -> Locator:
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    @property
    def tabs(self) -> Locator:
        return self.page.locator("#jp-main-dock-panel .lm-TabBar-tab")

    @property
    def cells(self) -> Locator:
        return self.notebook.locator(".jp-Cell")

    def ready(self, path: str) -> None:
        """Until that notebook is in front and its kernel answers: what is sent before is lost."""
        in_front = self.tabs.and_(self.page.locator(".jp-mod-current"))
        expect(in_front).to_have_attribute("title", re.compile(f" {path}$", re.MULTILINE), timeout=60_000)
        self.page.wait_for_function(_CONNECTED, arg=path, timeout=60_000)
        expect(self.page.get_by_text(_IDLE)).to_be_visible(timeout=60_000)

    def go_on(self, link: str | re.Pattern[str], path: str) -> None:
        """Follows a link to the next notebook, and puts away the one before."""
        self.save()
        self.notebook.get_by_role("link", name=link).click()
        self.ready(path)
        self.tabs.nth(0).locator(".lm-TabBar-tabCloseIcon").click()
        expect(self.tabs).to_have_count(1)

    def choose(self, *path: str | re.Pattern[str]) -> None:
        """From the menus."""
        self.page.get_by_role("menuitem", name=path[0], exact=True).click()
        for name in path[1:]:
            self.page.locator(".lm-Menu").get_by_text(name, exact=True).click()

    def run_all(self) -> None:
        """Every cell, with nothing left of an earlier run."""
        self.cells.first.click()  # "all cells" are those of the notebook in focus
        self.choose("Editar", re.compile("^(Clear Outputs of All Cells|Limpar .*todas.*)$"))
        self.choose("Executar", "Executar todas as células")
        self.finished()

    def finished(self) -> None:
        """Until every cell has been run; none may have ended in an error of Python."""
        # A cell whose source is folded shows no number.
        prompts = self.notebook.locator(".jp-CodeCell .jp-InputPrompt:not(.jp-Placeholder-prompt)")
        expect(prompts.filter(has_not_text=re.compile(r"\[\d+\]"))).to_have_count(0, timeout=120_000)
        expect(self.page.get_by_text(_IDLE)).to_be_visible()
        expect(self.notebook.locator('[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)

    def write(self, code: str) -> None:
        """Instead of what is in the chosen cell."""
        self.page.keyboard.press("Enter")
        expect(self.notebook.locator(".jp-mod-active .cm-content")).to_be_focused()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)

    def check(self) -> str:
        """Presses Verificar; what the panel then says aloud. It hears no press while it checks by itself."""
        expect(self.notebook.get_by_text(WORKING)).to_have_count(0)
        before = self.page.evaluate("heard.length")
        self.notebook.get_by_role("button", name="Verificar").click()
        verdict = self.page.wait_for_function(_NEWS, arg=[before, WORKING], timeout=60_000)
        return str(verdict.json_value())

    def save(self) -> None:
        self.page.keyboard.press("Control+s")
        expect(self.tabs.and_(self.page.locator(".jp-mod-dirty"))).to_have_count(0)

    def terminal(self, *typed: tuple[str, str]) -> None:
        """In a new terminal: each line is typed once what comes before it is on the screen."""
        self.page.get_by_role("button", name="Novo iniciador", exact=True).click()
        self.page.locator(".jp-LauncherCard", has_text="Terminal").click()
        screen = self.page.locator(".jp-Terminal:not(.lm-mod-hidden)")
        for seen, line in typed:
            expect(screen.locator(".xterm-accessibility-tree")).to_contain_text(seen)
            self.page.keyboard.type(line)
            self.page.keyboard.press("Enter")
        expect(screen).to_have_count(0)

    def theme(self, name: str) -> None:
        """From the menu; while the new one arrives JupyterLab covers the page."""
        self.choose("Configurações", "Tema", f"JupyterLab {name}")
        is_light = json.dumps(name == THEMES[0])
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", is_light)
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    @contextmanager
    def unrolled(self) -> Iterator[None]:
        """On a screen as tall as the notebook, so that all of it is drawn."""
        for _ in range(2):  # how tall a cell is, is only a guess until it was on the screen
            last = self.cells.last.bounding_box()
            assert last
            scrolled = self.notebook.locator(".jp-WindowedPanel-outer").evaluate(_TO_THE_TOP)
            height = round(scrolled + last["y"] + last["height"]) + 60
            self.page.set_viewport_size({"width": SCREEN["width"], "height": height})
        yield
        self.page.set_viewport_size(SCREEN)
