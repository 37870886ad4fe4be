"""A gradebook in the files that other systems import: every module here is a format, found by being here.

A format is a module with TITLE (Portuguese: what it is for), SUFFIX (of the file) and
`write(book, options) -> bytes`. It may have `left_out(book, options) -> tuple[Person, ...]`, of whom the file
has no grades because the importer could not tell who they are; and `notes(book, options) -> tuple[str, ...]`,
Portuguese sentences for the teacher who is about to import it. Each is loaded only when asked for.

What holds in all of them: no grade is never a zero; text that a spreadsheet would run as a formula does
not run; the same book gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from checks.gradebooks.options import BadBase, Options

if TYPE_CHECKING:
    from checks.classroom.grade import Gradebook
    from checks.classroom.person import Person

__all__ = ["FORMATS", "BadBase", "Format", "Options"]

_TOOLS = frozenset({"canvas_base", "cells", "options"})  # what formats are made with
_PLAIN = Options()


@dataclass(frozen=True)
class Format:
    """A way to write a gradebook down."""

    name: str

    @property
    def title(self) -> str:
        return str(self._module.TITLE)

    @property
    def suffix(self) -> str:
        """With its dot: `.csv`."""
        return str(self._module.SUFFIX)

    def write(self, book: Gradebook, options: Options = _PLAIN) -> bytes:
        """BadBase when the file given as a base is not what the format goes on from."""
        written: Callable[[Gradebook, Options], bytes] = self._module.write
        return written(book, options)

    def left_out(self, book: Gradebook, options: Options = _PLAIN) -> tuple[Person, ...]:
        """Who is in the book and not in the file, in the book's order."""
        found: Callable[[Gradebook, Options], tuple[Person, ...]] | None
        found = getattr(self._module, "left_out", None)
        return found(book, options) if found else ()

    def notes(self, book: Gradebook, options: Options = _PLAIN) -> tuple[str, ...]:
        """What to know before importing the file."""
        told: Callable[[Gradebook, Options], tuple[str, ...]] | None = getattr(self._module, "notes", None)
        return told(book, options) if told else ()

    @property
    def _module(self) -> ModuleType:
        return import_module(f"{__name__}.{self.name.replace('-', '_')}")


def _found() -> list[str]:
    return sorted(one.name.replace("_", "-") for one in iter_modules(__path__) if one.name not in _TOOLS)


FORMATS: Mapping[str, Format] = {name: Format(name) for name in _found()}
