"""The addresses of a repository's webhooks."""

from __future__ import annotations

from django.urls import re_path

from hub.webhooks import views

_PAGE = r"^repositories/(?P<namespace>[a-z0-9]+)/(?P<name>[a-z0-9._-]+)/webhooks"

urlpatterns = [
    re_path(rf"{_PAGE}/?$", views.webhooks, name="webhooks"),
    re_path(rf"{_PAGE}/(?P<pk>[0-9]{{1,18}})/remover/?$", views.remove, name="remove_webhook"),
]
