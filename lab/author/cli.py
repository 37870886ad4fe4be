"""`lab autor`: what is typed by whoever writes a unit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from checks import place
from checks.errors import BadUnit, CourseError
from checks.unit import Unit, load_course, load_unit
from lab import portuguese, typed
from lab.author import derive
from lab.author.compare import stale_files
from lab.author.errors import NoLab, NoSphinx
from lab.author.new import BadName, new_unit
from lab.author.prove import Proof, Stage, Walk, prove_cases
from lab.author.run import run_course
from lab.author.steps import LAB
from lab.author.throwaway import throwaway_lab
from lab.verbs import verb

app = typer.Typer(
    invoke_without_command=True,
    options_metavar="",
    subcommand_metavar="COMANDO …",
    context_settings=portuguese.HELP_OPTIONS,
)
_out, _err = Console(highlight=False), Console(stderr=True, highlight=False)

_Inside = Annotated[bool, typer.Option("--dentro", hidden=True)]
_CHECK_HELP = "Só compara: não grava nada e sai com 1 se algum notebook estiver desatualizado."
_STILL_HELP = "Grava sem executar; as células que não mudaram guardam as saídas que tinham."


@app.callback()
def root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@verb(app, "derivar", "derive")
def derivar(
    check: Annotated[bool, typer.Option("--check", help=_CHECK_HELP)] = False,
    still: Annotated[bool, typer.Option("--sem-executar", help=_STILL_HELP)] = False,
    inside: _Inside = False,
) -> None:
    """Faz os notebooks de todas as unidades a partir de course/."""
    course = place.course_home()
    with _explained():
        if check:
            _compare(course)
        elif still:
            _derive_still(course)
        elif inside:
            for derived, changed in run_course(course, course.parent):
                _say(f"{derived.path}: {'gravado' if changed else 'igual ao que já estava'}.")
        else:
            expected = derive.derive_course(course)  # a malformed unit is told before a lab is started
            _inside_a_lab(course, ["derivar", "--dentro"])
            _say_removed(course, expected)


@verb(app, "conferir", "prove")
def conferir(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="Ids das unidades; sem nenhum, todas.")
    ] = None,
    cases_only: Annotated[
        bool, typer.Option("--so-casos", help="Confere só os casos, sem laboratório.")
    ] = False,
    inside: _Inside = False,
) -> None:
    """Prova cada unidade: intocada não passa, resolvida passa, cada caso dá o que o nome diz."""
    course = place.course_home()
    with _explained():
        units = load_course(course)
        asked = {load_unit(name, course).id for name in ids or ()}
        # In course order: what a later unit needs done must not be done before its own proof.
        chosen = [unit for unit in units if unit.id in asked or not asked]
        if not (cases_only or inside):
            _inside_a_lab(course, ["conferir", "--dentro", *(unit.id for unit in chosen)])
            return
        _show(list(_proofs(chosen, units, cases_only)))


@verb(app, "novo", "new")
def novo(
    number: Annotated[int, typer.Argument(metavar="NÚMERO", help="O lugar da unidade no curso, como 70.")],
    unit_id: Annotated[
        str, typer.Argument(metavar="ID", help="O nome da unidade para sempre, como versoes.")
    ],
    title: Annotated[str, typer.Argument(metavar="TÍTULO", help="O título, entre aspas.")],
) -> None:
    """Começa uma unidade nova, pronta para derivar e conferir."""
    with _explained():
        folder = new_unit(place.course_home(), number, unit_id, title)
        _say(f"A unidade está em {folder}.")
        _say(f"Edite os arquivos dela e rode `{typed.lab()} autor conferir {unit_id}` e `{derive.MEND}`.")


@verb(app, "site")
def site(
    target: Annotated[Path, typer.Argument(metavar="[PASTA]", help="Onde pôr o site.")] = Path("site"),
) -> None:
    """Faz o site do curso, que se lê e se pesquisa sem internet."""
    with _explained():
        try:
            from lab.author import site as pages  # Sphinx comes with the tests, not with the course
        except ImportError:
            raise NoSphinx() from None
        _say(f"O site está pronto. Abra {pages.build(place.course_home(), target.resolve())} no navegador.")


def _compare(course: Path) -> None:
    expected = derive.derive_course(course)
    stale = stale_files(course.parent, expected)
    for one in stale:
        _say(f"{one.path} {one.reason}")
    if stale:
        raise typer.Exit(1)
    _say(f"Os {len(expected)} notebooks correspondem às unidades.")


def _derive_still(course: Path) -> None:
    expected = derive.derive_course(course)
    for derived in expected:
        lost = derive.keep_outputs(course.parent, derived) if derived.runs else 0
        derive.write(course.parent, derived)
        if lost:
            _say(f"{derived.path}: {lost} célula(s) sem saída, porque mudaram e não foram executadas.")
    _say_removed(course, expected)
    _say(f"Gravei {len(expected)} notebooks sem executar; rode `{derive.MEND}` para ter todas as saídas.")


def _say_removed(course: Path, expected: Sequence[derive.Derived]) -> None:
    for path in derive.remove_strangers(course.parent, expected):
        _say(f"{path}: apagado, porque não vem de unidade nenhuma.")


def _inside_a_lab(course: Path, words: Sequence[str]) -> None:
    """Run this same command again, where a fresh engine, registry and hub answer."""
    _err.print("Iniciando um laboratório temporário…")
    with throwaway_lab() as lab:
        code = lab.run(["env", f"COURSE_HOME={course}", LAB, "autor", *words])
    if code:
        raise typer.Exit(code)


def _proofs(chosen: Sequence[Unit], course: Sequence[Unit], cases_only: bool) -> Iterator[Proof]:
    walk = Walk(course)
    for unit in chosen:
        _err.print(f"Conferindo {unit.id}…")
        yield from prove_cases(unit)
        if not cases_only:
            yield from walk.prove(unit)


def _show(proofs: Sequence[Proof]) -> None:
    table = Table("Unidade", *Stage, title="Provas das unidades")
    for unit in dict.fromkeys(proof.unit for proof in proofs):
        own = [proof for proof in proofs if proof.unit == unit]
        table.add_row(unit, *(_cell([proof for proof in own if proof.stage is stage]) for stage in Stage))
    _out.print(table)
    bad = [proof for proof in proofs if not proof.good]
    for proof in bad:
        _say(f"\n✘ {proof.name}: {proof.detail}")
    if bad:
        raise typer.Exit(1)
    _say(f"As {len(proofs)} provas deram certo.")


def _cell(proofs: Sequence[Proof]) -> str:
    """One proof shows what was seen; many, how many went well."""
    good = sum(proof.good for proof in proofs)
    if not proofs:
        return "–"
    sign = "✔" if good == len(proofs) else "✘"
    return f"{sign} {proofs[0].detail if good == 1 == len(proofs) else f'{good} de {len(proofs)}'}"


def _say(text: str) -> None:
    _out.print(text, markup=False, soft_wrap=True)


@contextmanager
def _explained() -> Iterator[None]:
    """Every problem that the course can explain becomes a sentence and an exit code."""
    try:
        yield
    except CourseError as error:
        _err.print(str(error), markup=False, soft_wrap=True)
        wrong_use = isinstance(error, BadUnit | BadName)
        raise typer.Exit(3 if isinstance(error, NoLab | NoSphinx) else 2 if wrong_use else 1) from None
