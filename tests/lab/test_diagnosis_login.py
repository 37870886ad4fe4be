"""The causes of a refused push that lie in the login: an old password, a token, the quota, a limit."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.lab.desk import Desk, cleaned, desk_in, without
from tests.lab.person import Person

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def holder(desk: Desk) -> Iterator[Person]:
    """The same, for all that is tried with access tokens, which change nothing of an account."""
    owner = Person(desk.lab)
    with cleaned(desk, owner.name) as own:
        desk.docker("tag", "docker-is-cool", own)
        yield owner


def test_a_token_without_the_permission_to_write(desk: Desk, holder: Person) -> None:
    name = f"{holder.name}/docker-is-cool"
    for scope in ("repo:public_read", "repo:read"):
        holder.logs_in(holder.token(scope)["token"])
        assert "access token has insufficient scopes" in desk.refused("push", name)
        sentence, command = desk.told(name)
        assert "com a permissão Repo Read & Write" in sentence
        assert f"{desk.lab.hub_url}/conta/tokens/" in sentence
        assert command == f"docker login -u {holder.name}"
        outcome, message = desk.verdicts()["pushed"]
        assert outcome == "not_attempted"
        assert "O token com que você entrou" in message
    holder.logs_in(holder.token("repo:write")["token"])
    assert desk.told(name)[1] == f"docker push {name}:latest"
    desk.docker("push", name)
    assert desk.verdicts()["pushed"][0] == "passed"


def expires(person: Person) -> str:
    """An hour goes by at once: however short a life, on a busy machine the login may take longer."""
    until = datetime.now(UTC) + timedelta(hours=1)
    made = person.token("repo:write", expires_at=until.isoformat())
    person.logs_in(made["token"])
    with closing(sqlite3.connect(person.lab.home / "hub" / "db.sqlite3")) as database, database:
        query = "UPDATE tokens_accesstoken SET expires_at = datetime('now') WHERE uuid = ?"
        assert database.execute(query, [made["uuid"].replace("-", "")]).rowcount == 1
    return "venceu"


def is_put_out_of_use(person: Person) -> str:
    made = person.token("repo:write")
    person.logs_in(made["token"])
    person.asks("PATCH", f"/v2/access-tokens/{made['uuid']}", is_active=False)
    return "está desativado"


def is_deleted(person: Person) -> str:
    made = person.token("repo:write")
    person.logs_in(made["token"])
    person.asks("DELETE", f"/v2/access-tokens/{made['uuid']}")
    return "foi apagado"


@pytest.mark.parametrize("happens", [expires, is_put_out_of_use, is_deleted])
def test_a_token_that_works_no_more(desk: Desk, holder: Person, happens: Callable[[Person], str]) -> None:
    name = f"{holder.name}/docker-is-cool"
    words = happens(holder)
    assert words in desk.refused("push", name)
    sentence, command = desk.told(name, 3)
    assert words in sentence
    assert f"{desk.lab.hub_url}/conta/tokens/" in sentence
    assert command == f"docker login -u {holder.name}"
    outcome, message = desk.verdicts()["pushed"]
    assert outcome == "unverifiable"
    assert words in message


def test_a_password_that_changed(desk: Desk, person: Person) -> None:
    name, new = f"{person.name}/docker-is-cool", "outra-senha-bem-longa"
    person.logs_in()
    person.sends("/conta/senha/", oldpassword=person.password, password1=new, password2=new)
    desk.refused("push", name)
    sentence, command = desk.told(name, 3)
    assert "a senha está errada ou mudou." in sentence
    assert command == f"docker login -u {person.name}"
    outcome, message = desk.verdicts()["pushed"]
    assert outcome == "unverifiable"
    assert f"`docker login -u {person.name}`" in message
    person.logs_in(new)
    assert desk.told(name)[1].startswith("docker push")


def test_which_login_it_is_and_what_it_may_do_is_asked_of_the_hub(desk: Desk, holder: Person) -> None:
    """The rules `token_used` and `token_scope`, in a unit of their own."""
    rules = {"token_used": "", "token_scope": 'image = "{docker_id}/segredo"\nscope = "read"\n'}
    checks = "".join(f'[[check]]\nrule = "{rule}"\npoints = 5\n{keys}' for rule, keys in rules.items())
    with tempfile.TemporaryDirectory(prefix="curso-") as folder:
        unit = Path(folder) / "80-acesso" / "unit.toml"
        unit.parent.mkdir()
        unit.write_text(f'title = "Acesso"\npoints = 10\n{checks}', encoding="utf-8")
        with desk_in(desk.lab, COURSE_HOME=folder) as course:
            for secret, outcomes in (
                (holder.password, ("failed", "failed")),
                (holder.token("repo:read")["token"], ("passed", "passed")),
                (holder.token("repo:write")["token"], ("passed", "failed")),
                (holder.token("repo:public_read")["token"], ("passed", "failed")),
            ):
                holder.logs_in(secret)
                verdicts = course.verdicts("acesso")
                assert (verdicts["token_used"][0], verdicts["token_scope"][0]) == outcomes, verdicts


def test_over_the_private_quota(desk: Desk, person: Person) -> None:
    name = f"{person.name}/docker-is-cool"
    segredo = {"namespace": person.name, "name": "segredo", "is_private": True}
    person.asks("POST", f"/v2/namespaces/{person.name}/repositories", **segredo)
    person.sends("/conta/privacidade/", visibility="private")
    person.logs_in()
    said = desk.refused("push", name)
    assert "private repository limit reached: " in said
    assert f"o seu é {person.name}/segredo." in said
    sentence, page = desk.told(name)
    assert "você já usa o único repositório privado" in sentence
    assert page == f"{desk.lab.hub_url}/conta/privacidade/"
    outcome, message = desk.verdicts()["pushed"]
    assert outcome == "not_attempted"
    assert page in message
    person.asks("POST", f"/v2/repositories/{person.name}/segredo/privacy", is_private=False)
    desk.docker("push", name)
    assert "privado" in desk.verdicts()["public"][1]


def test_too_many_tries(desk: Desk, person: Person) -> None:
    """The hub, started again, remembers no password; ten wrong ones, and it asks for a pause."""
    name = f"{person.name}/docker-is-cool"
    person.logs_in()
    with without(desk.lab, "hub"):
        pass
    for number in range(10):
        wrong = ["docker", "login", "-u", person.name, "--password-stdin"]
        assert desk.lab.run(wrong, text=f"chute-numero-{number}").returncode != 0
    assert "toomanyrequests" in desk.refused("push", name)
    sentence, command = desk.told(name, 3)
    assert "pediu uma pausa" in sentence
    assert command == f"docker push {name}:latest"
    assert desk.verdicts()["pushed"][0] == "unverifiable"
