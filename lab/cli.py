"""`lab`: the one command line of the course. Each verb only reads what was typed and calls who does it.

Bodies import what they use: `lab executar` must not wait for what only `lab aula` needs.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

WRONG_USE, OUT_OF_REACH, INTERRUPTED = 2, 3, 130
try:
    import typer

    from checks.errors import CourseError, OutOfReach
    from lab import portuguese
    from lab.errors import LabError, from_os
    from lab.identity import become_learner
    from lab.lab_verbs import app as lab_verbs
    from lab.study_verbs import app as study_verbs
except KeyboardInterrupt:  # nothing has begun yet
    sys.exit(INTERRUPTED)

_NO_ANSWER = "A entrada acabou antes da resposta. Repita o comando e responda ao que ele pergunta."
_AUTHOR = "Para quem escreve as unidades do curso."
app = typer.Typer(
    help="Dockerhub na Prática: liga o laboratório, mostra o curso e corrige os exercícios.",
    add_completion=False,
    context_settings=portuguese.HELP_OPTIONS,
    invoke_without_command=True,
    options_metavar="",
    subcommand_metavar="COMANDO …",
    rich_markup_mode="rich",
)
app.add_typer(lab_verbs)
app.add_typer(study_verbs)


@app.callback()
def root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """The exit code of a command; every trouble becomes a sentence on stderr."""
    try:
        code = app(args=list(arguments), prog_name="lab", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except LabError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except CourseError as error:
        print(error, file=sys.stderr)
        return OUT_OF_REACH if isinstance(error, OutOfReach) else WRONG_USE
    except (typer.Abort, EOFError):
        print(_NO_ANSWER, file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        known = from_os(error)
        if known is None:
            raise
        print(known, file=sys.stderr)
        return known.exit_code
    except Exception as error:
        if hasattr(error, "format_message"):  # Typer's own: what was typed makes no sense to it
            print(portuguese.complaint(error.format_message()), file=sys.stderr)
            return 2
        raise


def main() -> None:
    try:
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # what `lab.entry` held comes now
        _main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _main() -> None:
    become_learner()
    arguments = sys.argv[1:]
    is_author = not {"autor", "author"}.isdisjoint(arguments[:1])
    asked = arguments[1:] if is_author else arguments
    asks_for_help = not asked or not set(asked).isdisjoint(portuguese.HELP_NAMES)
    if asks_for_help:
        portuguese.speak()
    if asks_for_help or is_author:
        _mount_author(whole=is_author)
    sys.exit(run(arguments))


def _mount_author(*, whole: bool) -> None:
    """Its verbs take long to load: a page of help of the others only needs to name it."""
    if whole:
        from lab.author.cli import app as author
    else:
        author = typer.Typer()
    app.add_typer(author, name="autor", help=_AUTHOR, rich_help_panel="Para quem faz o curso")
    app.add_typer(author, name="author", hidden=True)


if __name__ == "__main__":
    main()
