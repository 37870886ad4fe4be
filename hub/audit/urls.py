"""The address of one's own activity."""

from __future__ import annotations

from django.urls import path

from hub.audit import views

urlpatterns = [path("conta/atividade/", views.activity, name="activity")]
