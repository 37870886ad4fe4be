"""`pergunta` and `multipla`: a question with feedback on each answer; what was answered is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ipywidgets

from checks import answers
from checks.about import Note
from checks.errors import CourseError
from checks.render import html
from checks.rules.words import listed
from checks.widgets.piece import Piece, button, column, heading, page, said, show

KEPT_AS = "perguntas"  # beside the units: the answers to the questions of all lessons
_LIVE = (
    "Execute esta célula no laboratório para responder aqui mesmo: cada resposta diz se está certa e por quê."
)


@dataclass(frozen=True)
class Question:
    """`options` are the answers to choose from, each with why it is right or wrong; `right` some of them."""

    key: str
    text: str
    options: Mapping[str, str]
    right: frozenset[str]

    def verdict(self, option: str) -> str:
        return f"{'✓ Certa.' if option in self.right else '✗ Não é essa.'} {self.options[option]}"

    def kept(self) -> tuple[str, ...]:
        """What was answered before, as far as it is still an option."""
        try:
            found = json.loads(answers.load(KEPT_AS, self.key) or "[]")
        except ValueError:
            return ()
        return tuple(option for option in self.options if isinstance(found, list) and option in found)

    def keep(self, chosen: Iterable[str]) -> None:
        answers.save(KEPT_AS, self.key, json.dumps(list(chosen)))


class Quiz(Piece):
    """A question over the controls that answer it, and under them what is said of the answer."""

    def __init__(self, question: Question, *controls: ipywidgets.Widget) -> None:
        self.question = question
        self._feedback = page()
        self.widget = column(page(heading(question.text)), *controls, self._feedback)

    def __repr__(self) -> str:
        options = [f"  - {option}" for option in self.question.options]
        how = "Responda com `.responder(…)`, com o texto de uma opção."
        return "\n".join([self.question.text, *options, how])

    def _repr_html_(self) -> str:
        """The options alone: where nothing can be folded, as on GitHub, all that is here is read at once."""
        options = "".join(f"<li>{html.prose(option)}</li>" for option in self.question.options)
        return f"{self._asked()}<ul>{options}</ul><p><em>{_LIVE}</em></p>"

    def folded(self) -> str:
        """For a page that can fold and cannot run: each option opens to what is said of it."""
        return self._asked() + "".join(
            f"<details><summary>{html.prose(option)}</summary>{said(self.question.verdict(option))}</details>"
            for option in self.question.options
        )

    def _asked(self) -> str:
        return f"<p><strong>{html.prose(self.question.text)}</strong></p>"

    def _say(self, sentences: Iterable[str], *, right: bool, aloud: bool) -> None:
        tone, role = "dhp-right" if right else "dhp-wrong", ' role="alert"' if aloud else ""
        show(self._feedback, f'<div class="dhp-note {tone}"{role}>{"".join(map(said, sentences))}</div>')

    def _meant(self, text: object) -> str:
        """The option that was typed; CourseError when there is none such."""
        wanted = _plain(str(text)).strip()
        options = {_plain(option): option for option in self.question.options}
        alike = [option for plain, option in options.items() if plain.casefold() == wanted.casefold()]
        if wanted in options or len(alike) == 1:
            return options.get(wanted) or alike[0]
        raise CourseError(f"Não há essa opção. As opções são: {listed(map(_plain, self.question.options))}.")


class OneAnswer(Quiz):
    """Radio buttons; each choice is answered at once.

    Each is a group of its own, so that Tab reaches all: the arrows, which go from one to the next inside of a
    group, JupyterLab takes for itself, to go from cell to cell.
    """

    def __init__(self, question: Question) -> None:
        kept = question.kept()[:1]
        self._radios = {
            option: ipywidgets.RadioButtons(
                options=[(_plain(option), option)], value=option if option in kept else None
            )
            for option in question.options
        }
        super().__init__(question, *self._radios.values())
        if kept:
            self._judge(kept[0], aloud=False)
        for radio in self._radios.values():
            radio.observe(lambda change: self._choose(change["new"]), "value")

    @property
    def resposta(self) -> str | None:
        """The option that was chosen; None before any."""
        return next((option for option, radio in self._radios.items() if radio.value), None)

    @property
    def acertou(self) -> bool:
        return self.resposta in self.question.right

    def responder(self, resposta: object) -> Note:
        """The same as a click; returns what is said of the answer."""
        try:
            option = self._meant(resposta)
        except CourseError as error:
            return Note(str(error))
        self._radios[option].value = option
        return Note(self.question.verdict(option))

    def _choose(self, chosen: str | None) -> None:
        if chosen is None:  # put out by another one
            return
        for option, radio in self._radios.items():
            if option != chosen:
                radio.value = None
        self.question.keep([chosen])
        self._judge(chosen, aloud=True)

    def _judge(self, option: str, *, aloud: bool) -> None:
        right = option in self.question.right
        self._say([self.question.verdict(option)], right=right, aloud=aloud)


class ManyAnswers(Quiz):
    """Boxes to tick, and a button that judges them together."""

    def __init__(self, question: Question) -> None:
        kept = question.kept()
        self._boxes = {
            option: ipywidgets.Checkbox(option in kept, description=_plain(option), indent=False)
            for option in question.options
        }
        judge = button("Conferir", "Diz quais estão certas", "check", lambda: self._choose(self.resposta))
        super().__init__(question, *self._boxes.values(), judge)
        if kept:
            self._judge(aloud=False)

    @property
    def resposta(self) -> tuple[str, ...]:
        """The options that are ticked."""
        return tuple(option for option, box in self._boxes.items() if box.value)

    @property
    def acertou(self) -> bool:
        return frozenset(self.resposta) == self.question.right

    def responder(self, *respostas: object) -> Note:
        """The same as ticking these alone and pressing Conferir; returns what is said of them."""
        try:
            meant = {self._meant(text) for text in respostas}
        except CourseError as error:
            return Note(str(error))
        for option, box in self._boxes.items():
            box.value = option in meant
        self._choose(self.resposta)
        return Note("\n".join(self._sentences()))

    def _choose(self, chosen: tuple[str, ...]) -> None:
        self.question.keep(chosen)
        self._judge(aloud=True)

    def _judge(self, *, aloud: bool) -> None:
        self._say(self._sentences(), right=self.acertou, aloud=aloud)

    def _sentences(self) -> list[str]:
        """Of each that was ticked, and of those that were missed only how many: they can still be found."""
        told = [f"“{_plain(option)}”: {self.question.verdict(option)}" for option in self.resposta]
        missed = len(self.question.right - set(self.resposta))
        if self.acertou:
            return [*told, "✓ Você achou todas as certas."]
        if not missed:
            return [*told, "Desmarque o que não é e confira de novo."]
        return [*told, f"{'Falta 1 certa' if missed == 1 else f'Faltam {missed} certas'}: procure de novo."]


def pergunta(chave: str, texto: str, opcoes: Mapping[str, str], *, certa: str) -> OneAnswer | Note:
    """A question with one right answer: `opcoes` are the answers, each with why it is right or wrong."""
    try:
        return OneAnswer(_question(chave, texto, opcoes, [certa]))
    except CourseError as error:
        return Note(str(error))


def multipla(
    chave: str, texto: str, opcoes: Mapping[str, str], *, certas: Iterable[str]
) -> ManyAnswers | Note:
    """The same with any number of right answers."""
    try:
        return ManyAnswers(_question(chave, texto, opcoes, certas))
    except CourseError as error:
        return Note(str(error))


def _question(key: str, text: str, options: Mapping[str, str], right: Iterable[str]) -> Question:
    """CourseError says what whoever wrote the lesson has to mend."""
    if not isinstance(options, Mapping) or len(options) < 2:
        raise CourseError(f'A pergunta `{key}` precisa de duas opções ou mais: {{"opção": "por que", …}}.')
    told = {str(option): str(why) for option, why in options.items()}
    certain = [str(option) for option in right]
    unknown = [option for option in certain if option not in told]
    if unknown:
        raise CourseError(f"Na pergunta `{key}`, não há opção com o texto da resposta certa: {unknown[0]}.")
    return Question(str(key), str(text), told, frozenset(certain))


def _plain(text: str) -> str:
    """A label of a control shows no code."""
    return text.replace("`", "")
