"""Rules about what the learner answers in the notebook, with `ex.responder("chave", "resposta")`."""

from __future__ import annotations

from checks.errors import BadReference
from checks.image import Answer
from checks.reference import OFFICIAL, Reference, parse_typed
from checks.rules.base import Verdict, failed, not_attempted, passed, rule
from checks.rules.words import alike, shown
from checks.secret_names import masked


@rule(title="A resposta está certa")
def answer_is(answer: Answer, accepted: tuple[str, ...]) -> Verdict:
    """One of the accepted texts, whatever its case, accents, spaces and quotes."""
    if answer.text is None:
        return _unanswered(answer)
    if alike(answer.text) in map(alike, accepted):
        return passed(f"A sua resposta para `{answer.key}`, `{_told(answer.text)}`, está certa.")
    return failed(
        f"A sua resposta para `{answer.key}` foi `{_told(answer.text)}`, e não é a esperada. "
        f"Releia a pergunta e responda de novo com {_again(answer)}."
    )


@rule(title="O nome que você escreveu é o da imagem pedida")
def answer_names(answer: Answer, image: Reference) -> Verdict:
    """The name of the image, written in any way that Docker understands as the same."""
    if answer.text is None:
        return _unanswered(answer)
    try:
        found = parse_typed(answer.text.strip())
    except BadReference as error:
        return failed(f"Esse nome não serve. {masked(str(error))} Responda de novo com {_again(answer)}.")
    if found == image:
        return passed(f"`{found.familiar}` é o nome pedido.")
    return failed(f"{_difference(found, image)} Responda de novo com {_again(answer)}.")


def _difference(found: Reference, wanted: Reference) -> str:
    """The first part that is another; the right one is for the learner to find."""
    name = found.familiar
    if found.registry != wanted.registry:
        return f"`{name}` é um nome do registry `{found.registry}`, e a imagem pedida fica em outro."
    if found.namespace != wanted.namespace and found.namespace == OFFICIAL:
        return f"`{name}` não diz de quem é a imagem, e sem isso o Docker entende que é uma das oficiais."
    if found.namespace != wanted.namespace:
        return f"`{name}` é uma imagem de `{found.namespace}`, e a pedida é de outro dono."
    if found.repository != wanted.repository:
        return f"`{name}` é de outro repositório: o nome entre a barra e a tag não é o pedido."
    if found.digest or wanted.digest:
        return f"`{name}` não termina como o pedido: veja se é uma tag ou um digest, e qual."
    return f"`{name}` tem a tag `{found.tag}`, e a pedida é outra."


def _told(text: str) -> str:
    """What was answered, without any password pasted by mistake."""
    return shown(masked(text))


def _unanswered(answer: Answer) -> Verdict:
    return not_attempted(
        f"Você ainda não respondeu a `{answer.key}`. No caderno, responda com {_again(answer)}."
    )


def _again(answer: Answer) -> str:
    return f'`ex.responder("{answer.key}", "a sua resposta")`'
