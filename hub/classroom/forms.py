"""What a learner types to enter the class, and what a teacher types to erase a person."""

from __future__ import annotations

from typing import Any

from django import forms

from hub.accounts.forms import REQUIRED
from hub.classroom.models import LONGEST, Member

LONG = "Isto é longo demais."
OTHER_NAME = "Não é este o nome. Digite «{}», igual ao que está na página."


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
