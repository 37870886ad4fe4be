"""Rules about the learner's account: it exists, it is confirmed, somebody is logged in."""

from checks.image import Account, Login
from checks.rules.base import Verdict, failed, not_attempted, passed, rule


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
