"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path, re_path

from hub.pages import assets, create, explore, joining, life, manage, my_hub, repository, views

_PATH = r"(?P<namespace>[a-z0-9]+)/(?P<name>[a-z0-9._-]+)"
_OFFICIAL = r"^_/(?P<name>[a-z0-9._-]+)"

urlpatterns = [
    path("", views.home, name="home"),
    path("saude", views.health, name="health"),
    path("ca.pem", joining.authority, name="authority"),
    path("turma", joining.place, name="joining"),
    re_path(r"^static/(?P<name>[a-z]+\.[a-z]+)$", assets.serve, name="asset"),
    path("perfil/", views.my_profile, name="my_profile"),
    re_path(r"^u/(?P<docker_id>[a-z0-9]+)/?$", views.profile, name="profile"),
    re_path(r"^explore/?$", explore.explore, name="explore"),
    re_path(r"^search/?$", explore.search, name="search"),
    re_path(rf"{_OFFICIAL}/?$", repository.public, name="official"),
    re_path(rf"{_OFFICIAL}/tags/?$", repository.public_tags, name="official_tags"),
    re_path(rf"^r/{_PATH}/?$", repository.public, name="public_repository"),
    re_path(rf"^r/{_PATH}/tags/?$", repository.public_tags, name="public_repository_tags"),
    re_path(r"^repositories/?$", my_hub.my_repositories, name="my_repositories"),
    path("conta/privacidade/", manage.default_privacy, name="default_privacy"),
    path("repositories/novo/", create.new_repository, name="new_repository"),
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
    re_path(rf"^repositories/{_PATH}/mutabilidade/?$", life.mutability, name="repository_mutability"),
    re_path(rf"^repositories/{_PATH}/arquivar/?$", life.archiving, name="archive_repository"),
    re_path(rf"^repositories/{_PATH}/apagar/?$", life.deletion, name="delete_repository"),
    re_path(rf"^repositories/{_PATH}/tags/apagar/?$", life.tag_deletion, name="delete_tags"),
    re_path(rf"^repositories/{_PATH}/?$", repository.repository, name="repository"),
    re_path(rf"^repositories/{_PATH}/tags/?$", repository.repository_tags, name="repository_tags"),
    re_path(rf"^repositories/{_PATH}/visao-geral/?$", repository.overview, name="repository_overview"),
]
