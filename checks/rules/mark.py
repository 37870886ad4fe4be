"""The rule about the learner's own mark."""

from checks.image import Mark, RemoteImage
from checks.mark import LABEL, build_command, is_same
from checks.rules.base import Verdict, failed, passed, rule
from checks.rules.both import not_there, nothing_usable


@rule(title="A imagem no Docker Hub tem a sua marca")
def marked(image: RemoteImage, mark: Mark) -> Verdict:
    """The label is in the configuration that the registry serves: nothing is pulled, nothing is run."""
    if missing := not_there(image):
        return missing
    if not image.images:
        return nothing_usable(image)
    name = image.reference.familiar
    codes = [dict(each.run.labels).get(LABEL, "").strip() for each in image.images]
    mend = f"Construa a imagem com `{build_command(mark.code, name)}` e envie com `docker push {name}`."
    # Whose the code is cannot be said: a mark does not lead back to a name. Nor is it shown again.
    if any(code and not is_same(code, mark.code) for code in codes):
        return failed(
            f"`{name}` está no Docker Hub com uma marca que não é a sua: é a de outra pessoa, de outra turma "
            f"ou foi digitada errada. {mend}",
            digest=image.digest,
        )
    if not any(codes):
        return failed(
            f"`{name}` está no Docker Hub, mas sem a sua marca: falta o label `{LABEL}` na imagem. {mend}",
            digest=image.digest,
        )
    if not all(codes):
        without = [str(each.platform) for each, code in zip(image.images, codes, strict=True) if not code]
        bare = " e ".join(dict.fromkeys(without))
        return failed(
            f"`{name}` tem a sua marca, mas não em todas as plataformas: falta em {bare}. {mend}",
            digest=image.digest,
        )
    return passed(f"`{name}` está no Docker Hub com a sua marca.", digest=image.digest)
