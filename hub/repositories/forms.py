"""The forms of a repository: a new one, and who sees it."""

from __future__ import annotations

from typing import Any

from django import forms

from hub.accounts.forms import REQUIRED
from hub.accounts.models import User
from hub.repositories.models import LONGEST_DESCRIPTION, Repository
from hub.repositories.mutability import MOST_RULES, BadRule, check_rules
from hub.repositories.names import problem_with_new_name
from hub.repositories.patterns import LONGEST as LONGEST_RULE

PUBLIC, PRIVATE = "public", "private"
VISIBILITIES = [(PUBLIC, "Público"), (PRIVATE, "Privado")]
LONG_DESCRIPTION = f"A descrição é longa demais: são no máximo {LONGEST_DESCRIPTION} caracteres."
NAME_HELP = "Letras minúsculas, números e, entre eles, hífen, ponto ou sublinhado. Não muda depois de criado."


def problem_with(namespace: str, name: str) -> str | None:
    """What stands in the way of a new repository of that name, also that there is one already."""
    problem = problem_with_new_name(namespace, name)
    if problem is None and Repository.objects.named(namespace, name).exists():
        return f"Você já tem o repositório {namespace}/{name}. Escolha outro nome."
    return problem


def _one_line(text: str) -> None:
    if not text.isprintable():
        raise forms.ValidationError("A descrição precisa caber em uma linha, sem caracteres invisíveis.")


def _description() -> forms.CharField:
    return forms.CharField(
        label="Descrição curta",
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text=f"Até {LONGEST_DESCRIPTION} caracteres; aparece na busca. Pode ficar vazia.",
        error_messages={"max_length": LONG_DESCRIPTION},
        validators=[_one_line],
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class NewRepositoryForm(forms.Form):
    name = forms.CharField(
        label="Nome do repositório",
        help_text=NAME_HELP,
        error_messages={"required": REQUIRED},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    description = _description()
    visibility = forms.ChoiceField(
        choices=VISIBILITIES, error_messages={"required": REQUIRED}, widget=forms.RadioSelect
    )
    english = {"name": "Repository Name", "description": "Short description"}

    def __init__(self, owner: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owner = owner
        self.fields["visibility"].initial = PRIVATE if owner.default_private else PUBLIC

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if problem := problem_with(self._owner.username, name):
            raise forms.ValidationError(problem)
        return name


class DescriptionForm(forms.Form):
    """The short description of a repository that is there already."""

    description = _description()
    english = {"description": "Short description"}


class TypedNameForm(forms.Form):
    """The repository's name, typed by whoever is sure of what they do."""

    name = forms.CharField(
        label="Digite o nome do repositório para confirmar",
        error_messages={"required": REQUIRED},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, repository: Repository, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._repository = repository

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name not in (self._repository.name, self._repository.full_name):
            raise forms.ValidationError(f"O nome deste repositório é {self._repository.name}.")
        return name


class VisibilityForm(TypedNameForm):
    """`visibility` comes with the button, so that a page that is old, or sent twice, undoes nothing."""

    visibility = forms.ChoiceField(choices=VISIBILITIES)

    def clean(self) -> dict[str, Any]:
        if "visibility" in self.errors:
            raise forms.ValidationError("Escolha pelo botão se o repositório fica público ou privado.")
        return super().clean() or {}


class DefaultPrivacyForm(forms.Form):
    visibility = forms.ChoiceField(
        choices=VISIBILITIES, error_messages={"required": REQUIRED}, widget=forms.RadioSelect
    )


MUTABLE, IMMUTABLE, BY_RULES = "mutable", "immutable", "rules"
MUTABILITIES = [
    (MUTABLE, "Todas as tags podem mudar"),
    (IMMUTABLE, "Todas as tags são imutáveis"),
    (BY_RULES, "Algumas tags são imutáveis"),
]
_RULES_LENGTH = MOST_RULES * (LONGEST_RULE + 2)


class MutabilityForm(forms.Form):
    """Which tags stay as they are; each line of `rules` is a rule."""

    mutability = forms.ChoiceField(
        choices=MUTABILITIES, error_messages={"required": REQUIRED}, widget=forms.RadioSelect
    )
    rules = forms.CharField(
        label="Regras, uma em cada linha",
        required=False,
        max_length=_RULES_LENGTH,
        error_messages={"max_length": "O texto é longo demais para uma lista de regras."},
        help_text=(
            f"Expressões regulares (RE2), no máximo {MOST_RULES}. Por exemplo: ^v[0-9]+ vale para v1 e v2.0, "
            r"e \.0$ para 1.0 e 2.0."
        ),
        widget=forms.Textarea({"rows": 4, "autocapitalize": "none", "spellcheck": "false"}),
    )
    english = {"rules": "Regular expressions"}

    def __init__(self, repository: Repository, data: Any = None) -> None:
        rules = repository.immutable_tags_rules
        chosen = BY_RULES if rules else IMMUTABLE
        now = {"mutability": chosen if repository.immutable_tags else MUTABLE, "rules": "\n".join(rules)}
        super().__init__(data, initial=now)

    def clean_rules(self) -> list[str]:
        rules = [line.strip() for line in self.cleaned_data["rules"].splitlines() if line.strip()]
        try:
            check_rules(rules)
        except BadRule as bad:
            raise forms.ValidationError(str(bad)) from bad
        return rules

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("mutability") == BY_RULES and typed.get("rules") == []:
            self.add_error("rules", "Escreva pelo menos uma regra, ou escolha outra opção.")
        return typed
