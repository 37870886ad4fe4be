"""`enviar`: a push that really happens, drawn while it does, a bar a layer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from checks import engine, inquiry, place, runner, sources
from checks.about import Note
from checks.diagnosis import Action, Cause, Diagnosis, diagnose
from checks.errors import CourseError
from checks.image import Source
from checks.reference import Reference
from checks.render import html
from checks.widgets.look import on_docker_hub
from checks.widgets.piece import (
    Aside,
    button,
    code,
    column,
    display_live,
    page,
    said,
    sentence_of,
    show,
)
from checks.widgets.push_log import Layer, PushLog, State, summary

Messages = Iterable[Mapping[str, Any]]
_FRAME = 0.1  # seconds from one drawing to the next
_TONES = {
    State.PUSHED: "dhp-sent",
    State.KNOWN: "dhp-there",
    State.MOUNTED: "dhp-there",
    State.STOPPED: "dhp-stopped",
}
_DIGEST = "O digest é a impressão digital do manifesto, que sobe por último: mesmo conteúdo, mesmo digest."


@dataclass(frozen=True, repr=False)
class Pushed:
    """What came of a push, as the value of a cell; its text holds no sizes and no times."""

    reference: Reference
    log: PushLog
    advice: str = ""

    @property
    def digest(self) -> str | None:
        """What the registry now has under the name; None when the push was refused."""
        return self.log.digest if self.log.is_done else None

    @property
    def outcome(self) -> str:
        name = self.reference.familiar
        if self.log.is_done:
            return f"`{name}` está no Docker Hub. {summary(self.log)}"
        return f"O envio de `{name}` não se completou."

    def __repr__(self) -> str:
        if self.log.is_done:
            return f"{self.outcome}\nDigest: {self.log.digest}\n{_DIGEST}"
        refusal = [f"O Docker disse: {self.log.refusal}"] if self.log.refusal else []
        return "\n".join([self.outcome, *refusal, self.advice])

    def _repr_html_(self) -> str:
        if self.log.is_done:
            digest = f"<p style='overflow-wrap: anywhere'>Digest: {self.log.digest}</p>"
            return f"{said('✓ ' + self.outcome)}{digest}{said(_DIGEST)}"
        # The end of the line is for course/sanitize.cfg: each image store has its own words, up to there.
        words = (
            f"<p>O Docker disse:<br><code>{escape(self.log.refusal)}\n</code></p>" if self.log.refusal else ""
        )
        return f"{said('✗ ' + self.outcome)}{words}{said(self.advice)}"


def enviar(nome: object) -> Pushed | Note:
    """Pushes an image to Docker Hub, as `docker push` does, and draws it layer by layer."""
    try:
        reference = _meant(nome)
    except CourseError as error:
        return Note(str(error))
    panel = PushPanel(reference)
    display_live(panel.widget)
    return panel.push()


def _meant(typed: object) -> Reference:
    reference = on_docker_hub(typed)
    if reference.digest:
        raise CourseError(
            f"Envia-se uma tag, não um digest: escreva `{reference.familiar_name}:TAG`, com a tag da imagem."
        )
    return reference


class PushPanel:
    """The bars of a push, and a button to push again."""

    def __init__(
        self,
        reference: Reference,
        send: Callable[[Reference], Messages] = engine.push,
        why: Callable[[Reference], str] | None = None,
    ) -> None:
        """`send` pushes; `why` says in a sentence what kept a push from succeeding."""
        self._reference = reference
        self._send = send
        self._why = why or _diagnosed
        self._aside = Aside("push")
        self._log = PushLog()
        self._bars = page()
        self._status = page()
        self._note = page()
        self._again = button("Enviar de novo", "Faz o mesmo push outra vez", "cloud-upload", self._press)
        self._again.layout.display = "none"  # until the first push is over: a press now would wait for it
        title = html.header(f"Envio de {reference.familiar}", place.mode_label(), place.hub_url())
        self.widget = column(page(title), self._bars, self._status, self._again, self._note)

    def push(self) -> Pushed:
        """Pushes now, and returns what came of it; never raises."""
        show(self._note, "")
        show(self._status, said("Enviando, aguarde…", aloud=True))
        self._log = PushLog()
        try:
            self._follow()
            advice = "" if self._log.is_done else self._why(self._reference)
        except KeyboardInterrupt:
            advice = "Você interrompeu o envio. O que já subiu não sobe de novo."
        except Exception as error:
            advice = sentence_of(error)
        if not self._log.is_done and self._log.refusal is None:
            self._log = self._log.stopped()
        self._draw()
        self._again.layout.display = None
        done = Pushed(self._reference, self._log, advice)
        show(
            self._status, said("✓ Envio terminado." if self._log.is_done else f"✗ {done.outcome}", aloud=True)
        )
        return done

    def _press(self) -> None:
        self._aside.start(lambda: show(self._note, self.push()._repr_html_()))

    def _follow(self) -> None:
        """Every message counts; the eye gets ten pictures a second."""
        last = 0.0
        for message in self._send(self._reference):
            self._log = self._log.heard(message)
            if time.monotonic() - last >= _FRAME:
                self._draw()
                last = time.monotonic()

    def _draw(self) -> None:
        rows = "".join(_row(number, layer) for number, layer in self._log.layers.items())
        show(self._bars, f'<ul class="dhp-layers">{rows}</ul>' if rows else "")


def _row(number: str, layer: Layer) -> str:
    percent = round(100 * layer.share)
    told = f"{layer.state}, {percent}%" if layer.state is State.PUSHING else str(layer.state)
    return (
        f'<li class="{_TONES.get(layer.state, "")}">{code(number)}'
        f'<div class="dhp-bar" role="progressbar" aria-label="Camada {escape(number)}" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{percent}" aria-valuetext="{told}">'
        f'<div style="width: {percent}%"></div></div><span>{told}</span></li>'
    )


def _diagnosed(reference: Reference) -> str:
    """Why a push of this name is refused, from all that can be asked now."""

    async def work(source: Source) -> Diagnosis:
        seen = await inquiry.look(reference, source)
        return diagnose(replace(seen, action=Action.PUSH))

    found = runner.aside(sources.live(), work)
    if found.cause in (Cause.NONE, Cause.NOT_PUSHED):  # what a look can see is in order
        return (
            "Olhei o seu Engine, o seu login e o Docker Hub e não achei a causa. Se você entrou com um "
            "token, confira se ele permite escrever; depois tente de novo com "
            f"`docker push {reference.familiar}`."
        )
    return found.sentence
