"""Addresses of the class. All below /turma/placar is the teacher's."""

from __future__ import annotations

from django.urls import path, re_path

from hub.classroom import board_views, exports, learner_views, people_views

_PROJECTED = {"projected": True}

urlpatterns = [
    re_path(r"^turma/entrar/?$", learner_views.enter, name="class_enter"),
    re_path(r"^turma/eu/?$", learner_views.me, name="class_me"),
    re_path(r"^turma/placar/?$", board_views.board, name="board"),
    path("turma/placar/novidades", board_views.news, name="board_news"),
    path("turma/placar/paineis", board_views.panels_part, name="board_panels"),
    re_path(r"^turma/placar/projetor/?$", board_views.board, _PROJECTED, name="board_projected"),
    path("turma/placar/projetor/novidades", board_views.news, _PROJECTED, name="board_projected_news"),
    path("turma/placar/projetor/paineis", board_views.panels_part, _PROJECTED, name="board_projected_panels"),
    path("turma/placar/sair", board_views.leave, name="board_leave"),
    path("turma/placar/alunos", people_views.people, name="class_people"),
    path("turma/placar/codigo", people_views.code, name="class_code"),
    path("turma/placar/aluno/<int:number>", people_views.learner, name="class_learner"),
    path("turma/placar/aluno/<int:number>/soltar", people_views.let_go, name="class_let_go"),
    path("turma/placar/aluno/<int:number>/apagar", people_views.erasing, name="class_erase"),
    re_path(r"^turma/placar/exportar/?$", exports.offers, name="class_exports"),
    path("turma/placar/exportar/<slug:name>", exports.export, name="class_export"),
]
