"""What a learner types to enter the class, and a teacher to erase a person or to count by due dates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from checks.classroom.policy import HALF, LEFT_OUT, Policy
from hub.accounts.forms import REQUIRED
from hub.classroom.models import LONGEST, Member

LONG = "Isto é longo demais."
BAD_DAY = "Isto não parece um dia com hora. Escolha no calendário, ou digite como 2026-12-10T18:00."
BAD_PART = "É uma parte dos pontos: um número de 0 a 100."
CHANCE_FIRST = "A segunda chance vem depois do prazo."
NO_DUE = "Isto só vale com um prazo. Escolha o prazo também."
BAD_HOUR = "Esta hora não existe, ou existe duas vezes, por causa do horário de verão. Escolha outra."
OTHER_NAME = "Não é este o nome. Digite «{}», igual ao que está na página."


class MomentField(forms.DateTimeField):
    """A day and an hour: a day alone would begin here, and ends in the terminal. Of an hour that a clock
    leaves out, or has twice, Django says so in words of its own."""

    def to_python(self, value: Any) -> datetime | None:
        if value and "T" not in str(value):
            raise forms.ValidationError(BAD_DAY)
        try:
            found: datetime | None = super().to_python(value)
        except forms.ValidationError as wrong:
            raise forms.ValidationError(BAD_HOUR if wrong.code == "ambiguous_timezone" else BAD_DAY) from None
        return found


def _moment(label: str, help_text: str) -> MomentField:
    return MomentField(
        label=label,
        required=False,
        help_text=help_text,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class PartField(forms.FloatField):
    """A part in %, also with the comma that a person types."""

    def clean(self, value: Any) -> float | None:
        found: float | None = super().clean(value.replace(",", ".") if isinstance(value, str) else value)
        return found


def _part(label: str, help_text: str) -> PartField:
    names = ("invalid", "min_value", "max_value")
    return PartField(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        help_text=help_text,
        error_messages=dict.fromkeys(names, BAD_PART),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )


class EntryForm(forms.Form):
    code = forms.CharField(
        label="Código da turma",
        max_length=40,
        help_text="São 8 letras e números, como xxxx-xxxx. Quem dá a aula mostra o código.",
        error_messages={"required": REQUIRED, "max_length": LONG},
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "class": "code"}
        ),
    )
    typed = forms.CharField(
        label="O seu e-mail ou número na escola",
        required=False,
        max_length=LONGEST,
        help_text="Como está na lista de quem dá aula. Se é o e-mail da sua conta aqui, deixe vazio.",
        error_messages={"max_length": LONG},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class EraseForm(forms.Form):
    """The name is typed, so that nobody is erased by a slip."""

    name = forms.CharField(
        label="Nome da pessoa",
        max_length=LONGEST,
        error_messages={"required": REQUIRED, "max_length": LONG},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, member: Member, *words: Any, **names: Any) -> None:
        super().__init__(*words, **names)
        self._member = member

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if " ".join(typed.split()).casefold() != " ".join(self._member.name.split()).casefold():
            raise forms.ValidationError(OTHER_NAME.format(self._member.name))
        return typed


class RulesForm(forms.Form):
    """What a score is worth by when it was earned, as `lab turma exportar` has it too."""

    prazo = _moment("Prazo", "Até aqui vale inteiro, mesmo que depois mude.")
    desconto = _part("Desconto por dia de atraso, em %", "Vazio: o que veio depois do prazo não conta.")
    segunda = _moment("Segunda chance até", "Vazio: não há segunda chance.")
    vale = _part("Quanto vale a segunda chance, em %", "Vazio: metade.")
    zero = forms.BooleanField(label="O que não foi feito vale zero", required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and found["prazo"] is None:
            late = [name for name in ("desconto", "segunda", "vale") if found[name] is not None]
            for name in late:
                self.add_error(name, NO_DUE)
        if not self.errors:
            try:
                found["policy"] = _policy(found)
            except ValueError:
                self.add_error("segunda", CHANCE_FIRST)
        return found


def _policy(told: dict[str, Any]) -> Policy:
    """Raises ValueError for a second chance that comes before the due date."""
    off, worth = told["desconto"], told["vale"]
    return Policy(
        due=told["prazo"],
        off_each_day=LEFT_OUT if off is None else off / 100,
        second_chance=told["segunda"],
        second_worth=HALF if worth is None else worth / 100,
    )
