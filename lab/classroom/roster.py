"""The class's list, its models and its board: what the verbs that are no grading do."""

from __future__ import annotations

import html
import json
import webbrowser
from dataclasses import dataclass
from pathlib import Path

from checks.classroom.roster import BadRoster, Roster, read
from checks.classroom.roster_merge import merge
from checks.classroom.session import Way
from checks.errors import BadReference
from checks.os_trouble import why
from checks.reference import parse
from lab import entry, presence, state, typed
from lab.classroom import models, reader, show
from lab.classroom.store import opened
from lab.errors import LabDown, UsageError
from lab.paths import Home
from lab.screen import agreed, complain, say

_LARGEST = 50_000_001  # bytes: one more than a list may have


def take(home: Home, file: Path, *, only_look: bool) -> int:
    """1 when some of the list could not be kept, 0 when all of it was."""
    roster = _read(file)
    show.preview(roster)
    if only_look:
        say("Nada foi gravado. Para gravar, repita sem --so-ver.")
        return 1 if roster.lost else 0
    store = opened(home)
    entry.adopt(home)  # to ask the lab's own engine for the model
    store.ready()
    merged = merge(store.people(), roster)
    for note in merged.notes:
        say(note)
    told = store.keep_people(merged.people)
    models.present(home)
    say(
        f"Entraram na turma: {told['added']}. Mudaram: {told['changed']}. "
        f"Já estavam, sem mudança: {told['same']}."
    )
    for remark in (*told["refused"], *told["remarks"]):
        say(f"  • {remark['key']}: {remark['why']}" if remark["key"] else f"  • {remark['why']}")
    say(f"\nPara ver quem falta: {typed.lab()} turma alunos")
    return 1 if roster.lost or told["refused"] else 0


def _read(file: Path) -> Roster:
    try:
        with file.open("rb") as opened_file:
            data = opened_file.read(_LARGEST)
    except OSError as error:
        raise UsageError(f"Não consegui ler {file}: {why(error)}") from None
    try:
        return read(data, file.name)
    except BadRoster as error:
        raise UsageError(str(error)) from None


def show_people(home: Home, *, as_json: bool) -> None:
    people = opened(home).people()
    if as_json:
        print(json.dumps({"schema": 1, "people": [one.to_dict() for one in people]}, ensure_ascii=False))
    elif people:
        show.people(people)
    else:
        say(f"A turma está vazia. Comece por: {typed.lab()} turma importar ARQUIVO.csv")


def release(home: Home, who: str) -> None:
    store = opened(home)
    person = store.find(who)
    store.release(person.key)
    say(f"Solto: {person.name} pode entrar na turma com outra conta que não {person.docker_id}.")


def erase(home: Home, who: str, *, sure: bool) -> int:
    """1 when who was asked did not agree."""
    store = opened(home)
    person = store.find(who)
    if not sure and not agreed(f"Apagar {person.name} da turma, com todos os resultados? Não há volta."):
        say("Nada foi apagado.")
        return 1
    store.erase(person)
    say(f"Apagado: {person.name}, com todos os resultados. A conta no hub e as imagens continuam.")
    return 0


@dataclass(frozen=True)
class Change:
    """What was typed of a model: with neither a place nor its removal, what there is gets shown."""

    pushed: str = ""  # where it is, on the hub
    swap: bool = False
    both: bool = False
    remove: bool = False


def change_models(home: Home, name: str, change: Change, *, real: bool) -> None:
    is_odd = change.swap and change.both
    if is_odd or (change.remove and change.pushed) or ((change.swap or change.both) and not change.pushed):
        raise UsageError(
            "--de vai com --trocar ou com --tambem, ou sem eles; --tirar vai sem nenhum dos três."
        )
    try:
        reference, source = parse(name), parse(change.pushed) if change.pushed else None
    except BadReference as error:
        raise UsageError(str(error)) from None
    if source:
        way = Way() if real else reader.practice(home, told=None)
        models.add_pushed(home, reference, source, way, swap=change.swap, both=change.both)
    elif change.remove:
        models.take_out(home, reference)
        say(f"Tirei da turma os modelos de `{reference.familiar}`.")
    show.models(models.load(home) if change.remove else models.present(home))


def open_board(home: Home, *, browser: bool) -> None:
    opened(home)  # refuses where the class is kept elsewhere
    lab = presence.running(home)
    if lab is None or lab.mode != "treino":
        raise LabDown()
    address = f"{lab.hub_url}/turma/placar?chave={state.secret(home, 'teacher-key')}"
    say("Este endereço é só seu: quem o abre vê as notas da turma.")
    say(f"  {address}")
    if browser and not webbrowser.open(_door(home, address).as_uri()):
        complain("Não consegui abrir o navegador; copie o endereço acima.")


def _door(home: Home, address: str) -> Path:
    """A page of the teacher's own that leads on: what a browser is started with, everybody can see."""
    page = home.run / "placar.html"
    leads = html.escape(f"0;url={address}", quote=True)
    state.write(page, f'<!doctype html><meta http-equiv="refresh" content="{leads}">\n', mode=0o600)
    return page
