"""The addresses of the token service and of the registry's notifications."""

from __future__ import annotations

from django.urls import path

from hub.registry import views

urlpatterns = [
    path("token", views.token, name="registry_token"),
    path("registry/notifications", views.notifications, name="registry_notifications"),
]
