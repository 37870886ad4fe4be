"""What can go wrong for the author of a unit; every message names the file and the mend.

AuthorError
├── BadSource       lesson.md or exercise.md breaks a rule of the cells
├── RunFailed       a cell of a lesson or of a solution ended in an error
├── NoStep          `by_hand` names a step that nobody knows how to take
└── NoLab           the throw-away lab could not be used
"""

from collections.abc import Iterable
from pathlib import Path

from checks.errors import CourseError
from lab import typed


class AuthorError(CourseError):
    """Any problem that the author can mend."""


class BadSource(AuthorError):  # noqa: N818
    """A source that cannot become a notebook: which file, which line, what to write instead."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}, linha {line}: {problem}")


class RunFailed(AuthorError):  # noqa: N818
    """A cell that should have run to its end did not."""

    def __init__(self, notebook: str, source: str, error: str) -> None:
        super().__init__(
            f"{notebook}: esta célula não chegou ao fim.\n\n{source}\n\n{error}\n\n"
            "Corrija a célula na pasta da unidade e rode o comando de novo."
        )


class NoStep(AuthorError):  # noqa: N818
    """A step outside the notebooks that no command takes."""

    def __init__(self, step: str, known: Iterable[str]) -> None:
        names = ", ".join(f"`{name}`" for name in known)
        super().__init__(f"`by_hand` cita `{step}`, e os passos conhecidos são {names}. Corrija o unit.toml.")


class NoLab(AuthorError):  # noqa: N818
    """The lab that runs the cells did not come up, or refused a step."""

    def __init__(self, step: str, output: str) -> None:
        super().__init__(
            f"O laboratório temporário não conseguiu {step}.\n\n{output.strip()}\n\n"
            f"Rode `{typed.lab()} diagnostico` para ver o que falta nesta máquina."
        )


class NoSphinx(AuthorError):  # noqa: N818
    """What makes the site is not installed."""

    def __init__(self) -> None:
        super().__init__("Falta o Sphinx, que faz o site. `make site` o instala e faz o site.")


class SiteFailed(AuthorError):  # noqa: N818
    """Sphinx found something missing or wrong in the pages."""

    def __init__(self, said: str) -> None:
        super().__init__(f"O site não pôde ser feito. O Sphinx disse:\n\n{said.strip()}")
