"""What is written down, each with the sentence that its owner reads."""

from __future__ import annotations

from django.db import models


class Action(models.TextChoices):
    SIGNED_UP = "signed_up", "Conta criada"
    SIGNED_IN = "signed_in", "Entrada"
    SIGN_IN_FAILED = "sign_in_failed", "Tentativa de entrada que não deu certo"
    PASSWORD_CHANGED = "password_changed", "Senha trocada"
    PASSWORD_RESET = "password_reset", "Senha trocada com o código do e-mail"
    TWO_FACTOR_ON = "two_factor_on", "Verificação em duas etapas ligada"
    TWO_FACTOR_OFF = "two_factor_off", "Verificação em duas etapas desligada"
    CODES_RENEWED = "codes_renewed", "Códigos de recuperação novos"
    CODE_USED = "code_used", "Código de recuperação usado"
    DEFAULT_PRIVACY_CHANGED = "default_privacy_changed", "Privacidade padrão mudada"
    TOKEN_USED = "token_used", "Entrada com token de acesso"
    TOKEN_MADE = "token_made", "Token de acesso criado"
    TOKEN_SWITCHED_ON = "token_switched_on", "Token de acesso ativado"
    TOKEN_SWITCHED_OFF = "token_switched_off", "Token de acesso desativado"
    TOKEN_REVOKED = "token_revoked", "Token de acesso apagado"
    REPOSITORY_MADE = "repository_made", "Repositório criado"
    REPOSITORY_DELETED = "repository_deleted", "Repositório apagado"
    REPOSITORY_PUBLISHED = "repository_published", "Repositório agora é público"
    REPOSITORY_HIDDEN = "repository_hidden", "Repositório agora é privado"
    REPOSITORY_ARCHIVED = "repository_archived", "Repositório arquivado"
    REPOSITORY_UNARCHIVED = "repository_unarchived", "Repositório desarquivado"
    MUTABILITY_CHANGED = "mutability_changed", "Proteção das tags mudada"
    DESCRIPTION_CHANGED = "description_changed", "Descrição curta mudada"
    OVERVIEW_CHANGED = "overview_changed", "Visão geral mudada"
    PUSHED = "pushed", "Tag enviada"
    TAG_DELETED = "tag_deleted", "Tag apagada"
    CONTENT_DELETED = "content_deleted", "Conteúdo apagado pelo digest"
    WEBHOOK_MADE = "webhook_made", "Webhook criado"
    WEBHOOK_DELETED = "webhook_deleted", "Webhook apagado"
    CLASS_ENTERED = "class_entered", "Entrada na turma"
    CLASS_LEFT = "class_left", "Saída da turma"


# What a program may do again and again, in the name of whoever runs it.
BY_PROGRAMS = (Action.TOKEN_USED, Action.PUSHED, Action.CONTENT_DELETED)
