"""What whoever asks the API may see or change; all of these raise Refused with the answer."""

from __future__ import annotations

from hub.accounts.models import User
from hub.api import errors
from hub.api.errors import Refused
from hub.repositories.models import Repository, Tag, by_name
from hub.repositories.names import is_tag, parse_repository
from hub.tokens.scopes import Scope
from hub.tokens.sign_in import SignedIn


def viewer_of(who: SignedIn | None) -> User | None:
    return who.viewer if who else None


def manager_of(who: SignedIn | None, namespace: str) -> User:
    """The person whose namespace it is; a token needs the widest permission."""
    if who is None:
        raise Refused(errors.sign_in_first())
    if who.person.username != namespace:
        raise Refused(errors.failure(403, "Só quem é dono do namespace cuida dos repositórios dele."))
    if not who.may(Scope.ADMIN):
        raise Refused(errors.insufficient_scope())
    return who.person


def find_repository(who: SignedIn | None, namespace: str, name: str) -> Repository:
    path = parse_repository(f"{namespace}/{name}")
    found = by_name(viewer_of(who), *path) if path else None
    if found is None:
        raise Refused(errors.not_found())
    return found


def find_tag(repository: Repository, name: str) -> Tag:
    found = repository.tags.select_related("pushed_by").filter(name=name).first() if is_tag(name) else None
    if found is None:
        raise Refused(errors.not_found())
    return found


def plain(text: str) -> str:
    """Without NUL, which PostgreSQL refuses in any text."""
    return text.replace("\0", "")
