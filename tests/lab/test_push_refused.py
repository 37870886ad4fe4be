"""What docker shows of a push that its owner may not make, on each of the two ways of keeping images."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.desk import Desk, cleaned, desk_in
from tests.lab.person import Person

pytestmark = pytest.mark.lab
STORES = ["lab", pytest.param("newer", marks=pytest.mark.containerd)]


@pytest.fixture(scope="module", params=STORES)
def each_desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    with desk_in(request.getfixturevalue(request.param)) as one:
        yield one


@pytest.fixture
def owner(each_desk: Desk) -> Iterator[Person]:
    """Somebody new, whose name `docker-is-cool` has."""
    one = Person(each_desk.lab)
    with cleaned(each_desk, one.name) as image:
        each_desk.docker("tag", "docker-is-cool", image)
        yield one


@pytest.mark.parametrize("scope", ["repo:read", "repo:public_read"])
@pytest.mark.parametrize("there", ["nothing", "a private repository"])
def test_a_token_that_may_only_read(each_desk: Desk, owner: Person, scope: str, there: str) -> None:
    image = f"{owner.name}/docker-is-cool"
    if there != "nothing":
        private = {"namespace": owner.name, "name": "docker-is-cool", "is_private": True}
        owner.asks("POST", f"/v2/namespaces/{owner.name}/repositories", **private)
    owner.logs_in(owner.token(scope)["token"])
    said = each_desk.refused("push", image)
    assert "access token has insufficient scopes: o token «de teste» não permite enviar." in said
    assert f"/conta/tokens/ e entre de novo com: docker login -u {owner.name}" in said
    owner.logs_in(owner.token("repo:write")["token"])
    each_desk.docker("push", image)


def test_one_private_repository_too_many(each_desk: Desk, owner: Person) -> None:
    taken = {"namespace": owner.name, "name": "segredo", "is_private": True}
    owner.asks("POST", f"/v2/namespaces/{owner.name}/repositories", **taken)
    owner.sends("/conta/privacidade/", visibility="private")
    owner.logs_in()
    said = each_desk.refused("push", f"{owner.name}/docker-is-cool")
    assert "private repository limit reached: O plano gratuito tem 1 repositório privado" in said
    assert f"e o seu é {owner.name}/segredo." in said
    assert owner.asks("GET", f"/v2/namespaces/{owner.name}/repositories")["count"] == 1, "nothing was made"
    owner.sends("/conta/privacidade/", visibility="public")
    each_desk.docker("push", f"{owner.name}/docker-is-cool")


def test_what_somebody_else_pushed_in_private_is_in_nobodys_way(each_desk: Desk, owner: Person) -> None:
    """containerd's store remembers where it sent each layer, and asks to mount it from there."""
    owner.sends("/conta/privacidade/", visibility="private")
    owner.logs_in()
    each_desk.docker("push", f"{owner.name}/docker-is-cool")
    other = Person(each_desk.lab)
    with cleaned(each_desk, other.name) as image:
        each_desk.docker("tag", "docker-is-cool", image)
        other.logs_in()
        each_desk.docker("push", image)
