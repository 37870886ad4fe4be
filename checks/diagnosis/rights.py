"""A push of one's own: may this login do it? A token that only reads, the private quota."""

from __future__ import annotations

from checks.diagnosis.situation import Cause, Diagnosis, Situation


def blind(seen: Situation) -> Diagnosis | None:
    """With a token for what is public nothing of one's own is seen, so nothing else can be told."""
    grant = seen.grant
    if grant is None or not seen.is_own or not seen.by_token or "pull" in grant.actions:
        return None
    return _token_scope(
        seen, "só lê o que é público: não envia nada, nem enxerga os seus repositórios privados"
    )


def to_push(seen: Situation) -> Diagnosis | None:
    grant = seen.grant
    if grant is None or not seen.is_own or "push" in grant.actions:
        return None
    # Docker Hub's own word for it is "scopes"; it may also just grant less, and say nothing.
    if seen.by_token and (not grant.refusal or "scope" in grant.refusal):
        return _token_scope(seen, f"não permite enviar `{seen.name}`")
    return _over_quota(seen)


def _token_scope(seen: Situation, what: str) -> Diagnosis:
    command = f"docker login -u {seen.learner}"
    return Diagnosis(
        Cause.TOKEN_SCOPE,
        f"O token com que você entrou {what}. Crie outro, com a permissão Repo Read & Write, em "
        f"{seen.system.tokens_page}, entre com ele por `{command}` e repita `{seen.command}`.",
        command,
    )


def _over_quota(seen: Situation) -> Diagnosis:
    page = seen.system.privacy_page
    if seen.system.practice:
        return Diagnosis(
            Cause.OVER_QUOTA,
            f"`{seen.reference.familiar_name}` nasceria privado, e você já usa o único repositório privado "
            f"do plano gratuito. Abra `{page}` e deixe em Público a privacidade padrão (Default privacy), ou "
            f"torne público o que já existe; depois repita `{seen.command}`.",
            page,
        )
    return Diagnosis(
        Cause.OVER_QUOTA,
        f"O Docker Hub não deixa o seu login enviar `{seen.name}`. O motivo mais comum é o plano gratuito, "
        f"que só tem um repositório privado. Abra `{page}` e torne um deles público, ou mude em Settings a "
        f"Default privacy; depois repita `{seen.command}`.",
        page,
    )
