"""How a verb of `lab` is made known: its Portuguese name, and its English one, which help does not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import typer

from lab.portuguese import HELP_OPTIONS

Body = TypeVar("Body", bound=Callable[..., Any])


def verb(
    app: typer.Typer, name: str, alias: str = "", *, panel: str = "", **settings: Any
) -> Callable[[Body], Body]:
    settings.setdefault("options_metavar", "[OPÇÕES]")
    context = {**HELP_OPTIONS, **settings.pop("context_settings", {})}

    def register(body: Body) -> Body:
        app.command(name, context_settings=context, rich_help_panel=panel or None, **settings)(body)
        if alias and alias != name:
            app.command(alias, context_settings=context, **{**settings, "hidden": True})(body)
        return body

    return register
