"""The reading part of /v2 and the classic search: shapes, pages, and who may read what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.attempts import MOST_WRONG
from hub.accounts.models import User
from hub.api import bearer
from hub.repositories.models import Repository, Tag
from tests.facts import schemas

PASSWORD = "senha-de-treino"
APP = "/v2/namespaces/ana/repositories/app"
LIST = "/v2/namespaces/ana/repositories"
OLD_LIST, OLD_APP = "/v2/repositories/ana", "/v2/repositories/ana/app"


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_confirmed("ana", "ana@exemplo.com", PASSWORD)


@pytest.fixture
def bia(db: None) -> User:
    return User.objects.create_confirmed("bia", "bia@exemplo.com", PASSWORD)


@pytest.fixture
def app(ana: User) -> Repository:
    app = Repository.objects.create(namespace="ana", name="app", owner=ana, pull_count=3)
    image = {"platform": "linux/arm64/v8", "digest": "sha256:" + "b" * 64, "size": 42}
    Tag.objects.create(
        repository=app,
        name="latest",
        digest="sha256:" + "a" * 64,
        media_type="application/vnd.oci.image.index.v1+json",
        size=42,
        pushed_by=ana,
        images=[image],
    )
    return app


@pytest.fixture
def secret(ana: User) -> Repository:
    return Repository.objects.create(namespace="ana", name="secreto", owner=ana, is_private=True)


def sign_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    asked = {"identifier": username, "secret": password}
    return client.post("/v2/auth/token", asked, content_type="application/json")


def as_person(client: Client, person: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_in(client, person.username).json()['access_token']}"}


def test_a_token_is_a_jwt_of_ten_minutes(client: Client, ana: User) -> None:
    token = sign_in(client, "ana").json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 600


@pytest.mark.parametrize(
    ("username", "password"),
    [("ana", "errada"), ("ninguem", PASSWORD), ("a\0b", PASSWORD), ("ana", "\ud800")],
)
def test_wrong_credentials_get_no_token(client: Client, ana: User, username: str, password: str) -> None:
    answer = sign_in(client, username, password)
    assert answer.status_code == 401
    assert set(answer.json()) >= {"detail", "message"}


def test_an_account_without_its_code_gets_no_token(client: Client, db: None) -> None:
    User.objects.create_user("caio", "caio@exemplo.com", PASSWORD)
    assert sign_in(client, "caio").status_code == 401


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", "3", '{"identifier": "ana"}', '{"identifier": 1, "secret": 2}']
)
def test_a_request_for_a_token_that_makes_no_sense(client: Client, db: None, body: str) -> None:
    """The documentation knows no 400 here."""
    answer = client.post("/v2/auth/token", body, content_type="application/json")
    assert answer.status_code == 401
    assert set(answer.json()) >= {"detail", "message"}


def test_guessing_is_answered_with_429(client: Client, ana: User) -> None:
    for number in range(MOST_WRONG):
        assert sign_in(client, "ana", f"chute-{number}").status_code == 401
    answer = sign_in(client, "ana")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Espere 5 minutos" in answer.json()["message"]


def test_a_person(client: Client, ana: User) -> None:
    body = client.get("/v2/users/ana").json()
    assert (body["username"], body["is_confirmed"]) == ("ana", True)
    assert body["profile_url"].endswith("/u/ana")
    assert set(body) == {"id", "username", "date_joined", "profile_url", "is_confirmed"}


def test_a_person_without_the_code_is_there_and_not_confirmed(client: Client, db: None) -> None:
    User.objects.create_user("caio", "caio@exemplo.com", PASSWORD)
    assert client.get("/v2/users/caio").json()["is_confirmed"] is False


@pytest.mark.parametrize("address", ["/v2/users/ninguem", "/v2/users/a%00b", "/v2/nada", "/v2/"])
def test_what_is_not_there_is_json_too(client: Client, ana: User, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert set(answer.json()) >= {"detail", "message"}


def test_a_repository(client: Client, app: Repository) -> None:
    body = client.get(APP).json()
    assert (body["namespace"], body["name"], body["pull_count"]) == ("ana", "app", 3)
    assert body["storage_size"] == 42
    assert body["permissions"] == {"read": True, "write": False, "admin": False}


def test_the_owner_may_write(client: Client, ana: User, app: Repository) -> None:
    body = client.get(APP, headers=as_person(client, ana)).json()
    assert body["permissions"]["write"]
    assert body["affiliation"] == "owner"


def test_a_tag(client: Client, app: Repository) -> None:
    body = client.get(f"{APP}/tags/latest").json()
    assert (body["name"], body["full_size"], body["last_updater_username"]) == ("latest", 42, "ana")
    image = body["images"][0]
    assert (image["os"], image["architecture"], image["variant"]) == ("linux", "arm64", "v8")


@pytest.mark.parametrize("rest", ["", "/app", "/app/tags", "/app/tags/latest"])
@pytest.mark.parametrize("start", [LIST, OLD_LIST])
def test_reading_with_head_and_with_a_slash(client: Client, app: Repository, start: str, rest: str) -> None:
    """The addresses of before answer the same."""
    address = start + rest
    assert client.head(address).status_code == 200
    assert client.get(f"{address}/").json() == client.get(LIST + rest).json()
    refused = client.put(address)
    assert (refused.status_code, refused["Content-Type"]) == (405, "application/json")
    assert "GET, HEAD" in refused["Allow"]


@pytest.mark.parametrize("address", [APP, OLD_APP, f"{OLD_APP}/"])
def test_the_owner_describes_a_repository(client: Client, ana: User, app: Repository, address: str) -> None:
    said = {"description": "curta", "full_description": "# Longa"}
    answer = client.patch(address, said, "application/json", headers=as_person(client, ana))
    assert answer.status_code == 200
    assert said.items() <= answer.json().items()
    assert said.items() <= client.get(APP).json().items()


def test_a_description_alone_leaves_the_overview(client: Client, ana: User, app: Repository) -> None:
    Repository.objects.update(full_description="# Longa")
    client.patch(APP, {"description": "curta"}, "application/json", headers=as_person(client, ana))
    app.refresh_from_db()
    assert (app.description, app.full_description) == ("curta", "# Longa")


@pytest.mark.parametrize(
    "body", [{"description": "a" * 101}, {"full_description": 3}, {"description": None}, {"status": 0}]
)
def test_a_description_sent_wrongly(client: Client, ana: User, app: Repository, body: object) -> None:
    answer = client.patch(APP, body, "application/json", headers=as_person(client, ana))
    assert answer.status_code == 400
    assert client.get(APP).json()["description"] == ""


def test_only_the_owner_describes(client: Client, ana: User, bia: User, app: Repository) -> None:
    body = {"description": "minha"}
    assert client.patch(APP, body, "application/json").status_code == 401
    assert client.patch(APP, body, "application/json", headers=as_person(client, bia)).status_code == 403
    missing = client.patch(f"{LIST}/outro", body, "application/json", headers=as_person(client, ana))
    assert missing.status_code == 404


@pytest.mark.parametrize("address", [LIST, OLD_LIST, "/v2/repositories", "/v2/repositories/"])
def test_a_repository_is_made(client: Client, ana: User, address: str) -> None:
    asked = {"namespace": "ana", "name": "novo", "description": "curta", "registry": "docker.io"}
    answer = client.post(address, asked, "application/json", headers=as_person(client, ana))
    assert (answer.status_code, answer.json()["description"]) == (201, "curta")
    assert client.get(f"{LIST}/novo").status_code == 200
    again = client.post(address, asked, "application/json", headers=as_person(client, ana))
    assert (again.status_code, list(again.json()["fields"])) == (400, ["name"])


def test_two_tags_of_one_image_weigh_as_one(client: Client, app: Repository) -> None:
    one = app.tags.get()
    Tag.objects.create(repository=app, name="v1", digest=one.digest, size=one.size, media_type=one.media_type)
    other = "application/vnd.oci.image.manifest.v1+json"
    Tag.objects.create(repository=app, name="v2", digest="sha256:" + "c" * 64, size=8, media_type=other)
    Tag.objects.create(repository=app, name="v3", digest="sha256:" + "d" * 64)  # not read yet
    body = client.get(APP).json()
    assert (body["storage_size"], body["media_types"]) == (50, sorted([one.media_type, other]))


def test_an_artifact_is_no_image(client: Client, app: Repository) -> None:
    image = {"platform": "unknown/unknown", "digest": "sha256:" + "b" * 64, "size": 4}
    Tag.objects.create(repository=app, name="letra", digest="sha256:" + "c" * 64, images=[image])
    kinds = {one["name"]: one["content_type"] for one in client.get(f"{APP}/tags").json()["results"]}
    assert kinds == {"latest": "image", "letra": "unrecognized"}


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"page": "2"}, {"page_size": "-1"}])
def test_a_page_of_tags_that_is_not_there(client: Client, app: Repository, query: dict[str, str]) -> None:
    assert client.get(f"{APP}/tags", query).status_code == 404
    assert len(client.get(f"{APP}/tags", {"page_size": 1000}).json()["results"]) == 1


@pytest.mark.parametrize("rest", ["", "/tags", "/tags/latest"])
def test_a_private_repository_is_for_its_owner(
    client: Client, ana: User, bia: User, secret: Repository, rest: str
) -> None:
    Tag.objects.create(repository=secret, name="latest", digest="sha256:" + "a" * 64)
    address = f"/v2/namespaces/ana/repositories/secreto{rest}"
    assert client.get(address).status_code == 404
    assert client.get(address, headers=as_person(client, bia)).status_code == 404
    assert client.get(address, headers=as_person(client, ana)).status_code == 200


def test_a_session_of_the_browser_is_no_token(client: Client, ana: User, secret: Repository) -> None:
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/v2/namespaces/ana/repositories/secreto").status_code == 404


def test_the_list_has_private_ones_for_the_owner_alone(
    client: Client, ana: User, app: Repository, secret: Repository
) -> None:
    assert client.get(LIST).json()["count"] == 1
    assert client.get(LIST, headers=as_person(client, ana)).json()["count"] == 2


def test_a_token_that_is_not_good_is_refused(client: Client, ana: User, app: Repository) -> None:
    old = bearer.LIFE + timedelta(minutes=1)
    claims = {"iss": bearer.AUDIENCE, "aud": bearer.AUDIENCE, "sub": "ana"}
    expired = jwt.encode(claims | {"exp": timezone.now() - old}, bearer._key(), algorithm="HS256")
    forged = jwt.encode(claims | {"exp": timezone.now() + old}, "x" * 32, algorithm="HS256")
    unsigned = jwt.encode(claims | {"exp": timezone.now() + old}, "", algorithm="none")
    for token in (expired, forged, unsigned, "nada", ""):
        assert client.get(APP, headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert client.get(APP, headers={"Authorization": "Basic YW5hOng="}).status_code == 401


def test_the_token_of_an_account_that_was_closed_is_refused(
    client: Client, ana: User, app: Repository
) -> None:
    headers = as_person(client, ana)
    User.objects.update(is_active=False)
    assert client.get(APP, headers=headers).status_code == 401


def test_pages(client: Client, ana: User) -> None:
    for number in range(5):
        Repository.objects.create(namespace="ana", name=f"app{number}")
    first = client.get(LIST, {"page_size": "2", "ordering": "name"}).json()
    assert (first["count"], first["previous"]) == (5, None)
    names, following = [], first
    while True:
        names += [one["name"] for one in following["results"]]
        if following["next"] is None:
            break
        following = client.get(following["next"]).json()
    assert names == [f"app{number}" for number in range(5)]
    assert client.get(LIST, {"page": 4, "page_size": 2}).status_code == 404
    assert client.get(LIST, {"page_size": 101}).status_code == 400
    assert len(client.get(OLD_LIST, {"page_size": 1000}).json()["results"]) == 5


def test_an_empty_namespace_is_an_empty_first_page(client: Client, db: None) -> None:
    assert client.get(LIST).json() == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "x"},
        {"page": "-1"},
        {"page_size": "²"},
        {"page": "9" * 30},
        {"ordering": "owner"},
    ],
)
def test_a_list_asked_wrongly(client: Client, app: Repository, query: dict[str, str]) -> None:
    answer = client.get(LIST, query)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == set(query)


@pytest.mark.parametrize(
    ("ordering", "names"),
    [("name", ["app", "base"]), ("-name", ["base", "app"]), ("-pull_count", ["app", "base"])],
)
def test_order(client: Client, app: Repository, ordering: str, names: list[str]) -> None:
    Repository.objects.create(namespace="ana", name="base")
    body = client.get(LIST, {"ordering": ordering}).json()
    assert [one["name"] for one in body["results"]] == names


def test_filter_by_part_of_the_name(client: Client, app: Repository) -> None:
    assert client.get(LIST, {"name": "pp"}).json()["count"] == 1
    assert client.get(LIST, {"name": "outro\0"}).json()["count"] == 0


@pytest.mark.parametrize(
    ("schema", "address"),
    [("repository_info", APP), ("repository_list_entry", LIST), ("tag", f"{APP}/tags/latest")],
)
def test_every_documented_key_is_there(client: Client, app: Repository, schema: str, address: str) -> None:
    described = schemas()[schema]
    body = client.get(address).json()
    entry = body["results"][0] if "results" in body else body
    missing = described["properties"].keys() - entry.keys()
    assert not missing
