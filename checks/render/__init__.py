"""A report in the formats people and machines read: every module here is one, found by being here.

A format is a module with `render(report) -> str`, and `render_many(reports) -> str` when several units
fit in one document. Each is loaded only when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.report import Report

_IN_CELLS = frozenset({"html", "widget"})  # what a notebook shows; no file is made of it


@dataclass(frozen=True)
class Format:
    """A way to write reports down."""

    name: str

    @property
    def takes_many(self) -> bool:
        return hasattr(self._module, "render_many")

    def one(self, report: Report) -> str:
        render: Callable[[Report], str] = self._module.render
        return render(report)

    def many(self, reports: Sequence[Report]) -> str:
        render: Callable[[Sequence[Report]], str] = self._module.render_many
        return render(reports)

    @property
    def _module(self) -> ModuleType:
        return import_module(f"{__name__}.{self.name.replace('-', '_')}")


def _found() -> list[str]:
    return sorted(one.name.replace("_", "-") for one in iter_modules(__path__) if one.name not in _IN_CELLS)


FORMATS: Mapping[str, Format] = {name: Format(name) for name in _found()}
