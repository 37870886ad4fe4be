"""Which tags of a repository stay on the image they were first pushed with.

All are mutable, all are immutable (`latest` too), or those that one of a few rules matches. An immutable tag
can't be pushed to another image nor deleted
(https://docs.docker.com/docker-hub/repos/manage/hub-images/immutable-tags/).
How many rules the real hub takes is not documented; the number here is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hub.repositories.life import require_active, settings_page
from hub.repositories.models import Repository
from hub.repositories.patterns import BadPattern, compile_pattern
from hub.rows import change

MOST_RULES = 10


class BadRule(Exception):  # noqa: N818
    """The sentence that the person reads."""


class ImmutableTag(Exception):  # noqa: N818
    """The sentence that the person reads."""

    def __init__(self, repository: Repository, tag: str) -> None:
        super().__init__(
            f"A tag {tag} de {repository} é imutável: não muda de imagem nem pode ser apagada. "
            "Envie a imagem nova com outra tag."
        )

    @property
    def told_to_programs(self) -> str:
        return f"tag is immutable: {self}"


class LayersKept(Exception):  # noqa: N818
    """The sentence that the person reads."""

    def __init__(self, repository: Repository) -> None:
        super().__init__(
            f"O repositório {repository} tem tags imutáveis, e por isso as camadas dele não podem ser "
            f"apagadas. Para mudar isso, abra {settings_page(repository)}"
        )

    @property
    def told_to_programs(self) -> str:
        return f"tag is immutable: {self}"


def is_immutable(repository: Repository, tag: str) -> bool:
    """Whether a tag of that name, once it is there, stays as it is."""
    if not repository.immutable_tags:
        return False
    rules = repository.immutable_tags_rules
    return not rules or any(compile_pattern(rule).found_in(tag) for rule in rules)


def immutable_among(repository: Repository, tags: Iterable[str]) -> list[str]:
    return [tag for tag in tags if is_immutable(repository, tag)]


def set_mutability(repository: Repository, immutable: bool, rules: Sequence[str]) -> bool:
    """All mutable, all immutable (no rules), or by rules; whether that is news.

    Rules are kept where tags are mutable, as the person may want them back. Raises BadRule, Archived and
    Http404.
    """
    check_rules(rules)
    require_active(repository)
    before = repository.immutable_tags, repository.immutable_tags_rules
    change(repository, immutable_tags=immutable, immutable_tags_rules=list(dict.fromkeys(rules)))
    return before != (repository.immutable_tags, repository.immutable_tags_rules)


def matching(repository: Repository, rule: str) -> list[str]:
    """The names of the tags there are now that the rule would hold, in order. Raises BadRule."""
    check_rule(rule)
    pattern = compile_pattern(rule)
    names = repository.tags.order_by("name").values_list("name", flat=True)
    return [name for name in names.iterator() if pattern.found_in(name)]


def check_rules(rules: Sequence[str]) -> None:
    """Raises BadRule."""
    if len(rules) > MOST_RULES:
        raise BadRule(f"São no máximo {MOST_RULES} regras.")
    for rule in rules:
        check_rule(rule)


def check_rule(rule: str) -> None:
    """Raises BadRule."""
    try:
        compile_pattern(rule)
    except BadPattern as bad:
        raise BadRule(f"A regra «{rule}» não serve. {bad}") from bad
