"""allauth's views, where the hub has something to add."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from hub.accounts.forms import NAME_TAKEN_MEANWHILE

EXPIRED = "O código venceu: ele vale por 15 minutos. Entre com o seu Docker ID e a sua senha e receba outro."
NOTHING_TO_CONFIRM = "Não há código esperando neste navegador. Entre com o seu Docker ID e a sua senha."


class SignUp(allauth.SignupView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = super().form_valid(form)
        except IntegrityError:  # two people asked for the same name at the same time
            form.add_error("username", NAME_TAKEN_MEANWHILE)
            answer = self.form_invalid(form)
        return answer


@method_decorator(login_not_required, name="dispatch")
class ConfirmEmail(allauth.ConfirmEmailVerificationCodeView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say why there is no code to type, where allauth only shows the sign-in page."""
        waiting = EMAIL_VERIFICATION_CODE_SESSION_KEY in request.session
        if request.user.is_anonymous and EmailVerificationProcess.resume(request) is None:
            messages.warning(request, EXPIRED if waiting else NOTHING_TO_CONFIRM)
            return redirect("account_login")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def _change_form_invalid(self, form: Any) -> HttpResponse:
        """allauth calls it, and has it for telephones alone."""
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return answer
