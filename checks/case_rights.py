"""The part of a case about what a login may do: with a password or a token, and the private quota."""

from __future__ import annotations

from dataclasses import dataclass

from checks.image import Grant, Login, SignedWith
from checks.reference import Reference
from checks.table import Table

RIGHTS_KEYS = ("token_scope", "private_quota_full")
_ALL = frozenset({"pull", "push", "delete"})
_ACTIONS = {
    "public_read": frozenset[str](),
    "read": frozenset({"pull"}),
    "write": frozenset({"pull", "push"}),
    "delete": _ALL,
}


@dataclass(frozen=True)
class RightsState:
    """`token_scope` is None when the password was typed."""

    token_scope: str | None = None
    private_quota_full: bool = False

    def login(self, docker_id: str | None) -> Login:
        if docker_id is None:
            return Login(None)
        return Login(docker_id, SignedWith.TOKEN if self.token_scope else SignedWith.PASSWORD)

    def grant(self, reference: Reference, *, own: bool, there: bool, public: bool) -> Grant:
        """What the token service says of a repository that is the learner's, is there, is public."""
        pull = frozenset({"pull"}) if there and public else frozenset[str]()
        if not own:
            return Grant(reference, pull)
        if self.token_scope is not None and "push" not in _ACTIONS[self.token_scope]:
            return Grant(reference, _ACTIONS[self.token_scope] | pull, "access token has insufficient scopes")
        if self.private_quota_full and not there:
            return Grant(reference, frozenset({"pull"}), "private repository limit reached")
        return Grant(reference, _ACTIONS[self.token_scope] if self.token_scope else _ALL)


def read_rights(table: Table) -> RightsState:
    scope = table.get("token_scope", str, "") or None
    if scope is not None and scope not in _ACTIONS:
        raise table.complain(f"`token_scope` é `{scope}`; use um destes: {', '.join(_ACTIONS)}.")
    return RightsState(scope, table.get("private_quota_full", bool, False))
