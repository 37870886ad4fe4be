"""The class's list, its models and its board: what the verbs that are no grading do."""

from __future__ import annotations

import html
import json
import webbrowser
from pathlib import Path

import typer

from checks.classroom.roster import BadRoster, Roster, read
from checks.classroom.roster_merge import merge
from checks.classroom.session import Way
from checks.errors import BadReference
from checks.reference import parse
from lab import entry, presence, state, typed
from lab.classroom import models, reader, show
from lab.classroom.store import opened
from lab.errors import LabDown, UsageError
from lab.paths import Home
from lab.screen import complain, say

_LARGEST = 50_000_001  # bytes: one more than a list may have


def take(home: Home, file: Path, *, only_look: bool) -> int:
    """1 when some of the list could not be kept, 0 when all of it was."""
    roster = _read(file)
    show.preview(roster)
    if only_look:
        say("Nada foi gravado. Para gravar, repita sem --so-ver.")
        return 1 if roster.left_out else 0
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
    return 1 if roster.left_out or told["refused"] else 0


def _read(file: Path) -> Roster:
    try:
        with file.open("rb") as opened_file:
            data = opened_file.read(_LARGEST)
    except OSError as error:
        raise UsageError(f"Não consegui ler {file}: {error.strerror}. Confira o nome do arquivo.") from None
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


def erase(home: Home, who: str, *, sure: bool) -> None:
    store = opened(home)
    person = store.find(who)
    if not sure and not typer.confirm(
        f"Apagar {person.name} da turma, com todos os resultados? Não há volta."
    ):
        say("Nada foi apagado.")
        return
    store.erase(person)
    say(f"Apagado: {person.name}, com todos os resultados. A conta no hub e as imagens continuam.")


def add_model(home: Home, name: str, pushed: str, *, real: bool) -> None:
    """Of this lab's own engine, or of what is under another name on the hub."""
    try:
        reference = parse(name)
        source = parse(pushed) if pushed else None
    except BadReference as error:
        raise UsageError(str(error)) from None
    if source is None:
        found = models.present(home).named(reference)
    else:
        way = Way() if real else reader.practice(home, told=None)
        found = models.add_pushed(home, reference, source, way)
    if not found:
        raise UsageError(
            f"A turma ainda não tem modelo de `{reference.familiar}`. Diga onde ele está, no Docker Hub, "
            "com --de NOME."
        )
    platforms = ", ".join(str(image.platform) for image in found)
    say(f"A turma tem o modelo de `{reference.familiar}` para: {platforms}.")


def open_board(home: Home, *, browser: bool) -> None:
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
