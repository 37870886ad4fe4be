"""JupyterLab of the course: in Portuguese, on loopback, with every file of its own inside .lab.

`python -m lab.jupyter` serves; the token goes from .lab/secrets to the process by its environment.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from lab.paths import Home, lab_home, work_home
from lab.state import Lab, load, write

FIRST_LESSON = "notebooks/00-comece-aqui.ipynb"
# The language pack has no translation of these, the words that a learner sees first.
_MENUS = {
    "file": "Arquivo",
    "edit": "Editar",
    "view": "Ver",
    "run": "Executar",
    "kernel": "Kernel",
    "tabs": "Abas",
    "settings": "Configurações",
    "help": "Ajuda",
}
_SETTINGS = {
    "@jupyterlab/mainmenu-extension:plugin": {
        "menus": [{"id": f"jp-mainmenu-{name}", "label": label} for name, label in _MENUS.items()]
    },
    "@jupyterlab/translation-extension:plugin": {"locale": "pt_BR"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}
_BASHRC = """\
lab_path=$PATH
[ -f /etc/bash.bashrc ] && . /etc/bash.bashrc
[ -f ~/.bashrc ] && . ~/.bashrc
PATH=$lab_path; unset lab_path
PS1='(lab) \\w\\$ '
"""
# `body`, so that JupyterLab's own rules, which come later, do not win over these.
_CSS = """\
/* A link in a text is told by more than its colour. */
body .jp-RenderedHTMLCommon a:any-link, body .jp-RenderedText pre a[href]:any-link {
  text-decoration: underline; }
/* A command that does not fit goes whole to the next line: "docker login -" is no place to break it. */
body .jp-RenderedMarkdown :not(pre) > code { display: inline-block; max-width: 100%; }
"""


def folders(home: Home) -> dict[str, str]:
    """Jupyter's and IPython's own variables, so that nothing is written in the person's home."""
    base = home / "jupyter"
    return {
        "JUPYTER_CONFIG_DIR": str(base / "config"),
        "JUPYTER_DATA_DIR": str(base / "data"),
        "JUPYTER_RUNTIME_DIR": str(base / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(base / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(base / "workspaces"),
        "JP_LSP_VIRTUAL_DIR": str(base / "lsp"),
        "IPYTHONDIR": str(base / "ipython"),
    }


def bashrc(home: Home) -> Path:
    return home / "jupyter" / "bashrc"


def server_config(home: Home, lab: Lab, *, as_root: bool) -> dict[str, object]:
    return {
        "ServerApp": {
            "ip": "127.0.0.1",
            "port": lab.jupyter_port,
            "port_retries": 0,  # the address printed is the address served
            "open_browser": False,
            "allow_root": as_root,
            "root_dir": str(work_home()),
            # what the course does not use would only make it start later
            "jpserver_extensions": {
                "jupyter_lsp": False,
                "jupyterlab_jupytext": False,
                "notebook": False,
                "notebook_shim": False,
            },
            "terminado_settings": {"shell_command": ["bash", "--rcfile", str(bashrc(home)), "-i"]},
        },
        "LabApp": {
            "default_url": start_page(),
            "custom_css": True,
            "news_url": None,
            "extension_manager": "readonly",  # the other one looks for extensions on the internet
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        },
        "ContentsManager": {"allow_hidden": False},
    }


def start_page() -> str:
    """The first lesson; the plain file browser while the course has none."""
    return f"/lab/tree/{FIRST_LESSON}" if (work_home() / FIRST_LESSON).exists() else "/lab"


def entry_url(home: Home, lab: Lab) -> str:
    token = home.secret("jupyter-token").read_text(encoding="utf-8").strip()
    return f"{lab.jupyter_url}{start_page()}?token={token}"


def prepare(home: Home, lab: Lab, *, as_root: bool) -> None:
    config = home / "jupyter" / "config"
    for folder in ("labconfig", "custom"):
        (config / folder).mkdir(parents=True, exist_ok=True)
    write(
        config / "jupyter_server_config.json",
        json.dumps(server_config(home, lab, as_root=as_root), indent=2, ensure_ascii=False) + "\n",
    )
    write(config / "labconfig" / "default_setting_overrides.json", json.dumps(_SETTINGS, indent=2) + "\n")
    write(config / "custom" / "custom.css", _CSS)
    write(bashrc(home), _BASHRC)


def _server() -> Callable[[], None]:
    """JupyterLab's own main, imported with no PATH: when it finds node, it runs yarn for half a second
    at every start, to learn where to get extensions that nobody here builds. A PATH that is empty would be
    the system's. Nor is there garbage to look for among modules, a tenth of their time.
    """
    path, os.environ["PATH"] = os.environ["PATH"], os.devnull
    gc.disable()
    try:
        from jupyterlab.labapp import main as serve  # type: ignore[import-untyped]
    finally:
        gc.enable()
        os.environ["PATH"] = path
    return cast("Callable[[], None]", serve)


def main() -> None:
    home = lab_home()
    if load(home) is None:
        raise SystemExit("Não há laboratório aqui. Comece com `lab aula`.")
    os.environ |= folders(home)
    os.environ["JUPYTER_TOKEN"] = home.secret("jupyter-token").read_text(encoding="utf-8").strip()
    os.environ["SHELL"] = "/bin/bash"
    os.chdir(work_home())  # where terminals begin, when the file browser shows the first folder
    sys.argv = ["jupyter-lab"]
    _server()()


if __name__ == "__main__":
    main()
