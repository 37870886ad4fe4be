"""The addresses of the hub's API; like the real one, it takes them with and without a slash at the end."""

from __future__ import annotations

from django.urls import re_path

from hub.repositories import views

NAMESPACE = r"^v2/namespaces/(?P<namespace>[^/]+)/repositories"
REPOSITORY = rf"{NAMESPACE}/(?P<name>[^/]+)"
# Deprecated (https://docs.docker.com/reference/api/hub/deprecated/), and programs use them.
OLD_NAMESPACE = r"^v2/repositories/(?P<namespace>[^/]+)"
OLD_REPOSITORY = rf"{OLD_NAMESPACE}/(?P<name>[^/]+)"

urlpatterns = [
    re_path(r"^v2/users/(?P<docker_id>[^/]+)/?$", views.user, name="api_user"),
    re_path(rf"{NAMESPACE}/?$", views.repositories, name="api_repositories"),
    re_path(rf"{REPOSITORY}/?$", views.repository, name="api_repository"),
    re_path(rf"{REPOSITORY}/tags/?$", views.tags, name="api_tags"),
    re_path(rf"{REPOSITORY}/tags/(?P<tag>[^/]+)/?$", views.tag, name="api_tag"),
    re_path(rf"{REPOSITORY}/immutabletags/?$", views.immutable_tags),
    re_path(rf"{REPOSITORY}/immutabletags/verify/?$", views.verify_rule),
    re_path(r"^v2/repositories/?$", views.new_repository),
    re_path(rf"{OLD_NAMESPACE}/?$", views.repositories, {"is_legacy": True}),
    re_path(rf"{OLD_REPOSITORY}/?$", views.repository),
    re_path(rf"{OLD_REPOSITORY}/tags/?$", views.tags),
    re_path(rf"{OLD_REPOSITORY}/tags/(?P<tag>[^/]+)/?$", views.tag),
    re_path(rf"{OLD_REPOSITORY}/privacy/?$", views.privacy),
]
