"""The pages of two-factor sign-in: allauth's, and the authenticator app for a lab without phones."""

from __future__ import annotations

import binascii
import time
from base64 import b32decode
from typing import Any

from allauth.mfa.totp import views as allauth
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django import forms
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hub.accounts.forms import REQUIRED
from hub.accounts.who import person_of
from hub.audit.actions import Action
from hub.audit.log import note

BAD_SECRET = "Isto não é um segredo: ele tem só letras e os números de 2 a 7. Copie-o inteiro da página."  # noqa: S105
LONGEST_SECRET = 128


@method_decorator(never_cache, name="dispatch")
class Activate(allauth.ActivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        _switched(self.request, Action.TWO_FACTOR_ON)
        return answer


@method_decorator(never_cache, name="dispatch")
class Deactivate(allauth.DeactivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        _switched(self.request, Action.TWO_FACTOR_OFF)
        return answer


def _switched(request: HttpRequest, action: Action) -> None:
    """Every other browser is signed out by now (hub.accounts.signals); this one goes on."""
    person = person_of(request)
    person.refresh_from_db()
    update_session_auth_hash(request, person)
    note(request, action)


class SecretForm(forms.Form):
    secret = forms.CharField(
        label="Segredo",
        max_length=LONGEST_SECRET,
        help_text="As letras e os números que apareceram junto do desenho, ao ligar a verificação.",
        error_messages={"required": REQUIRED, "max_length": BAD_SECRET},
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_secret(self) -> str:
        secret = "".join(self.cleaned_data["secret"].split()).upper()
        try:
            b32decode(secret)
        except (binascii.Error, ValueError):
            raise forms.ValidationError(BAD_SECRET) from None
        return secret


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def practice_app(request: HttpRequest) -> HttpResponse:
    """What an authenticator app does, for whoever has none at hand: it keeps nothing."""
    form = SecretForm(request.POST if request.method == "POST" else None)
    page: dict[str, object] = {"form": form}
    if form.is_valid():
        now = int(time.time())
        counter, passed = divmod(now, settings.MFA_TOTP_PERIOD)
        code = format_hotp_value(hotp_value(form.cleaned_data["secret"], counter))
        page |= {"code": code, "left": settings.MFA_TOTP_PERIOD - passed}
    return render(request, "mfa/practice_app.html", page)
