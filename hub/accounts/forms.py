"""The forms of an account, with the words of the course."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.core.validators import EmailValidator, MaxLengthValidator

from hub.accounts.models import User
from hub.accounts.names import NAME_HELP, PASSWORD_HELP

REQUIRED = "Preencha este campo."
BAD_EMAIL = "Isto não parece um e-mail. Ele tem a forma nome@exemplo.com."
LONG_EMAIL = "Este e-mail é longo demais: são no máximo 254 caracteres."
EMAIL_HELP = "Pode ser inventado, como ana@exemplo.com: a mensagem só chega ao correio de treino."
NAME_TAKEN_MEANWHILE = "Este Docker ID acabou de ser criado por outra pessoa. Escolha outro."


def dress(form: forms.Form, **labels: str) -> None:
    """Portuguese labels and errors; no placeholders, which vanish while one types."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.error_messages["required"] = REQUIRED
        field.widget.attrs.pop("placeholder", None)
        if isinstance(field, forms.EmailField):
            field.validators = [EmailValidator(BAD_EMAIL), MaxLengthValidator(254, LONG_EMAIL)]


class SignupForm(allauth.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, username="Docker ID", email="E-mail", password1="Senha")
        name = self.fields["username"]
        # One validator speaks (adapter.clean_username), and a long name is refused, not cut short.
        name.validators, name.max_length = [], None
        name.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        name.help_text = NAME_HELP
        self.fields["email"].help_text = EMAIL_HELP
        self.fields["password1"].help_text = PASSWORD_HELP

    def validate_unique_email(self, value: str) -> str:
        """Any will do: whether it has an account is told in the letter alone (AccountAdapter)."""
        return value


class LoginForm(allauth.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, login="Docker ID ou e-mail", password="Senha")  # noqa: S106
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["password"].help_text = ""


class _CodeForm:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, code="Código de 6 números")  # type: ignore[arg-type]
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "class": "code"}  # type: ignore[attr-defined]


class EmailCodeForm(_CodeForm, allauth.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        """The code is right, and another account may have confirmed the e-mail meanwhile."""
        code: str = super(allauth.ConfirmEmailVerificationCodeForm, self).clean_code()
        if User.objects.by_login(self.email) not in {None, self.user}:
            raise get_adapter().validation_error("email_taken")
        return code


class ResetCodeForm(_CodeForm, allauth.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass


class ChangeEmailForm(allauth.ChangeEmailForm):  # type: ignore[misc]
    account_already_exists = False  # as when signing up

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, email="E-mail certo")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        return email


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, email="E-mail da conta")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        person = User.objects.by_email(email)
        self.users = [person] if person and person.is_active else []
        return email


class _NewPasswordForm:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"oldpassword": "Senha atual", "password1": "Senha nova", "password2": "Senha nova, de novo"}
        dress(self, **words)  # type: ignore[arg-type]
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields["password1"].help_text = PASSWORD_HELP
        if "oldpassword" in fields:
            fields["oldpassword"].help_text = ""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean()  # type: ignore[misc]
        if "password2" in self.errors:  # type: ignore[attr-defined]
            self.errors["password2"] = self.error_class(["As duas senhas novas precisam ser iguais."])  # type: ignore[attr-defined]
        return found


class ChangePasswordForm(_NewPasswordForm, allauth.ChangePasswordForm):  # type: ignore[misc]
    pass


class NewPasswordForm(_NewPasswordForm, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(allauth.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, password="Senha")  # noqa: S106
        self.fields["password"].help_text = ""
