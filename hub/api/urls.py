"""Where programs sign in and search."""

from __future__ import annotations

from django.urls import re_path

from hub.api import index, second_step, sign_in
from hub.catalogue import api as search

urlpatterns = [
    re_path(r"^v2/?$", index.ping),
    re_path(r"^v2/auth/token/?$", sign_in.create_token, name="api_token"),
    re_path(r"^v2/users/login/?$", sign_in.login, name="api_login"),
    re_path(r"^v2/users/2fa-login/?$", second_step.second_step, name="api_second_step"),
    re_path(r"^v2/search/repositories/?$", search.repositories),
    re_path(r"^v1/search/?$", search.classic, name="api_search"),
]
