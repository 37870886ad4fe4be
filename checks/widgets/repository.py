"""`repositorio`: the tags of a repository as Docker Hub shows them, and which of them are the same thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from checks import place
from checks.about import Note
from checks.errors import CourseError
from checks.hub_tags import HubTag, TaggedImage, TagList
from checks.reference import OFFICIAL, Reference
from checks.render import html
from checks.rules.words import listed, megabytes
from checks.widgets.contents import chip, copyable, groups, letters, moment, short
from checks.widgets.look import Facts, look, on_docker_hub
from checks.widgets.piece import Aside, Piece, button, code, column, page, said, sentence_of, show, table

_HEADS = ("Tag", "Conteúdo e digest", "Plataformas e tamanho comprimido", "Enviada em")


class RepositoryBrowser(Piece):
    """The tags as cards, and a button that asks again."""

    def __init__(self, reference: Reference, ask: Callable[[Reference], Facts] = look) -> None:
        self._reference = reference
        self._ask = ask
        self._aside = Aside("repository")
        self._cards = page()
        self._status = page()
        refresh = button("Atualizar", "Pergunta de novo ao Docker Hub", "refresh", self._press)
        title = html.header(reference.familiar_name, place.mode_label(), place.hub_url())
        self.widget = column(page(title), self._cards, refresh, self._status)
        self._list: TagList | None = None
        self._trouble = ""
        self.atualizar()

    def atualizar(self) -> None:
        """Asks Docker Hub again."""
        try:
            self._list, self._trouble = self._ask(self._reference).tag_list, ""
        except Exception as error:
            self._list, self._trouble = None, sentence_of(error)
        show(self._cards, self._drawn())

    def __repr__(self) -> str:
        if self._list is None:
            return self._trouble
        names = _letters(self._list)
        rows = [f"  {tag.name}: {_words(tag, names)}" for tag in self._list.tags]
        return "\n".join([state(self._list), *rows, *_shared(self._list)])

    def _repr_html_(self) -> str:
        if self._list is None:
            return said(self._trouble)
        return said(state(self._list)) + _table(self._list) + "".join(map(said, _shared(self._list)))

    def _press(self) -> None:
        show(self._status, said("Consultando o Docker Hub, aguarde…", aloud=True))
        self._aside.start(self._refresh)

    def _refresh(self) -> None:
        self.atualizar()
        show(self._status, said("Atualizado agora." if self._list else "Não deu para atualizar.", aloud=True))

    def _drawn(self) -> str:
        if self._list is None:
            return said(self._trouble, aloud=True)
        names = _letters(self._list)
        cards = "".join(f"<li><div>{_card(tag, names)}</div></li>" for tag in self._list.tags)
        shared = "".join(map(said, _shared(self._list)))
        return said(state(self._list)) + (f'<ul class="dhp-list">{cards}</ul>' if cards else "") + shared


def repositorio(nome: object) -> RepositoryBrowser | Note:
    """A browser of a repository's tags, digests, platforms and sizes."""
    try:
        return RepositoryBrowser(on_docker_hub(nome))
    except CourseError as error:
        return Note(str(error))


def state(found: TagList) -> str:
    """What there is, in a sentence or two."""
    name = found.repository.reference.familiar_name
    if not found.repository.exists:
        return _absent(found.repository.reference)
    private = found.repository.private
    seen = "" if private is None else f" ({'privado' if private else 'público'})"
    if not found.tags:
        return (
            f"`{name}`{seen} está no Docker Hub, mas vazio. Envie a primeira imagem com `docker push {name}`."
        )
    tags = "1 tag" if found.total == 1 else f"{found.total} tags"
    if found.total > len(found.tags):
        return f"`{name}`{seen} está no Docker Hub com {tags}; aqui estão {len(found.tags)} delas."
    count = len(_letters(found))
    contents = "1 conteúdo" if count == 1 else f"{count} conteúdos"
    return f"`{name}`{seen} está no Docker Hub com {tags} e {contents}."


def _absent(reference: Reference) -> str:
    name = reference.familiar_name
    if reference.namespace == OFFICIAL:
        return (
            f"Não há imagem oficial `{name}` no Docker Hub. Procure o nome certo com `docker search {name}`."
        )
    return (
        f"O Docker Hub não mostra `{name}`: ou o repositório ainda não existe, ou é privado e de outra "
        f"conta. Para criá-lo, envie uma imagem com `docker push {name}`; se ele já existe e é seu, entre "
        f"com `docker login -u {reference.namespace}`."
    )


def _letters(found: TagList) -> dict[str, str]:
    return letters(tag.digest for tag in found.tags if tag.digest)


def _shared(found: TagList) -> Iterator[str]:
    names = _letters(found)
    pairs = ((tag.name, tag.digest) for tag in found.tags if tag.digest)
    for digest, tags in groups(pairs).items():
        yield f"{listed(tags)} apontam para o mesmo digest, o do conteúdo {names[digest]}."


def _words(tag: HubTag, names: dict[str, str]) -> str:
    content = f"conteúdo {names[tag.digest]}" if tag.digest else "digest desconhecido"
    return ", ".join([content, *(str(image.platform) for image in tag.images)])


def _card(tag: HubTag, names: dict[str, str]) -> str:
    content = f" conteúdo {chip(names[tag.digest])}" if tag.digest else ""
    sent = f"; enviada em {moment(tag.pushed)}" if tag.pushed else ""
    digest = copyable(tag.digest) if tag.digest else ""
    return f"<strong>{escape(tag.name)}</strong>{content}{digest}<p>{_images(tag)}{sent}</p>"


def _images(tag: HubTag) -> str:
    return "; ".join(map(_image, tag.images)) or "plataformas desconhecidas"


def _image(image: TaggedImage) -> str:
    platform = escape(str(image.platform))
    return f"{platform}, {megabytes(image.size)}" if image.size else platform


def _table(found: TagList) -> str:
    names = _letters(found)
    label = f"Tags de {found.repository.reference.familiar_name}"
    return table(label, _HEADS, [_row(tag, names) for tag in found.tags])


def _row(tag: HubTag, names: dict[str, str]) -> tuple[str, ...]:
    content = f"{names[tag.digest]} {code(short(tag.digest))}" if tag.digest else ""
    return code(tag.name), content, _images(tag), moment(tag.pushed) if tag.pushed else ""
