"""A case is a world in JSON: what it says is what the rules see; a slip in it is refused."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from checks import cases
from checks.errors import BadUnit, EngineOff, HubUnreachable, LoginRefused, RateLimited, RegistryUnreachable
from checks.image import (
    Access,
    Account,
    AccountRequest,
    Answer,
    AnswerRequest,
    Clock,
    ClockRequest,
    Fact,
    History,
    HistoryRequest,
    LocalImage,
    LocalImageRequest,
    LocalNames,
    LocalNamesRequest,
    Login,
    LoginRequest,
    Platform,
    PublicImage,
    PublicImageRequest,
    RemoteImage,
    RemoteImageRequest,
    RemoteTags,
    RemoteTagsRequest,
    Repository,
    RepositoryRequest,
    Request,
    SignedWith,
)
from checks.outcome import Outcome
from checks.reference import parse

NAME = parse("ana/docker-is-cool")
WORLD: dict[str, Any] = {
    "learner": "ana",
    "account": {"exists": True, "confirmed": True},
    "images": {
        "cool": {
            "platform": "linux/arm/v7",
            "diff_ids": ["sha256:aa"],
            "run": {"cmd": ["/hello"], "labels": {"a": "b"}, "exposed_ports": ["80/tcp"], "user": "1000"},
        }
    },
    "engine": {"docker-is-cool": "cool"},
    "registry": {"ana/docker-is-cool:latest": {"image": "cool", "digest": "sha256:dd", "public": False}},
    "history": [{"action": "push", "name": "ana/docker-is-cool:latest"}],
}


def write(folder: Path, world: Any, name: str = "passa-tudo.json") -> Path:
    path = folder / name
    path.write_text(world if isinstance(world, str) else json.dumps(world), encoding="utf-8")
    return path


def fetch(folder: Path, world: Any, request: Request) -> Fact:
    return asyncio.run(cases.load(write(folder, world)).fetch(request))


def test_what_it_says_is_what_is_seen(tmp_path: Path) -> None:
    local = fetch(tmp_path, WORLD, LocalImageRequest(parse("docker-is-cool:latest")))
    assert isinstance(local, LocalImage)
    assert local.image
    assert local.image.platform == Platform("linux", "arm", "v7")
    assert local.image.run.exposed_ports == ("80/tcp",)
    remote = fetch(tmp_path, WORLD, RemoteImageRequest(NAME))
    assert isinstance(remote, RemoteImage)
    assert (remote.access, remote.digest, remote.images) == (Access.FOUND, "sha256:dd", (local.image,))
    history = fetch(tmp_path, WORLD, HistoryRequest())
    assert isinstance(history, History)
    assert [event.action for event in history.events] == ["push"]
    assert fetch(tmp_path, WORLD, LoginRequest()) == Login("ana", SignedWith.PASSWORD)
    assert fetch(tmp_path, WORLD, AccountRequest("ana")) == Account("ana", exists=True, confirmed=True)
    assert fetch(tmp_path, WORLD, RepositoryRequest(NAME)) == Repository(NAME, True, True, "", "")


def test_what_it_does_not_say_is_not_there(tmp_path: Path) -> None:
    assert fetch(tmp_path, {}, LoginRequest()) == Login(None)
    assert fetch(tmp_path, {}, AccountRequest("ana")) == Account("ana", exists=False)
    assert fetch(tmp_path, {}, LocalImageRequest(NAME)) == LocalImage(NAME, None)
    assert fetch(tmp_path, {}, RemoteImageRequest(NAME)) == RemoteImage(NAME, Access.MISSING)
    assert fetch(tmp_path, {}, HistoryRequest()) == History()
    assert fetch(tmp_path, {}, RepositoryRequest(NAME)) == Repository(NAME, exists=False)


@pytest.mark.parametrize(
    ("public", "login", "own", "anonymous"),
    [
        (True, "bob", Access.FOUND, Access.FOUND),
        (False, "ana", Access.FOUND, Access.DENIED),
        (False, "bob", Access.DENIED, Access.DENIED),
        (False, None, Access.DENIED, Access.DENIED),
    ],
)
def test_who_sees_a_repository(
    tmp_path: Path, public: bool, login: str | None, own: Access, anonymous: Access
) -> None:
    world = {**WORLD, "login": login, "registry": {"ana/docker-is-cool": {"image": "cool", "public": public}}}
    seen = [fetch(tmp_path, world, kind(NAME)) for kind in (RemoteImageRequest, PublicImageRequest)]
    assert [fact.access for fact in seen if not isinstance(fact, Login)] == [own, anonymous]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "request_", "error"),
    [
        ({"engine": "unreachable"}, LocalImageRequest(NAME), EngineOff),
        ({"registry": "unreachable"}, RemoteImageRequest(NAME), RegistryUnreachable),
        ({"registry": "unreachable"}, PublicImageRequest(NAME), RegistryUnreachable),
        ({"registry": "rate_limited"}, RemoteImageRequest(NAME), RateLimited),
        ({"account": "unreachable"}, AccountRequest("ana"), HubUnreachable),
        ({"repositories": "unreachable"}, RepositoryRequest(NAME), HubUnreachable),
        ({"repositories": "rate_limited"}, RepositoryRequest(NAME), RateLimited),
        ({"registry": "unreachable"}, RepositoryRequest(NAME), RegistryUnreachable),
        ({"engine": "unreachable", "history": None}, HistoryRequest(), EngineOff),
    ],
)
def test_an_outage_is_one(
    tmp_path: Path, changes: dict[str, Any], request_: Request, error: type[Exception]
) -> None:
    world = {key: value for key, value in {**WORLD, **changes}.items() if value is not None}
    with pytest.raises(error):
        fetch(tmp_path, world, request_)


def test_how_an_image_was_made(tmp_path: Path) -> None:
    made = {"diff_ids": ["sha256:aa"], "size": 1_500_000, "history": ["COPY a /", "RUN b"]}
    world = {"images": {"cool": made, "bare": {}}, "engine": {"cool": "cool", "bare": "bare"}}
    for name, size, history in (("cool", 1_500_000, ("COPY a /", "RUN b")), ("bare", None, ())):
        local = fetch(tmp_path, world, LocalImageRequest(parse(name)))
        assert isinstance(local, LocalImage)
        assert local.image
        assert (local.image.size, local.image.history) == (size, history)


APP = {"description": "Uma página", "overview": "# Oi", "private": True}


def test_what_is_written_about_a_repository(tmp_path: Path) -> None:
    world = {**WORLD, "repositories": {"ana/vazio": {**APP, "private": False}, "ana/docker-is-cool": APP}}
    world["registry"] = {"ana/docker-is-cool:latest": {"image": "cool"}}
    empty = parse("ana/vazio")
    assert fetch(tmp_path, world, RepositoryRequest(empty)) == Repository(
        empty, exists=True, private=False, description="Uma página", overview="# Oi"
    )
    assert fetch(tmp_path, world, RemoteTagsRequest(empty)) == RemoteTags(empty)
    own = fetch(tmp_path, world, RepositoryRequest(NAME))
    assert isinstance(own, Repository)
    assert (own.private, own.overview) == (True, "# Oi")
    anonymous = fetch(tmp_path, world, PublicImageRequest(NAME))  # private there is private here
    assert isinstance(anonymous, PublicImage)
    assert anonymous.access is Access.DENIED
    assert fetch(tmp_path, {**world, "login": "bia"}, RepositoryRequest(NAME)) == Repository(
        NAME, exists=False
    )
    assert fetch(tmp_path, {**world, "login": None}, RepositoryRequest(NAME)) == Repository(
        NAME, exists=False
    )


def test_what_the_hub_does_not_tell_is_null(tmp_path: Path) -> None:
    world = {"repositories": {"ana/docker-is-cool": dict.fromkeys(APP)}}
    assert fetch(tmp_path, world, RepositoryRequest(NAME)) == Repository(NAME, exists=True)


def test_a_name_that_the_registry_denies_is_no_repository(tmp_path: Path) -> None:
    world = {"learner": "ana", "registry": {"ana/docker-is-cool": "denied"}}
    assert fetch(tmp_path, world, RepositoryRequest(NAME)) == Repository(NAME, exists=False)


def test_an_answer(tmp_path: Path) -> None:
    world = {"answers": {"porta": "80"}}
    assert fetch(tmp_path, world, AnswerRequest("push", "porta")) == Answer("porta", "80")
    assert fetch(tmp_path, world, AnswerRequest("push", "nome")) == Answer("nome")


def test_what_a_diagnosis_reads(tmp_path: Path) -> None:
    world = {**WORLD, "platform": "linux/arm64", "clock_ahead": -900}
    assert fetch(tmp_path, world, ClockRequest()) == Clock(-900)
    assert fetch(tmp_path, WORLD, ClockRequest()) == Clock(0)
    names = LocalNames((parse("docker-is-cool"),), Platform("linux", "arm64"))
    assert fetch(tmp_path, world, LocalNamesRequest()) == names
    assert fetch(tmp_path, world, RemoteTagsRequest(NAME)) == RemoteTags(NAME, ("latest",))
    hidden = {**world, "login": "bia"}
    assert fetch(tmp_path, hidden, RemoteTagsRequest(NAME)) == RemoteTags(NAME)


def test_a_refused_login_hides_what_is_asked_with_it(tmp_path: Path) -> None:
    world = {**WORLD, "login_refused": True}
    for request in (RemoteImageRequest(NAME), RemoteTagsRequest(NAME), RepositoryRequest(NAME)):
        with pytest.raises(LoginRefused):
            fetch(tmp_path, world, request)
    assert fetch(tmp_path, world, LoginRequest()) == Login("ana", SignedWith.PASSWORD)


def test_recorded_history_outlives_the_engine(tmp_path: Path) -> None:
    assert fetch(tmp_path, {**WORLD, "engine": "unreachable"}, HistoryRequest()) != History()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("passa-com-indice.json", Outcome.PASSED),
        ("falha-outra-imagem.json", Outcome.FAILED),
        ("incerto-429.json", Outcome.UNVERIFIABLE),
        ("naotentado.json", Outcome.NOT_ATTEMPTED),
    ],
)
def test_the_name_says_the_verdict(tmp_path: Path, name: str, expected: Outcome) -> None:
    assert cases.load(write(tmp_path, {}, name)).expected is expected


def test_a_name_without_a_verdict_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUnit, match=r"`passa-…\.json`"):
        cases.load(write(tmp_path, {}, "ok.json"))


@pytest.mark.parametrize(
    ("world", "word"),
    [
        ("{", "não é um JSON válido"),
        ([], "tem de ser uma tabela"),
        ({"learnr": "ana"}, "Você quis dizer `learner`"),
        ({"learner": 3}, "`learner` tem de ser um texto"),
        ({"engine": {"docker-is-cool": "cool"}}, "`cool` não está em `images`"),
        ({"registry": {"ana/x": {"digest": "sha256:a"}}}, "não está em `images`"),
        ({"registry": {"ana/x": "cool"}}, "tem de ser uma tabela"),
        ({**WORLD, "engine": {"Docker": "cool"}}, "minúsculas"),
        ({"engine": "off"}, '"unreachable"'),
        ({"images": {"cool": {"layers": []}}}, "`layers` não é conhecida"),
        ({"images": {"cool": {"diff_ids": "x"}}}, "`diff_ids` tem de ser uma lista"),
        ({"images": {"cool": {"run": {"comand": []}}}}, "`comand` não é conhecida"),
        ({"images": {"cool": {"run": {"cmd": "/hello"}}}}, "a configuração não serve"),
        ({"images": {"cool": {"platform": "linux", "diff_ids": ["a"]}}}, "`platform`"),
        ({"account": {"exists": "sim"}}, "`exists` tem de ser true ou false"),
        ({"history": [{"action": "build"}]}, "history, evento 1"),
        ({"clock_ahead": "muito"}, "`clock_ahead` tem de ser um número inteiro"),
        ({"login_refused": "sim"}, "`login_refused` tem de ser true ou false"),
        ({"platform": "amd64"}, "`platform`"),
        ({"images": {"cool": {"size": "1 MB"}}}, "`size` tem de ser um número inteiro"),
        ({"images": {"cool": {"size": -1}}}, "`size` não pode ser negativo"),
        ({"images": {"cool": {"history": "RUN a"}}}, "`history` tem de ser uma lista"),
        ({"repositories": {"ana/x": {"privado": True}}}, "`privado` não é conhecida"),
        ({"repositories": {"ana/x": {"private": "sim"}}}, "`private` tem de ser true ou false"),
        ({"repositories": {"ana/x:1.0": {}}}, "um repositório se escreve sem tag"),
        ({"repositories": {"Ana/X": {}}}, "minúsculas"),
        ({"repositories": "fora"}, '"unreachable"'),
        (
            {
                **WORLD,
                "registry": {"ana/x": {"image": "cool", "public": True}},
                "repositories": {"ana/x": APP},
            },
            "`repositories` diz que o repositório é privado",
        ),
        ({"answers": {"porta": 80}}, "`porta` tem de ser um texto"),
    ],
)
def test_a_malformed_case_says_where(tmp_path: Path, world: Any, word: str) -> None:
    with pytest.raises(BadUnit) as caught:
        cases.load(write(tmp_path, world))
    assert word in str(caught.value)
    assert str(tmp_path / "passa-tudo.json") in str(caught.value)
