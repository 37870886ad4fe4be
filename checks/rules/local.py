"""Rules about the images in the learner's own engine."""

from checks.image import LocalImage
from checks.rules.base import Verdict, failed, not_attempted, passed, rule, unverifiable
from checks.rules.both import not_here


@rule(title="A imagem está no seu computador")
def local_image(image: LocalImage) -> Verdict:
    if image.image is None:
        return not_here(image)
    name = image.reference.familiar
    return passed(f"A imagem `{name}` está no seu computador.", platform=str(image.image.platform))


@rule(title="Os dois nomes apontam para a mesma imagem")
def same_image(image: LocalImage, same_as: LocalImage) -> Verdict:
    name, source = image.reference.familiar, same_as.reference.familiar
    if same_as.image is None:
        return unverifiable(
            f"A imagem `{source}` não está mais no seu computador, então não há com o que comparar. "
            "Se é a imagem do capítulo, `lab imagem` a traz de volta."
        )
    if image.image is None:
        return not_attempted(
            f"Ainda não há nenhuma imagem chamada `{name}` no seu computador. "
            f"Dê esse nome à sua imagem com `docker tag {source} {name}`."
        )
    if image.image.content != same_as.image.content:
        return failed(
            f"O nome `{name}` existe, mas aponta para outra imagem, e não para `{source}`. "
            f"Aponte-o para a imagem certa com `docker tag {source} {name}`."
        )
    return passed(f"`{name}` e `{source}` são dois nomes da mesma imagem.")
