"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path, re_path

from hub.pages import assets, manage, views

urlpatterns = [
    path("", views.home, name="home"),
    path("saude", views.health, name="health"),
    re_path(r"^static/(?P<name>[a-z]+\.[a-z]+)$", assets.serve, name="asset"),
    path("perfil/", views.my_profile, name="my_profile"),
    re_path(r"^u/(?P<docker_id>[a-z0-9]+)/?$", views.profile, name="profile"),
    path("conta/privacidade/", manage.default_privacy, name="default_privacy"),
    path("repositories/novo/", manage.new_repository, name="new_repository"),
    re_path(
        r"^repositories/(?P<namespace>[a-z0-9]+)/(?P<name>[a-z0-9._-]+)/configuracoes/?$",
        manage.repository_settings,
        name="repository_settings",
    ),
    re_path(
        r"^repositories/(?P<namespace>[a-z0-9]+)/(?P<name>[a-z0-9._-]+)/descricao/?$",
        manage.repository_description,
        name="repository_description",
    ),
    re_path(
        r"^repositories/(?P<namespace>[a-z0-9]+)/(?P<name>[a-z0-9._-]+)/?$",
        views.repository,
        name="repository",
    ),
]
