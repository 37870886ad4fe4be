"""What can be tried, in the order of the table and of the trial: the last ones destroy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.lab.permissions.actor import Actor
from tests.lab.permissions.scene import other_image


@dataclass(frozen=True)
class Place:
    """A repository in one of the states, and what is in it."""

    state: str
    path: str
    spare: str  # another in the same state, without images, to be archived and deleted
    digest: str  # of latest
    layer: str  # its only one, in no other repository
    doomed: str  # the digest of the tag that the registry is asked to delete
    webhook: int

    @property
    def api(self) -> str:
        return f"/v2/namespaces/{self.path.replace('/', '/repositories/')}"

    @property
    def page(self) -> str:
        return f"/repositories/{self.path}"

    @property
    def name(self) -> str:
        return self.path.partition("/")[2]

    @property
    def is_private(self) -> bool:
        return self.state in {"private", "both"}

    @property
    def is_immutable(self) -> bool:
        return self.state == "immutable"


Deed = Callable[[Actor, Place], str]
OF_THE_ACCOUNT: dict[str, Deed] = {
    "page: sign in": lambda who, _: who.signs_in(),
    "API: sign in, deprecated": lambda who, _: who.asks_for_a_bearer(
        "/v2/users/login", "username", "password"
    ),
    "API: sign in": lambda who, _: who.asks_for_a_bearer("/v2/auth/token", "identifier", "secret"),
    "docker login": lambda who, _: who.logs_in(),
    "docker login, newer": lambda who, _: who.logs_in_by_form(),
    "page: create": lambda who, _: who.sends("/repositories/novo/", name="da-pagina", visibility="public"),
    "page: create private": lambda who, _: who.sends(
        "/repositories/novo/", name="outro", visibility="private"
    ),
    "API: create": lambda who, _: _create(who, is_private=False),
    "API: create private": lambda who, _: _create(who, is_private=True),
    "docker push: create": lambda who, _: who.registry(
        "pull,push", "POST", f"{who.namespace}/do-push", "blobs/uploads/"
    ),
    "API: make an access token": lambda who, _: who.calls(
        "POST", "/v2/access-tokens", token_label="mais um", scopes=["repo:read"]
    ),
    "API: read an access token": lambda who, _: who.calls("GET", f"/v2/access-tokens/{who.api_token}"),
    "page: access token off": lambda who, _: who.sends(f"/conta/tokens/{who.token}/", active="0"),
    "API: access token on": lambda who, _: who.calls(
        "PATCH", f"/v2/access-tokens/{who.api_token}", is_active=True
    ),
    "page: access token deleted": lambda who, _: who.sends(f"/conta/tokens/{who.token}/apagar/"),
    "API: access token deleted": lambda who, _: who.calls("DELETE", f"/v2/access-tokens/{who.api_token}"),
    "registry: list all": lambda who, _: who.with_token(("registry:catalog:*",), "GET", "_catalog"),
    "page: the class's board": lambda who, _: who.sees("/turma/placar"),
    "page: the class's learners": lambda who, _: who.sees("/turma/placar/alunos"),
    "page: the class's grades": lambda who, _: who.sees("/turma/placar/exportar"),
    "page: the class, by a key": lambda who, _: who.sees("/turma/placar?chave=inventada"),
    "hub: told by the registry": lambda who, _: who.calls("POST", "/registry/notifications", events=[]),
}
OF_A_REPOSITORY: dict[str, Deed] = {
    "page: /r/": lambda who, it: who.sees(f"/r/{it.path}"),
    "page: tags": lambda who, it: who.sees(f"/r/{it.path}/tags"),
    "page: in the search": lambda who, it: who.finds(it.path, f"/search?q={it.path}"),
    "page: in /u/": lambda who, it: who.finds(it.path, f"/u/{who.namespace}?pagina=1"),
    "page: in My Hub": lambda who, it: who.finds(it.path, f"/repositories/?q={it.name}"),
    "API: read": lambda who, it: who.calls("GET", it.api),
    "API: tags": lambda who, it: who.calls("GET", f"{it.api}/tags"),
    "API: one tag": lambda who, it: who.calls("GET", f"{it.api}/tags/latest"),
    "API: in the list": lambda who, it: who.lists(
        it.name, f"/v2/namespaces/{who.namespace}/repositories?page_size=100", "name"
    ),
    "API: in the search": lambda who, it: who.lists(
        it.path, f"/v2/search/repositories?query={it.path}", "repo_name"
    ),
    "docker search": lambda who, it: who.lists(it.path, f"/v1/search?q={it.path}", "name"),
    "token for pull": lambda who, it: who.is_granted(it.path, "pull"),
    "token for push": lambda who, it: who.is_granted(it.path, "pull,push"),
    "token for delete": lambda who, it: who.is_granted(it.path, "pull,delete"),
    "pull": lambda who, it: who.registry("pull", "GET", it.path, "manifests/latest"),
    "pull by digest": lambda who, it: who.registry("pull", "GET", it.path, f"manifests/{it.digest}"),
    "pull a layer": lambda who, it: who.registry("pull", "GET", it.path, f"blobs/{it.layer}"),
    "registry: tags": lambda who, it: who.registry("pull", "GET", it.path, "tags/list"),
    "pull it by another name": lambda who, it: _of_own(who, "pull", "GET", f"manifests/{it.digest}"),
    "pull, token for another": lambda who, it: who.with_token(
        (f"repository:{who.own}:pull",), "GET", f"{it.path}/manifests/latest"
    ),
    "push, token for pull": lambda who, it: who.registry(
        "pull", "PUT", it.path, "manifests/nova", other_image(it.path)
    ),
    "upload": lambda who, it: who.registry("pull,push", "POST", it.path, "blobs/uploads/"),
    "push a new tag": lambda who, it: who.registry(
        "pull,push", "PUT", it.path, "manifests/nova", other_image(it.path)
    ),
    "move a tag": lambda who, it: who.registry(
        "pull,push", "PUT", it.path, "manifests/latest", other_image(it.path)
    ),
    "mount its layer": lambda who, it: _mount(who, it),
    "the layer, if mounted": lambda who, it: _of_own(who, "pull", "GET", f"blobs/{it.layer}"),
    "page: general": lambda who, it: who.sees(it.page),
    "page: settings": lambda who, it: who.sees(f"{it.page}/configuracoes"),
    "page: webhooks": lambda who, it: who.sees(f"{it.page}/webhooks"),
    "page: tags to delete": lambda who, it: who.sees(f"{it.page}/tags/apagar?tag=velha"),
    "page: short description": lambda who, it: who.sends(f"{it.page}/descricao", description="Outra."),
    "page: overview": lambda who, it: who.sends(f"{it.page}/visao-geral", full_description="Outra."),
    "page: visibility": lambda who, it: who.sends(
        f"{it.page}/configuracoes", name=it.name, visibility="private" if it.is_private else "public"
    ),
    "page: immutable tags": lambda who, it: who.sends(
        f"{it.page}/mutabilidade", mutability="immutable" if it.is_immutable else "mutable"
    ),
    "page: webhook made": lambda who, it: who.sends(
        f"{it.page}/webhooks", name="outro", url="http://127.0.0.1:64999/"
    ),
    "API: descriptions": lambda who, it: who.calls("PATCH", _older(it), description="Outra, pela API."),
    "API: visibility": lambda who, it: who.calls("POST", f"{_older(it)}/privacy", is_private=it.is_private),
    "API: immutable tags": lambda who, it: who.calls(
        "PATCH", f"{it.api}/immutabletags", immutable_tags=it.is_immutable, immutable_tags_rules=[]
    ),
    "API: try a rule": lambda who, it: who.calls("POST", f"{it.api}/immutabletags/verify", regex="^v"),
    "page: webhook removed": lambda who, it: who.sends(f"{it.page}/webhooks/{it.webhook}/remover"),
    "page: tag deleted": lambda who, it: who.sends(f"{it.page}/tags/apagar", tag="velha"),
    "API: tag deleted": lambda who, it: who.calls("DELETE", f"{_older(it)}/tags/antiga"),
    "registry: image deleted": lambda who, it: who.registry(
        "delete", "DELETE", it.path, f"manifests/{it.doomed}"
    ),
    "page: archived": lambda who, it: who.sends(
        f"/repositories/{it.spare}/arquivar", name=it.spare, archived="1"
    ),
    "page: active again": lambda who, it: who.sends(f"/repositories/{it.spare}/arquivar", archived="0"),
    "page: deleted": lambda who, it: who.sends(f"/repositories/{it.spare}/apagar", name=it.spare),
    "API: deleted": lambda who, it: who.calls("DELETE", _older(it)),
}


def _older(it: Place) -> str:
    """The address before today's: where the real hub takes what its documentation leaves out."""
    return f"/v2/repositories/{it.path}"


def _create(who: Actor, *, is_private: bool) -> str:
    """In the namespace that the table speaks of."""
    name = "outro" if is_private else "da-api"
    body = {"name": name, "namespace": who.namespace, "is_private": is_private}
    return who.calls("POST", f"/v2/namespaces/{who.namespace}/repositories", **body)


def _of_own(who: Actor, actions: str, method: str, where: str) -> str:
    return who.registry(actions, method, who.own, where) if who.own else "."


def _mount(who: Actor, it: Place) -> str:
    """201 when its layer is in one's own repository from then on; 202 begins an upload, without it."""
    scopes = (f"repository:{who.own}:pull,push", f"repository:{it.path}:pull")
    where = f"{who.own}/blobs/uploads/?mount={it.layer}&from={it.path}"
    return who.with_token(scopes, "POST", where) if who.own else "."
