"""allauth's views, where the hub has something to add."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account import views as allauth
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.utils import setup_user_email
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property

from hub.accounts.forms import NAME_TAKEN_MEANWHILE
from hub.accounts.models import User

EXPIRED = "O código venceu: ele vale por 15 minutos. Entre com o seu Docker ID e a sua senha e receba outro."
WAITING = "account_waiting_for_an_email"  # in the session: whoever typed an e-mail that has an account
NOTHING_TO_CONFIRM = "Não há código esperando neste navegador. Entre com o seu Docker ID e a sua senha."


class SignUp(allauth.SignupView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponseBase:
        if form.account_already_exists:
            # Takes as long as when the e-mail is new, and the next page can do as much.
            kept = make_password(form.cleaned_data["password1"])
            self.request.session[WAITING] = {"username": form.cleaned_data["username"], "password": kept}
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

    @property
    def _may_sign_up_yet(self) -> bool:
        """The e-mail has an account, which the page does not tell: here too another one can be typed."""
        process = self._process
        return (
            process.user is None
            and WAITING in self.request.session
            and not process.is_change_quota_reached(app_settings.EMAIL_VERIFICATION_MAX_CHANGE_COUNT)
        )

    @cached_property
    def _action(self) -> str:
        if self.request.POST.get("action") == "change" and self._may_sign_up_yet:
            return "change"
        action: str = super()._action
        return action

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page: dict[str, Any] = super().get_context_data(**kwargs)
        return page | {"can_change": page["can_change"] or self._may_sign_up_yet}

    def _change_form_valid(self, form: Any) -> HttpResponseBase:
        if self._process.user is not None or form.account_already_exists:
            answer: HttpResponseBase = super()._change_form_valid(form)
            return answer
        waiting = self.request.session.pop(WAITING)
        user = User(email=form.cleaned_data["email"], **waiting)
        try:
            with transaction.atomic():
                user.save()
                setup_user_email(self.request, user, [])
        except IntegrityError:
            messages.error(self.request, NAME_TAKEN_MEANWHILE)
            return redirect("account_signup")
        self._process.abort()
        answer = complete_signup(self.request, user=user)
        return answer  # noqa: RET504, it has a type this way

    def _change_form_invalid(self, form: Any) -> HttpResponse:
        """allauth calls it, and has it for telephones alone."""
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return answer
