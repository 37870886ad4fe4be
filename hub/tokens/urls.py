"""Addresses of access tokens: the pages, and the API's."""

from __future__ import annotations

from django.urls import path, re_path

from hub.tokens import api, views

urlpatterns = [
    path("conta/tokens/", views.tokens, name="access_tokens"),
    path("conta/tokens/novo/", views.create, name="new_access_token"),
    path("conta/tokens/<uuid:uuid>/", views.switch, name="switch_access_token"),
    path("conta/tokens/<uuid:uuid>/apagar/", views.delete, name="delete_access_token"),
    re_path(r"^v2/access-tokens/?$", api.tokens, name="api_access_tokens"),
    re_path(r"^v2/access-tokens/(?P<uuid>[^/]+)/?$", api.token, name="api_access_token"),
]
