"""Sphinx settings of the site: `lab autor site` puts this file beside the notebooks and runs it.

https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

from pathlib import Path

from sphinx.application import Sphinx

project = "Dockerhub na Prática"
language = "pt_BR"
locale_dirs = ["idioma"]  # the words of the theme that have no Portuguese of their own
extensions = ["myst_nb"]
exclude_patterns = ["idioma"]
nb_execution_mode = "off"  # the notebooks keep the outputs of a real lab
nb_ipywidgets_js = {}  # nothing comes from the internet
# A `!docker` that goes on in a second line is no Python; it is drawn all the same.
suppress_warnings = ["misc.highlighting_failure"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = project
html_static_path = ["theme"]
html_css_files = ["course.css"]
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {"color-brand-primary": "#0b5f58", "color-brand-content": "#0b5f58"},
    "dark_css_variables": {"color-brand-primary": "#6fd0c4", "color-brand-content": "#6fd0c4"},
}
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_use_index = False
html_show_search_summary = False  # a page opened from a file may not read the others

# What the theme has written in its templates, beyond the reach of settings and of translation.
_MENDS = {
    "<pre>": '<pre tabindex="0">',  # wider than a phone, it has to scroll by keyboard too
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    "Made with": "Feito com o tema",
    "Skip to content": "Ir para o conteúdo",
    "Toggle site navigation sidebar": "Abre e fecha o índice do curso",
    "Toggle table of contents sidebar": "Abre e fecha o índice da página",
    "Toggle Light / Dark / Auto color theme": "Muda entre tema claro, escuro e automático",
    "Toggle navigation of": "Abre e fecha",
    "<title>Contents</title>": "<title>Índice</title>",
    "<title>Expand</title>": "<title>Abrir</title>",
    "<title>Light mode</title>": "<title>Tema claro</title>",
    "<title>Dark mode</title>": "<title>Tema escuro</title>",
    "<title>Auto light/dark, in light mode</title>": "<title>Tema automático, agora claro</title>",
    "<title>Auto light/dark, in dark mode</title>": "<title>Tema automático, agora escuro</title>",
}


def _mend(app: Sphinx, failure: Exception | None) -> None:
    if failure is not None:
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for theirs, ours in _MENDS.items():
            text = text.replace(theirs, ours)
        page.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _mend)
