"""Rules about an image on Docker Hub: it was pushed, anyone may pull it."""

from typing import Annotated

from checks.diagnosis import Action, Situation
from checks.image import Access, Image, LocalImage, Login, PublicImage, RemoteImage
from checks.rules.base import Of, Verdict, failed, passed, refused, rule, unverifiable
from checks.rules.both import nothing_usable


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
            "Se é a imagem do capítulo, `lab imagem` a traz de volta.",
            digest=image.digest,
        )
    if _has(image.images, same_as.image):
        return passed(f"`{name}` está no Docker Hub com o mesmo conteúdo de `{source}`.", digest=image.digest)
    return _other_content(image, same_as.image, source, tagged)


def _has(images: tuple[Image, ...], wanted: Image) -> bool:
    return any(item.content == wanted.content for item in images)


def _before_push(image: RemoteImage, same_as: LocalImage, tagged: LocalImage, login: Login) -> Verdict:
    """What to do next when the image is not on the hub, in the order the learner will need it."""
    situation = Situation(
        image.reference,
        Action.PUSH,
        exact=True,
        source=same_as.reference,
        compared=same_as.image is not None,
        login=login,
        local=tagged,
        remote=image,
    )
    if tagged.image is None:
        return refused(situation)
    name, source = image.reference.familiar, same_as.reference.familiar
    if same_as.image is not None and tagged.image.content != same_as.image.content:
        return failed(
            f"`{name}` ainda não está no Docker Hub, e no seu computador esse nome aponta para outra "
            f"imagem. Corrija com `docker tag {source} {name}` e envie com `docker push {name}`."
        )
    return refused(situation)


def _other_content(image: RemoteImage, wanted: Image, source: str, tagged: LocalImage) -> Verdict:
    """Why the right name holds the wrong content."""
    name = image.reference.familiar
    if tagged.image is not None and tagged.image.content == wanted.content:
        if not image.images:
            return nothing_usable(image)
        platforms = dict.fromkeys(str(item.platform) for item in image.images)
        if str(wanted.platform) not in platforms:
            return failed(
                f"`{name}` no Docker Hub é para {' e '.join(platforms)}, e a sua imagem é para "
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
    return refused(Situation(image.reference, Action.PUSH, exact=True, remote=own))
