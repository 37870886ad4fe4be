"""The course as a static site: read without Jupyter, searched without a server, opened from a file.

Sphinx with MyST-NB does it (https://myst-nb.readthedocs.io); what is ours is the order of the pages.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from nbformat import NotebookNode
from nbformat.v4 import new_output

from checks.unit import Unit, load_course
from lab.author import notebook as nb
from lab.author.derive import EXERCISES, LESSONS, ROLES, SOLUTIONS
from lab.author.errors import SiteFailed
from lab.author.quizzes import read_quiz
from lab.author.source import Kind

TEMPLATE = Path("docs") / "site"
_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(data:image/(?P<kind>[a-z+]+);base64,(?P<data>[^)]+)\)")
_PARTS = {LESSONS: "Lições", EXERCISES: "Exercícios", SOLUTIONS: "Soluções"}


def build(course: Path, target: Path) -> Path:
    """Renders the committed notebooks of a course; returns the page to open.

    What was in `target` is replaced only by a site that is whole. Raises SiteFailed when a picture, a
    page or a link is missing: Sphinx's warnings are errors.
    """
    root = course.parent
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        source, made = Path(folder) / "source", Path(folder) / "made"
        stage(root, load_course(course), source)
        command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "--no-color"]
        done = subprocess.run(
            [*command, str(source), str(made)], capture_output=True, text=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise SiteFailed(done.stdout + done.stderr)
        shutil.rmtree(made / ".doctrees", ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, target)
    return target / "index.html"


def stage(root: Path, units: Sequence[Unit], source: Path) -> None:
    """Sphinx's input: the settings, a first page with the units in order, and the notebooks."""
    shutil.copytree(root / TEMPLATE, source)
    for catalog in source.rglob("*.po"):
        with catalog.open("rb") as text, catalog.with_suffix(".mo").open("wb") as binary:
            write_mo(binary, read_po(text))
    index = (source / "index.md").read_text(encoding="utf-8")
    (source / "index.md").write_text(index.replace("{units}", _contents(units)), encoding="utf-8")
    for role in ROLES:
        (source / role).mkdir()
        for unit in units:
            _copy(root / role / f"{unit.folder.name}.ipynb", source / role)


def _copy(path: Path, folder: Path) -> None:
    notebook = nb.load(path.read_text(encoding="utf-8"))
    notebook.metadata.language_info.pygments_lexer = "ipython3"  # the one that knows `!docker`
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _PICTURE.sub(lambda found: _beside(found, folder), cell.source)
        elif Kind.QUIZ.value in cell.metadata.get("tags", []):
            cell.outputs = [_folded(cell.source)]
    (folder / path.name).write_text(nb.dump(notebook), encoding="utf-8")


def _folded(source: str) -> NotebookNode:
    """What a quiz shows where it cannot be answered: each option opens to what is said of it."""
    data = {"text/html": read_quiz(source).folded()}
    shown: NotebookNode = new_output("display_data", data)  # type: ignore[no-untyped-call]
    return shown


def _beside(found: re.Match[str], folder: Path) -> str:
    """A picture as a file of its own: MyST refuses to draw an SVG from inside of a page."""
    body = base64.b64decode(found["data"])
    name = f"{hashlib.sha256(body).hexdigest()[:16]}.{found['kind'].partition('+')[0]}"
    (folder / name).write_bytes(body)
    return f"![{found['alt']}]({name})"


def _contents(units: Sequence[Unit]) -> str:
    rows = [f"| [{unit.title}]({LESSONS}/{unit.folder.name}.ipynb) | {unit.minutes} min |" for unit in units]
    table = ["| Unidade | Tempo |", "| --- | --- |", *rows]
    trees = [_tree(title, role, units) for role, title in _PARTS.items()]
    return "\n".join([*table, "", *trees])


def _tree(title: str, role: str, units: Sequence[Unit]) -> str:
    pages = [f"{unit.title} <{role}/{unit.folder.name}>" for unit in units]
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {title}", "", *pages, "```", ""])
