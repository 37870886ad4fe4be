"""The classroom app, for Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ClassroomConfig(AppConfig):
    name = "hub.classroom"
    label = "classroom"
    verbose_name = "Turma"

    def ready(self) -> None:
        import_module("hub.classroom.signals")  # connects the receivers, once the models are there
