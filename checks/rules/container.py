"""Rules about a container of the learner's own image, run in their own engine: it runs, it prints.

Only for self-study: nobody runs a class's images to grade them.
"""

from __future__ import annotations

from checks.image import Container
from checks.rules.base import Verdict, failed, passed, rule
from checks.rules.both import not_here
from checks.rules.words import shown


@rule(title="A imagem roda no seu computador")
def container_runs(image: Container, exit_code: int = 0) -> Verdict:
    """It ends with this code; one that is still running after some seconds runs, as a server does."""
    if not_run := _not_run(image):
        return not_run
    name = image.image.reference.familiar
    if image.exit_code is None and exit_code == 0:
        return passed(f"`{name}` roda: depois de {image.seconds} s o contêiner continuava de pé.")
    if image.exit_code != exit_code:
        return _other_end(image, exit_code)
    return passed(f"`{name}` roda e termina com o código {exit_code}.", exit_code=str(exit_code))


@rule(title="A imagem escreve o que se pede quando roda")
def container_prints(image: Container, prints: str, exit_code: int = 0) -> Verdict:
    """What it writes holds the text, on either stream; upper and lower case are not the same."""
    if not_run := _not_run(image):
        return not_run
    name = image.image.reference.familiar
    if prints not in image.output:
        return failed(
            f"Rodei `{name}` e ela não escreveu `{prints}`. {_wrote(image)} "
            f"Veja você mesmo com `docker run --rm {name}` e corrija o comando no Dockerfile."
        )
    if image.exit_code is not None and image.exit_code != exit_code:
        return _other_end(image, exit_code)
    return passed(f"`{name}` roda e escreve `{prints}`.")


def _not_run(image: Container) -> Verdict | None:
    if image.image.image is None:
        return not_here(image.image)
    if image.problem:
        name = image.image.reference.familiar
        return failed(
            f"O contêiner de `{name}` não chegou a começar: o Docker Engine disse `{shown(image.problem)}`. "
            f"Confira CMD e ENTRYPOINT no Dockerfile e tente com `docker run --rm {name}`."
        )
    return None


def _other_end(image: Container, exit_code: int) -> Verdict:
    name = image.image.reference.familiar
    if image.exit_code is None:
        return failed(
            f"Rodei `{name}` e, depois de {image.seconds} s, ela ainda não tinha terminado; esperava que "
            f"terminasse com o código {exit_code}. Veja o que ela faz com `docker run --rm {name}`."
        )
    return failed(
        f"Rodei `{name}` e ela terminou com o código {image.exit_code}, não com {exit_code}. {_wrote(image)} "
        f"Veja você mesmo com `docker run --rm {name}`."
    )


def _wrote(image: Container) -> str:
    lines = image.output.strip().splitlines()
    if not lines:
        return "Ela não escreveu nada."
    return f"A última linha que ela escreveu foi `{shown(lines[-1])}`."
