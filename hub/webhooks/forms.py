"""The form of a new webhook."""

from __future__ import annotations

from typing import Any

from django import forms

from hub.accounts.forms import REQUIRED
from hub.repositories.models import Repository
from hub.webhooks.addresses import BadAddress, check_written, read
from hub.webhooks.models import LONGEST_NAME, LONGEST_URL

_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class WebhookForm(forms.Form):
    name = forms.CharField(
        label="Nome do webhook",
        max_length=LONGEST_NAME,
        error_messages={"required": REQUIRED, "max_length": f"São no máximo {LONGEST_NAME} caracteres."},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    url = forms.CharField(
        label="Endereço que recebe",
        max_length=LONGEST_URL,
        help_text="Por exemplo http://127.0.0.1:9000/push, se quem recebe é um programa desta máquina.",
        error_messages={"required": REQUIRED, "max_length": f"São no máximo {LONGEST_URL} caracteres."},
        widget=forms.TextInput({**_PLAIN, "inputmode": "url"}),
    )
    english = {"name": "Webhook name", "url": "Webhook URL"}

    def __init__(self, repository: Repository, data: Any = None) -> None:
        super().__init__(data)
        self._repository = repository

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self._repository.webhooks.filter(name=name).exists():
            raise forms.ValidationError("Já há um webhook com este nome neste repositório. Escolha outro.")
        return name

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check_written(read(url))
        except BadAddress as bad:
            raise forms.ValidationError(str(bad)) from bad
        return url
