"""The addresses of the hub's API; like the real one, it takes them with and without a slash at the end."""

from __future__ import annotations

from django.urls import re_path

from hub.repositories import views

NAMESPACE = r"^v2/namespaces/(?P<namespace>[^/]+)/repositories"
REPOSITORY = rf"{NAMESPACE}/(?P<name>[^/]+)"

urlpatterns = [
    re_path(r"^v2/users/(?P<docker_id>[^/]+)/?$", views.user, name="api_user"),
    re_path(rf"{NAMESPACE}/?$", views.repositories, name="api_repositories"),
    re_path(rf"{REPOSITORY}/?$", views.repository, name="api_repository"),
    re_path(rf"{REPOSITORY}/tags/?$", views.tags, name="api_tags"),
    re_path(rf"{REPOSITORY}/tags/(?P<tag>[^/]+)/?$", views.tag, name="api_tag"),
    re_path(r"^v2/repositories/(?P<namespace>[^/]+)/(?P<name>[^/]+)/privacy/?$", views.privacy),
    re_path(r"^v1/search/?$", views.search, name="api_search"),
]
