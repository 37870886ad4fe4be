"""Typer in Portuguese: the words of its help pages, and its complaints about what was typed."""

from __future__ import annotations

import re
from typing import Any

from lab import typed

HELP_NAMES = ["--ajuda", "--help"]
HELP_OPTIONS = {"help_option_names": HELP_NAMES}
_WORDS = {
    "ARGUMENTS_PANEL_TITLE": "Argumentos",
    "OPTIONS_PANEL_TITLE": "Opções",
    "COMMANDS_PANEL_TITLE": "Comandos",
    "ERRORS_PANEL_TITLE": "Erro",
    "DEFAULT_STRING": "[padrão: {}]",
    "REQUIRED_LONG_STRING": "[obrigatório]",
    "ENVVAR_STRING": "[variável: {}]",
}
_COMPLAINTS = (
    (r"No such command '(.+)'\. Did you mean '(.+?)'", "Não existe o comando `{0}`; você quis dizer `{1}`?"),
    (r"No such command '(.+)'", "Não existe o comando `{0}`."),
    (r"No such option: (\S+)", "Não existe a opção {0}."),
    (r"Missing command", "Falta dizer qual é o comando."),
    (r"Missing argument '?(.+?)'?\.", "Falta dizer {0}."),
    (r"Missing (?:option|parameter) '?(.+?)'?\.", "Falta a opção {0}."),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "Sobrou no comando: {0}."),
    (r"Option '?(.+?)'? requires", "A opção {0} pede um valor."),
    (r"Option '?(.+?)'? does not take a value", "A opção {0} não leva valor."),
    (
        r"Invalid value for '(.+?)': .*'(.+?)' is not one of (.+?)\.?$",
        "Em {0}, `{1}` não serve; as opções são {2}.",
    ),
    (r"Invalid value for (.+?): .*not a valid (?:int|float)", "{0} precisa ser um número."),
    (r"Invalid value for (.+?): .*not in the range x>=(\d+)", "{0} precisa ser {1} ou mais."),
    (r"Invalid value for (.+?): .*not in the range (\d+)<=x<=(\d+)", "{0} precisa ser de {1} a {2}."),
    (r"Invalid value for (.+?): ", "O valor de {0} não serve."),
)
_UNKNOWN = "Não entendi o comando."


def speak() -> None:
    """Give Typer Portuguese words; where another Typer keeps them elsewhere, its own stay."""
    from typer import rich_utils  # slow to load, and only a page of help needs it

    for name, text in _WORDS.items():
        setattr(rich_utils, name, text)
    try:
        from typer._click import decorators, formatting
    except ImportError:
        return
    _translate_help_option(decorators)
    _translate_usage(formatting.HelpFormatter)


def _translate_help_option(decorators: Any) -> None:
    original = decorators.option

    def option(names: list[str], **settings: Any) -> Any:
        if settings.get("help") == "Show this message and exit.":
            settings["help"] = "Mostra esta ajuda."
        return original(names, **settings)

    decorators.option = option


def _translate_usage(formatter: Any) -> None:
    original = formatter.write_usage

    def write_usage(self: Any, program: str, arguments: str = "", prefix: str | None = None) -> None:
        original(self, program, arguments, prefix or "Uso: ")

    formatter.write_usage = write_usage


def _as_typed(name: str) -> str:
    """What Typer quotes, as typed: `'--hub' / '-h'` is --hub, `[N]` is N, `'a', 'b'` is a, b."""
    if "' / '" in name:
        name = name.split("' / '")[0]
    name = name.replace("', '", ", ")
    return name.removeprefix("-- ").strip("'[]").rstrip("…") if name[:1] in "-'[" else name


def complaint(message: str) -> str:
    """What was wrong with the command, as a sentence that ends with what to do."""
    for pattern, sentence in _COMPLAINTS:
        found = re.search(pattern, message)
        if found:
            said = sentence.format(*(_as_typed(group or "") for group in found.groups()))
            return f"{said} Veja os comandos com `{typed.lab()} --ajuda`."
    return f"{_UNKNOWN} Veja os comandos com `{typed.lab()} --ajuda`."
