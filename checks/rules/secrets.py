"""Rules about secrets left behind: in an image, on Docker Hub or in the engine, and in saved notebooks.

They say which kind of secret it is and where it can be read, never the secret. The first thing to do is
always the same: make it worthless, for somebody may have read it already.
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.image import CellLeak, LocalLeaks, NotebookLeaks, RemoteLeaks
from checks.leaks import Leak, Place
from checks.rules.base import Verdict, failed, passed, rule
from checks.rules.both import not_here, not_there
from checks.rules.words import shown
from checks.secret_names import masked
from checks.secrets import Kind, Secret


@rule(title="A imagem no Docker Hub não guarda nenhum segredo")
def no_secret(image: RemoteLeaks) -> Verdict:
    """Configuration, history and every layer, those of files removed later too."""
    if missing := not_there(image.image):
        return missing
    name = image.image.reference.familiar
    if not image.leaks:
        return passed(_clean(f"No Docker Hub, `{name}`", image.unread), digest=image.image.digest)
    first = image.leaks[0]
    return failed(
        f"Quem baixar `{name}` do Docker Hub encontra {_what(first.secret)} {_where(first)}."
        f"{_and_more(len(image.leaks))} {_REVOKE[first.secret.kind]} {_WITHOUT[first.place]} "
        f"Por fim, refaça a imagem com `docker build -t {name} .` e envie com `docker push {name}`.",
        digest=image.image.digest,
    )


@rule(title="A imagem do seu computador não guarda nenhum segredo")
def local_no_secret(image: LocalLeaks) -> Verdict:
    """The same before the push, while nobody else has read it."""
    if image.image.image is None:
        return not_here(image.image)
    name = image.image.reference.familiar
    if not image.leaks:
        return passed(_clean(f"No seu computador, `{name}`", image.unread))
    first = image.leaks[0]
    return failed(
        f"Ainda não envie `{name}`: quem baixasse a imagem encontraria {_what(first.secret)} {_where(first)}."
        f"{_and_more(len(image.leaks))} {_WITHOUT[first.place]} "
        f"Por fim, refaça a imagem com `docker build -t {name} .` e verifique de novo."
    )


@rule(title="Os seus cadernos salvos não guardam nenhum segredo")
def no_secret_in_notebooks(notebooks: NotebookLeaks) -> Verdict:
    """Cells and outputs of the learner's exercises, as they were last saved."""
    if not notebooks.leaks:
        return passed("Não achei nenhum segredo nos seus cadernos de exercícios.")
    first = notebooks.leaks[0]
    return failed(
        f"O caderno `{shown(first.notebook)}` guarda {_what(first.secret)} {_cell(first)}."
        f"{_and_more(len(notebooks.leaks))} {_REVOKE[first.secret.kind]} "
        "Depois, apague a linha, limpe as saídas no menu Editar (Edit) e salve o caderno com Ctrl + S."
    )


def _clean(it: str, unread: int) -> str:
    if unread:
        return (
            f"{it} não mostra nenhum segredo na configuração, no histórico nem nas camadas que li; "
            f"{_layers(unread)}."
        )
    return f"{it} não mostra nenhum segredo: olhei a configuração, o histórico e todas as camadas."


def _layers(unread: int) -> str:
    if unread == 1:
        return "uma camada é grande demais e não foi lida"
    return f"{unread} camadas são grandes demais e não foram lidas"


def _what(secret: Secret) -> str:
    if secret.prefix:
        return f"{_KINDS[secret.kind]} (começa com `{secret.prefix}`)"
    return _KINDS[secret.kind]


def _where(leak: Leak) -> str:
    """Ends the sentence "encontra um token…"."""
    name = shown(masked(leak.name))
    if leak.place is Place.ENV:
        return f"na variável de ambiente `{name}`, que aparece em `docker inspect`"
    if leak.place is Place.LABEL:
        return f"no rótulo `{name}`, que aparece em `docker inspect`"
    if leak.place is Place.START:
        return f"no comando que o container roda (`{name}`), que aparece em `docker inspect`"
    if leak.place is Place.STEP:
        return f"no histórico, que aparece em `docker history`, na instrução `{shown(leak.step)}`"
    if leak.place is Place.CONFIG:
        return "na configuração da imagem, que aparece em `docker inspect`"
    return _in_layer(leak, name)


def _in_layer(leak: Leak, name: str) -> str:
    file = f"no arquivo `/{name}`" if name else "num trecho sem nome"
    layer = f"da camada {leak.layer} de {leak.layers}"
    made = f", feita por `{shown(leak.step)}`" if leak.step else ""
    if leak.is_removed:
        return (
            f"{file} {layer}{made}; uma camada de cima apagou o arquivo, mas a de baixo ainda o tem inteiro"
        )
    return f"{file} {layer}{made}"


def _cell(leak: CellLeak) -> str:
    if not leak.cell:
        return "fora das células"
    if leak.in_output:
        return f"na saída da célula {leak.cell}, contando do começo, com as de texto"
    return f"na célula {leak.cell}, contando do começo, com as de texto"


def _and_more(count: int) -> str:
    if count == 1:
        return ""
    return f" E há mais: achei {count} lugares com segredos."


_KINDS: Mapping[Kind, str] = {
    Kind.DOCKER_TOKEN: "um token de acesso do Docker Hub",
    Kind.PRIVATE_KEY: "uma chave privada",
    Kind.AWS_KEY: "uma chave de acesso da AWS",
    Kind.GITHUB_TOKEN: "um token do GitHub",
    Kind.SERVICE_TOKEN: "um token de outro serviço",
    Kind.REGISTRY_LOGIN: "o login guardado por `docker login`",
    Kind.PASSWORD: "uma senha ou um token",
}
_REVOKE: Mapping[Kind, str] = {
    Kind.DOCKER_TOKEN: (
        "Primeiro, revogue esse token no Docker Hub, em Tokens de acesso (Personal access tokens), nas "
        "configurações da conta: apagar o arquivo não desfaz o que alguém já leu."
    ),
    Kind.PRIVATE_KEY: "Primeiro, deixe de usar essa chave e crie outra: alguém já pode tê-la copiado.",
    Kind.AWS_KEY: "Primeiro, desative essa chave na AWS: alguém já pode tê-la copiado.",
    Kind.GITHUB_TOKEN: "Primeiro, revogue esse token no GitHub: alguém já pode tê-lo copiado.",
    Kind.SERVICE_TOKEN: "Primeiro, revogue esse token no serviço que o criou: alguém já pode tê-lo copiado.",
    Kind.REGISTRY_LOGIN: (
        "Primeiro, revogue o token ou troque a senha com que você entrou: alguém já pode ter copiado."
    ),
    Kind.PASSWORD: "Primeiro, troque essa senha ou revogue esse token: alguém já pode ter copiado.",
}
_AT_BUILD = "se o build precisa dele, passe-o com `docker build --secret`, que não deixa cópia."
_AT_RUN = "passe o valor só na hora de rodar, com `docker run -e`."
_WITHOUT: Mapping[Place, str] = {
    Place.ENV: f"Depois, tire a variável do Dockerfile e {_AT_RUN}",
    Place.LABEL: "Depois, tire o rótulo do Dockerfile.",
    Place.START: f"Depois, tire o valor do Dockerfile e {_AT_RUN}",
    Place.STEP: f"Depois, tire o valor do Dockerfile; {_AT_BUILD}",
    Place.CONFIG: "Depois, tire o valor do Dockerfile.",
    Place.FILE: f"Depois, deixe o arquivo fora da imagem com o `.dockerignore`; {_AT_BUILD}",
}
