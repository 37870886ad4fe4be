"""What follows from allauth's own steps: the audit log, and the end of what was signed in before."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, user_logged_in, user_signed_up
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_reset, authenticator_used
from django.contrib.auth.signals import user_login_failed
from django.db.models import F
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from hub.accounts.models import User
from hub.audit.actions import Action
from hub.audit.log import note

FROM_PAGE = "pela página"
WRONG_CODE = "código errado"


@receiver(user_signed_up)
def _signed_up(request: HttpRequest, user: User, **_: Any) -> None:
    note(request, Action.SIGNED_UP, person=user)


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    note(request, Action.SIGNED_IN, FROM_PAGE, person=user)


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Of a name that is nobody's only the address is kept: people type passwords there by mistake."""
    login = credentials.get("email") or credentials.get("username") or ""
    note(request, Action.SIGN_IN_FAILED, FROM_PAGE, person=User.objects.by_login(login))


@receiver(password_changed)
def _changed(request: HttpRequest, user: User, **_: Any) -> None:
    note(request, Action.PASSWORD_CHANGED, person=user)


@receiver(password_reset)
def _reset(request: HttpRequest, user: User, **_: Any) -> None:
    note(request, Action.PASSWORD_RESET, person=user)


@receiver(authentication_failed)
def _wrong_code(request: HttpRequest, user: User, **_: Any) -> None:
    note(request, Action.SIGN_IN_FAILED, WRONG_CODE, person=user)


@receiver(authenticator_used)
def _used(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note(request, Action.CODE_USED, person=user)


@receiver(authenticator_reset)
def _renewed(request: HttpRequest, user: User, **_: Any) -> None:
    note(request, Action.CODES_RENEWED, person=user)


@receiver(post_save, sender=Authenticator)
def _made(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _end_sign_ins(instance)


@receiver(post_delete, sender=Authenticator)
def _deleted(instance: Authenticator, **_: Any) -> None:
    _end_sign_ins(instance)


def _end_sign_ins(authenticator: Authenticator) -> None:
    """In the transaction that switches two-factor: every browser, API token and password remembered."""
    if authenticator.type == Authenticator.Type.TOTP:
        User.objects.filter(pk=authenticator.user_id).update(sign_in_epoch=F("sign_in_epoch") + 1)
