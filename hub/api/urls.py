"""Where programs sign in."""

from __future__ import annotations

from django.urls import re_path

from hub.api import sign_in

urlpatterns = [
    re_path(r"^v2/auth/token/?$", sign_in.create_token, name="api_token"),
    re_path(r"^v2/users/login/?$", sign_in.login, name="api_login"),
]
