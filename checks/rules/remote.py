"""Rules about what is on Docker Hub: pushed, public, a repository that exists."""

from typing import Annotated

from checks.image import Access, Image, LocalImage, Login, PublicImage, RemoteImage, Repository
from checks.rules.base import Of, Verdict, failed, not_attempted, passed, rule, unverifiable


@rule(title="A imagem está no Docker Hub, com o mesmo conteúdo da sua")
def pushed(
    image: RemoteImage,
    same_as: LocalImage,
    tagged: Annotated[LocalImage, Of("image")],
    login: Login,
) -> Verdict:
    if image.access is not Access.FOUND:
        return _before_push(image, same_as, tagged, login)
    name, source = image.reference.familiar, same_as.reference.familiar
    if same_as.image is None:
        return unverifiable(
            f"`{name}` está no Docker Hub, mas a imagem `{source}` não está mais no seu computador, "
            "então não há com o que comparar. "
            "Se é a imagem do capítulo, `lab parar` e depois `lab aula` a trazem de volta.",
            digest=image.digest,
        )
    if _has(image.images, same_as.image):
        return passed(f"`{name}` está no Docker Hub com o mesmo conteúdo de `{source}`.", digest=image.digest)
    return _other_content(image, same_as.image, source, tagged)


def _has(images: tuple[Image, ...], wanted: Image) -> bool:
    return any(item.content == wanted.content for item in images)


def _before_push(image: RemoteImage, same_as: LocalImage, tagged: LocalImage, login: Login) -> Verdict:
    """What to do next when the image is not on the hub, in the order the learner will need it."""
    reference = image.reference
    name, source = reference.familiar, same_as.reference.familiar
    if tagged.image is None:
        return not_attempted(
            f"`{name}` ainda não está no Docker Hub, nem há imagem com esse nome no seu computador. "
            f"Comece por `docker tag {source} {name}`; depois envie com `docker push {name}`."
        )
    if same_as.image is not None and tagged.image.content != same_as.image.content:
        return failed(
            f"`{name}` ainda não está no Docker Hub, e no seu computador esse nome aponta para outra "
            f"imagem. Corrija com `docker tag {source} {name}` e envie com `docker push {name}`."
        )
    if not reference.on_docker_hub:
        return not_attempted(f"`{name}` ainda não está no registry. Envie com `docker push {name}`.")
    return _who_pushes(image, login)


def _who_pushes(image: RemoteImage, login: Login) -> Verdict:
    name, owner = image.reference.familiar, image.reference.namespace
    if login.docker_id is None:
        return not_attempted(
            f"`{name}` ainda não está no Docker Hub, e ninguém entrou nele por aqui. Abra um terminal, "
            f"entre com `docker login -u {owner}` e depois envie com `docker push {name}`."
        )
    if login.docker_id.lower() != owner:
        return failed(
            f"Você entrou como `{login.docker_id}`, e só `{owner}` pode enviar `{name}`. "
            f"Saia com `docker logout`, entre com `docker login -u {owner}` e envie com "
            f"`docker push {name}`."
        )
    if image.access is Access.DENIED:
        # The real hub answers the same for a repository that does not exist yet.
        return not_attempted(
            f"O Docker Hub respondeu que `{name}` não existe ou que o seu login não dá acesso. "
            f"Envie com `docker push {name}`; se o push for negado, entre de novo com "
            f"`docker login -u {owner}`."
        )
    return not_attempted(
        f"`{name}` ainda não está no Docker Hub. A imagem já tem o nome certo e você já entrou: "
        f"falta só `docker push {name}`."
    )


def _other_content(image: RemoteImage, wanted: Image, source: str, tagged: LocalImage) -> Verdict:
    """Why the right name holds the wrong content."""
    name = image.reference.familiar
    if tagged.image is not None and tagged.image.content == wanted.content:
        if image.images and wanted.platform not in {item.platform for item in image.images}:
            return failed(
                f"`{name}` no Docker Hub é para {image.images[0].platform}, e a sua imagem é para "
                f"{wanted.platform}. Envie a sua com `docker push {name}`.",
                digest=image.digest,
            )
        return failed(
            f"`{name}` no Docker Hub ainda tem outro conteúdo: no seu computador o nome já aponta para "
            f"a imagem certa, mas ela não foi enviada. Envie de novo com `docker push {name}`.",
            digest=image.digest,
        )
    return failed(
        f"`{name}` está no Docker Hub, mas é outra imagem, e não `{source}`. "
        f"Dê o nome à imagem certa com `docker tag {source} {name}` e envie de novo com "
        f"`docker push {name}`.",
        digest=image.digest,
    )


@rule(title="Qualquer pessoa pode baixar a imagem")
def public(image: PublicImage, own: Annotated[RemoteImage, Of("image")]) -> Verdict:
    name = image.reference.familiar
    if image.access is Access.FOUND:
        return passed(f"Qualquer pessoa pode baixar `{name}`, mesmo sem login.", digest=image.digest)
    if own.access is Access.FOUND:
        return failed(
            f"`{name}` está no Docker Hub, mas só você consegue baixar: o repositório é privado. "
            "No navegador, abra o repositório no Docker Hub e torne-o público; depois confira com "
            f"`docker pull {name}`."
        )
    return not_attempted(
        f"Ninguém consegue baixar `{name}` ainda, porque essa imagem não está no Docker Hub. "
        f"Envie-a antes com `docker push {name}`."
    )


@rule(title="O repositório existe no Docker Hub")
def repository_exists(image: Repository) -> Verdict:
    name = image.reference.familiar_name
    if not image.exists:
        return not_attempted(
            f"O repositório `{name}` ainda não existe no Docker Hub. Crie-o no navegador ou envie "
            f"a imagem com `docker push {image.reference.familiar}`, que cria o repositório."
        )
    return passed(f"O repositório `{name}` existe no Docker Hub.")
