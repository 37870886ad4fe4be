"""What a cell asks about the learner and the place: who, where, and which mark."""

from __future__ import annotations

from dataclasses import dataclass

from checks import class_secret, login, place
from checks.entry import DOCKER_ID, NOBODY, fill
from checks.errors import CourseError
from checks.mark import LABEL, build_command, label_of
from checks.needs import WHO_ARE_YOU


@dataclass(frozen=True)
class Note:
    """A few sentences as the value of a cell."""

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, repr=False)
class MarkNote(Note):
    """The learner's mark; `rotulo` is what follows `--label`, empty when the mark is not known."""

    codigo: str = ""

    @property
    def rotulo(self) -> str:
        return label_of(self.codigo) if self.codigo else ""


def onde_estou() -> Note:
    """Practice or real, and the address to open in the browser."""
    if place.is_practice():
        about = "nada do que você fizer aqui sai da sua máquina, e dá para errar à vontade."
    else:
        about = "o que você publicar como público poderá ser visto por qualquer pessoa."
    return Note(f"{place.mode_label()}: {about}\nNo navegador: {place.hub_url()}")


def quem_sou() -> str:
    """The Docker ID of the login; a placeholder, and what to do, when nobody is logged in."""
    try:
        docker_id = login.current_docker_id()
    except CourseError as error:
        print(error)
        return NOBODY
    if docker_id is None:
        print(
            "Ninguém entrou no Docker Hub por aqui ainda. Abra um terminal, digite "
            "`docker login -u SEU_DOCKER_ID` com o seu Docker ID e rode esta célula de novo."
        )
        return NOBODY
    return docker_id


def marca(docker_id: str | None = None, image: str = "") -> MarkNote:
    """The mark of whoever is logged in, and how to put it in an image; or why it is not known."""
    try:
        docker_id = docker_id or login.current_docker_id()
        return mark_note(docker_id, image) if docker_id else MarkNote(WHO_ARE_YOU)
    except CourseError as error:
        return MarkNote(str(error))


def mark_note(docker_id: str, image: str = "") -> MarkNote:
    """`image` may hold {docker_id}; NoClassSecret when the mark cannot be made here."""
    code = class_secret.mark_of(docker_id).code
    name = fill(image or f"{DOCKER_ID}/minha-imagem", docker_id.lower())
    return MarkNote(
        f"A marca de {docker_id} é {code}. Ela vai num label da imagem, ao construí-la:\n"
        f"    {build_command(code, name)}\n"
        f"No Dockerfile, a linha que faz o mesmo é: LABEL {LABEL}={code}",
        code,
    )
