"""The forms of the pages that a learner looks at."""

from __future__ import annotations

from django import forms

from hub.repositories.models import LONGEST_OVERVIEW

TOO_LONG = (
    "A visão geral é longa demais: o limite é de %(limit_value)d caracteres, e esta tem %(show_value)d."
)


class OverviewForm(forms.Form):
    full_description = forms.CharField(
        label="Texto",
        required=False,
        max_length=LONGEST_OVERVIEW,
        help_text=(
            "Em Markdown: # para um título, - para uma lista, **negrito**, `código`. "
            f"Até {LONGEST_OVERVIEW} caracteres; pode ficar vazia."
        ),
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea({"rows": 14, "spellcheck": "true"}),
    )
