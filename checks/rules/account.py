"""Rules about the learner's account: it exists, it is confirmed, somebody is logged in, and with what."""

from typing import Annotated

from checks.image import Account, Grant, Login, SignedWith
from checks.rules.base import Fits, Verdict, failed, not_attempted, passed, rule, unverifiable

# What each permission of an access token allows in a private repository, and Docker Hub's name of it.
_SCOPES = {
    "read": (frozenset({"pull"}), "Repo Read-only"),
    "write": (frozenset({"pull", "push"}), "Repo Read & Write"),
    "delete": (frozenset({"pull", "push", "delete"}), "Repo Read, Write, Delete"),
}


@rule(title="A sua conta existe e o e-mail foi confirmado")
def account_confirmed(account: Account) -> Verdict:
    if not account.exists:
        return not_attempted(
            f"Ainda não há conta com o Docker ID `{account.docker_id}` no Docker Hub. "
            "Crie a sua no navegador, na página de inscrição, e verifique de novo."
        )
    if account.confirmed is False:
        return failed(
            f"A conta `{account.docker_id}` existe, mas o e-mail ainda não foi confirmado. "
            "Abra a mensagem que o Docker Hub enviou (veja também a caixa de spam), copie o código "
            "e digite-o na página de confirmação."
        )
    if account.confirmed is None:
        # The real hub does not tell; it refuses to sign in until the e-mail is confirmed.
        return passed(f"A conta `{account.docker_id}` existe no Docker Hub.", docker_id=account.docker_id)
    return passed(
        f"A conta `{account.docker_id}` existe e o e-mail está confirmado.", docker_id=account.docker_id
    )


@rule(title="Você entrou no Docker Hub pelo terminal")
def logged_in(login: Login) -> Verdict:
    if login.docker_id is None:
        return not_attempted(
            "Ninguém entrou no Docker Hub por aqui ainda. "
            "Abra um terminal e digite `docker login -u SEU_DOCKER_ID`, com o seu Docker ID."
        )
    if "@" in login.docker_id:
        return failed(
            f"Você entrou com o e-mail `{login.docker_id}`, e o nome das suas imagens começa pelo "
            "Docker ID. Saia com `docker logout` e entre com `docker login -u SEU_DOCKER_ID`."
        )
    return passed(f"Você entrou no Docker Hub como `{login.docker_id}`.", docker_id=login.docker_id)


@rule(title="Você entrou com um token de acesso, e não com a senha")
def token_used(login: Login) -> Verdict:
    if login.docker_id is None:
        return logged_in(login)
    if login.signed_with is None:
        return unverifiable(
            f"Você entrou como `{login.docker_id}`, mas não deu para saber se foi com a senha ou com um "
            f"token. Entre de novo com `docker login -u {login.docker_id}`, colando o token no lugar da "
            "senha."
        )
    if login.signed_with is SignedWith.PASSWORD:
        return failed(
            f"Você entrou como `{login.docker_id}` com a senha da conta. Gere um token na página Personal "
            f"access tokens do Docker Hub e entre de novo com `docker login -u {login.docker_id}`, colando o "
            "token no lugar da senha."
        )
    return passed(f"Você entrou como `{login.docker_id}` com um token de acesso.", docker_id=login.docker_id)


@rule(title="O token de acesso tem a permissão certa")
def token_scope(
    image: Grant,
    login: Login,
    scope: Annotated[str, Fits(_SCOPES.__contains__, f"um destes: {', '.join(_SCOPES)}")],
) -> Verdict:
    """A public repository does not tell a token that reads all from one that reads what is public."""
    verdict = token_used(login)
    if login.signed_with is not SignedWith.TOKEN:
        return verdict
    wanted, name = _SCOPES[scope]
    if image.actions == wanted:
        return passed(f"O seu token tem a permissão pedida, {name}.", actions=",".join(sorted(wanted)))
    mend = (
        f"Gere outro com a permissão {name}, na página Personal access tokens do Docker Hub, e entre com ele "
        f"por `docker login -u {login.docker_id}`."
    )
    repository = image.reference.familiar_name
    if not image.actions:
        return failed(f"O seu token não dá acesso a `{repository}`. {mend}")
    if image.actions > wanted:
        return failed(f"O seu token permite mais em `{repository}` do que o exercício pede. {mend}")
    return failed(f"O seu token permite menos em `{repository}` do que o exercício pede. {mend}")
