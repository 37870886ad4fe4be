"""What the hub changes in django-allauth: its sentences, its names, and its patience with the mailbox."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from hub.accounts.attempts import Attempts, TooManyAttempts, fingerprint
from hub.accounts.models import User
from hub.accounts.names import RESERVED_NAMES, validate_docker_id

log = logging.getLogger(__name__)

TAKEN = "O Docker ID «{}» já tem dono. Escolha outro, por exemplo «{}2»."
RESERVED = "O nome «{}» é reservado. Escolha outro."
MAIL_IS_DOWN = (
    "O correio de treino não respondeu, e o e-mail não saiu. Espere alguns segundos e peça um código novo."
)
WRONG_LOGIN = (
    "O Docker ID (ou e-mail) e a senha não combinam. Confira os dois e tente de novo. "
    "Enquanto o e-mail não foi confirmado, só o Docker ID serve."
)
# E-mails that nobody waits for: they tell that something about the account has changed.
NOTICES = frozenset(
    {
        "account/email/password_changed",
        "account/email/password_reset",
        "account/email/email_changed",
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/recovery_codes_generated",
    }
)
MAIL_SENT = "account/messages/email_confirmation_sent.txt"
NOT_CONFIRMED = "account/messages/email_confirmation_failed.txt"


def _account(credentials: Mapping[str, Any]) -> str:
    """What is counted together. A Docker ID and an e-mail are not: that would tell whose the e-mail is."""
    login = (credentials.get("email") or credentials.get("username") or "").lower()
    person = User.objects.by_login(login)
    return f"{person.standing if person else ''}\0{login}"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Esta conta está desativada.",
        "email_password_mismatch": WRONG_LOGIN,
        "username_password_mismatch": WRONG_LOGIN,
        "email_taken": "Já existe uma conta com este e-mail. Entre com ela ou use outro e-mail.",
        "enter_current_password": "Esta não é a sua senha atual. Digite-a de novo.",
        "incorrect_code": "Este não é o código que mandamos. Digite os 6 números do e-mail mais recente.",
        "incorrect_password": "Esta não é a sua senha. Digite-a de novo.",
        "rate_limited": "Foram tentativas demais em pouco tempo. Espere alguns minutos e tente de novo.",
        "too_many_login_attempts": (
            "Foram tentativas erradas demais, e por segurança paramos por aqui. "
            "Espere um pouco e entre de novo com o seu Docker ID e a sua senha; "
            "se faltar confirmar o e-mail, mandamos um código novo."
        ),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        validate_docker_id(username)
        if username in RESERVED_NAMES:
            raise ValidationError(RESERVED.format(username), code="reserved")
        if not shallow and User.objects.filter(username=username).exists():
            raise ValidationError(TAKEN.format(username, username[:29]), code="taken")
        return username

    def get_client_ip(self, request: HttpRequest) -> str:
        """As hub.proxy leaves it, so that limits and the audit log speak of one address."""
        address: str = request.META.get("REMOTE_ADDR", "")
        return address

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """As where docker signs in. allauth would count for each name of the server apart, and let anyone who
        mistypes five times keep the owner out of their account."""
        try:
            self._attempts(request, credentials).check()
        except TooManyAttempts as refused:
            raise self.validation_error("too_many_login_attempts") from refused

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        typed = f"{_account(credentials)}\0{credentials.get('password')}"
        self._attempts(request, credentials).note_wrong(fingerprint(typed))

    def _attempts(self, request: HttpRequest, credentials: Mapping[str, Any]) -> Attempts:
        return Attempts(fingerprint(_account(credentials)), self.get_client_ip(request))

    def is_safe_url(self, url: str | None) -> bool:
        """After a form, only pages of this very address. allauth would also take every name we answer to,
        and outside the lab those names are the real Docker's."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Whoever has confirmed the e-mail for another account hears that somebody tried: no code goes."""
        address: EmailAddress = emailconfirmation.email_address
        if address.can_set_verified():
            super().send_confirmation_mail(request, emailconfirmation, signup)
        else:
            self.send_account_already_exists_mail(address.email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        try:
            confirmed: bool = super().confirm_email(request, email_address)
        except IntegrityError:  # another account confirmed it in the very same moment
            self.add_message(request, messages.ERROR, NOT_CONFIRMED, {"email": email_address.email})
            confirmed = False
        return confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """An e-mail that can't go is told to the learner; it is no reason for an error page."""
        try:
            super().send_mail(template_prefix, email, {**context, "web_url": settings.HUB_WEB_URL})
        except (OSError, smtplib.SMTPException) as error:
            log.warning("o correio de treino não aceitou um e-mail: %s", error)
            if template_prefix in NOTICES:
                return  # what it tells is done all the same
            self.request.mail_failed = True
            messages.error(self.request, MAIL_IS_DOWN)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template == MAIL_SENT and getattr(request, "mail_failed", False):
            return  # nothing was sent
        super().add_message(request, level, message_template, *args, **kwargs)
