"""Addresses of accounts: the real hub's where it has them, Portuguese ones elsewhere."""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from hub.accounts import code_views, views

# The names are those that allauth looks for.
urlpatterns = [
    re_path(r"^signup/?$", views.SignUp.as_view(), name="account_signup"),
    re_path(r"^login/?$", allauth.login, name="account_login"),
    re_path(r"^logout/?$", allauth.logout, name="account_logout"),
    path("conta/codigo/", views.ConfirmEmail.as_view(), name="account_email_verification_sent"),
    path("conta/email/", RedirectView.as_view(pattern_name="my_profile"), name="account_email"),
    path("conta/desativada/", allauth.account_inactive, name="account_inactive"),
    path("conta/senha/", allauth.password_change, name="account_change_password"),
    path("conta/senha/esqueci/", allauth.password_reset, name="account_reset_password"),
    path(
        "conta/senha/esqueci/codigo/",
        allauth.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "conta/senha/esqueci/nova/", allauth.complete_password_reset, name="account_complete_password_reset"
    ),
    path(
        "conta/senha/esqueci/pronto/",
        allauth.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("conta/confirmar/", allauth.reauthenticate, name="account_reauthenticate"),
    path("conta/duas-etapas/", mfa.index, name="mfa_index"),
    path("conta/duas-etapas/entrar/", mfa.authenticate, name="mfa_authenticate"),
    path("conta/duas-etapas/confirmar/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("conta/duas-etapas/ligar/", code_views.Activate.as_view(), name="mfa_activate_totp"),
    path("conta/duas-etapas/desligar/", code_views.Deactivate.as_view(), name="mfa_deactivate_totp"),
    path(
        "conta/duas-etapas/codigos/",
        never_cache(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "conta/duas-etapas/codigos/baixar/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path(
        "conta/duas-etapas/codigos/novos/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("conta/duas-etapas/aplicativo/", code_views.practice_app, name="practice_app"),
]
