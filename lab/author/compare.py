"""Says which committed notebooks are not what the source makes, without running anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from lab.author import notebook as nb
from lab.author.derive import MEND, Derived, read_committed, strangers


@dataclass(frozen=True)
class Stale:
    """A file of a derived folder that must change, and why."""

    path: Path
    reason: str


def stale_files(root: Path, expected: Iterable[Derived]) -> tuple[Stale, ...]:
    """Every difference between the repository and the source, in course order."""
    wanted = tuple(expected)
    found = [Stale(one.path, reason) for one in wanted for reason in _reasons(root, one)]
    return (*found, *(Stale(path, _STRANGER) for path in strangers(root, wanted)))


def _reasons(root: Path, derived: Derived) -> Iterator[str]:
    committed = read_committed(root, derived)
    if not (root / derived.path).is_file():
        yield _ABSENT
    elif committed is None:
        yield _UNREADABLE
    elif nb.skeleton(committed) != nb.skeleton(derived.notebook):
        yield _CHANGED
    elif nb.dump(committed) != (root / derived.path).read_text(encoding="utf-8"):
        yield _RESHAPED
    else:
        yield from _bad_outputs(derived, committed)


def _bad_outputs(derived: Derived, committed: NotebookNode) -> Iterator[str]:
    cells = nb.code_cells(committed)
    if not derived.runs and any(cell.outputs or cell.execution_count for cell in cells):
        yield _HAS_OUTPUTS
    if derived.runs and any(cell.execution_count is None and not nb.is_blank(cell) for cell in cells):
        yield _NOT_RUN
    if any(output.output_type == "error" for cell in cells for output in cell.outputs):
        yield _ERROR


_ABSENT = f"falta; rode `{MEND}`."
_UNREADABLE = f"não é um notebook que se possa ler; rode `{MEND}`."
_CHANGED = f"não corresponde mais à pasta da unidade; rode `{MEND}`."
_RESHAPED = f"foi gravado por outro programa; rode `{MEND}`."
_HAS_OUTPUTS = f"é do aluno e não pode ter saídas; rode `{MEND}`."
_NOT_RUN = f"tem células que nunca foram executadas; rode `{MEND}`."
_ERROR = f"tem uma célula que terminou em erro; corrija a unidade e rode `{MEND}`."
_STRANGER = f"não vem de unidade nenhuma; apague-o ou rode `{MEND}`."
