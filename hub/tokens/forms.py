"""The form of a new access token, with the fields and the choices of the real hub's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from hub.accounts.forms import REQUIRED
from hub.tokens.models import LONGEST_LABEL, LONGEST_LIFE
from hub.tokens.scopes import Scope

NEVER, CUSTOM = "", "custom"
EXPIRATIONS = [
    (NEVER, "Não vence (None)"),
    ("30", "30 dias (30 days)"),
    ("90", "90 dias (90 days)"),
    (CUSTOM, "Escolher a data (Custom)"),
]
LONG_LABEL = f"A descrição é longa demais: são no máximo {LONGEST_LABEL} caracteres."
BAD_LABEL = "A descrição precisa caber em uma linha, sem caracteres invisíveis."
NO_DATE = "Escolha a data e a hora em que o token vence."
BAD_DATE = "Isto não parece uma data. Escolha no calendário, ou digite como 2026-12-31T18:00."
PAST = "Esta data já passou. Escolha uma que ainda venha."
FAR = "A data é distante demais: um token vale no máximo um ano."


class NewTokenForm(forms.Form):
    # The token's own name: the same form sent twice, by a page that is reloaded, makes one token.
    uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    label = forms.CharField(
        label="Descrição",
        max_length=LONGEST_LABEL,
        help_text="Para você saber depois de onde este token é usado: «meu notebook», por exemplo.",
        error_messages={"required": REQUIRED, "max_length": LONG_LABEL},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    expiration = forms.ChoiceField(label="Vencimento", choices=EXPIRATIONS, required=False)
    expires_at = forms.DateTimeField(
        label="Data e hora do vencimento",
        required=False,
        help_text="Só para «Escolher a data», e no máximo daqui a um ano.",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": BAD_DATE},
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    scope = forms.ChoiceField(
        label="Permissão",
        choices=[(scope.value, scope.label) for scope in Scope],
        initial=Scope.PUBLIC_READ,
        error_messages={"required": REQUIRED},
    )
    english = {
        "label": "Access token description",
        "expiration": "Expiration date",
        "scope": "Access permissions",
    }

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        if not label.isprintable():
            raise forms.ValidationError(BAD_LABEL)
        return label

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "expires_at" not in self.errors:
            found["expires_at"] = self._moment(found.get("expiration", NEVER), found.get("expires_at"))
        return found

    def _moment(self, expiration: str, chosen: datetime | None) -> datetime | None:
        now = timezone.now()
        if expiration == NEVER:
            return None
        if expiration != CUSTOM:
            return now + timedelta(days=int(expiration))
        if chosen is None:
            self.add_error("expires_at", NO_DATE)
        elif chosen <= now:
            self.add_error("expires_at", PAST)
        elif chosen > now + LONGEST_LIFE:
            self.add_error("expires_at", FAR)
        return chosen

    @property
    def permissions(self) -> list[Scope]:
        return list(Scope)
