"""The forms of two-factor sign-in: where a code of the authenticator app is typed."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from django import forms

from hub.accounts.forms import dress
from hub.accounts.models import User
from hub.accounts.two_factor import TOTP, is_first_use

APP_CODE = "Código do aplicativo"
ANY_CODE = "Código do aplicativo ou de recuperação"


def _dress(form: forms.Form, label: str) -> None:
    dress(form, code=label)
    form.fields["code"].widget.attrs |= {
        "inputmode": "numeric",
        "autocomplete": "one-time-code",
        "class": "code",
    }


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, APP_CODE)

    def clean_code(self) -> str:
        return _once(self.user, super().clean_code())


class _OnceForm:
    """A code of the app signs in once, in all of the time in which it is taken."""

    user: User
    authenticator: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, ANY_CODE)  # type: ignore[arg-type]

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        return _once(self.user, code) if self.authenticator.type == TOTP else code


class AuthenticateForm(_OnceForm, base.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_OnceForm, base.ReauthenticateForm):  # type: ignore[misc]
    pass


def _once(person: User, code: str) -> str:
    if not is_first_use(person, code):
        raise get_adapter().validation_error("incorrect_code")
    return code
