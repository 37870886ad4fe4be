"""Addresses of the practice mailbox."""

from __future__ import annotations

from django.urls import path

from hub.inbox import views

urlpatterns = [
    path("", views.box, name="inbox"),
    path("praticar/", views.practise, name="practise_spam"),
    path("<int:pk>/", views.mail, name="mail"),
]
