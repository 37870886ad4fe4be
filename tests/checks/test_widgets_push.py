"""`enviar`: the engine's account of a push, as both image stores give it, and what is made of it."""

import base64
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from checks import engine, enviar
from checks.errors import EngineOff
from checks.reference import Reference, parse
from checks.widgets.push import Pushed, PushPanel
from checks.widgets.push_log import PushLog, State, summary
from tests.checks.conftest import FakeEngine, serving

Message = Mapping[str, Any]
DIGEST = "sha256:" + "5" * 64
END = {"status": f"1.0: digest: {DIGEST} size: 1359"}
REFERS = {"status": "The push refers to repository [docker.io/ana/app]"}
APP = parse("ana/app:1.0")


def layer(number: str, status: str, current: int | None = None, total: int | None = None) -> Message:
    told = {"current": current, "total": total}
    return {
        "id": number,
        "status": status,
        "progressDetail": {k: v for k, v in told.items() if v is not None},
    }


def refused(words: str) -> Message:
    return {"errorDetail": {"message": words}, "error": words}


# What 20.10.24 and 26.1.5 sent for an image of two new layers over one that the repository had.
CLASSIC: list[Message] = [
    REFERS,
    layer("c7864bd384b7", "Preparing"),
    layer("82359908fb0a", "Preparing"),
    layer("93d06c079577", "Preparing"),
    layer("93d06c079577", "Layer already exists"),
    layer("c7864bd384b7", "Pushing", 1536),
    layer("82359908fb0a", "Pushing", 33792, 3000000),
    layer("c7864bd384b7", "Pushed"),
    layer("82359908fb0a", "Pushing", 3001856, 3000000),
    layer("82359908fb0a", "Pushed"),
    END,
    {"progressDetail": {}, "aux": {"Tag": "1.0", "Digest": DIGEST, "Size": 1359}},
]
CONTAINERD: list[Message] = [
    REFERS,
    layer("b9599cc596f6", "Waiting"),
    layer("bc2b8c3d8a74", "Waiting"),
    layer("855a26833680", "Waiting"),
    layer("bc2b8c3d8a74", "Waiting"),
    layer("855a26833680", "Layer already exists"),
    layer("b9599cc596f6", "Pushing", total=3001118),
    layer("bc2b8c3d8a74", "Pushing", 86, 86),
    layer("bc2b8c3d8a74", "Pushed"),
    layer("b9599cc596f6", "Pushing", 1048576, 3001118),
    layer("b9599cc596f6", "Pushed"),
    END,
]
ATTESTED = [
    REFERS,
    layer("9ba56df54134", "Already exists"),
    layer("94f64ad72c35", "Layer already exists"),
    END,
]
MOUNTED = [REFERS, layer("855a26833680", "Waiting"), layer("855a26833680", "Mounted from ana/outro"), END]
DENIED = [
    REFERS,
    layer("855a26833680", "Preparing"),
    layer("fc2546c61ac9", "Layer already exists"),
    refused("denied: requested access to the resource is denied"),
]


def heard(messages: Iterable[Message]) -> PushLog:
    log = PushLog()
    for message in messages:
        log = log.heard(message)
    return log


def panel(messages: Iterable[Message], why: str = "Entre com `docker login -u ana`.") -> PushPanel:
    return PushPanel(APP, lambda reference: iter(list(messages)), lambda reference: why)


def seen(made: PushPanel) -> str:
    return "".join(getattr(child, "value", "") for child in made.widget.children[1:])


@pytest.mark.parametrize("messages", [CLASSIC, CONTAINERD])
def test_both_stores_end_in_the_same_words(messages: list[Message]) -> None:
    log = heard(messages)
    assert log.is_done
    assert log.digest == DIGEST
    assert summary(log) == "3 camadas: 2 enviadas, 1 já estava lá."


@pytest.mark.parametrize("messages", [CLASSIC, CONTAINERD])
def test_no_bar_goes_back_or_past_its_end(messages: list[Message]) -> None:
    logs = list(accumulate(messages, lambda log, message: log.heard(message), initial=PushLog()))
    for number in logs[-1].layers:
        shares = [log.layers[number].share for log in logs if number in log.layers]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (ATTESTED, "1 camada: já estava lá."),
        (MOUNTED, "1 camada: já estava lá."),
        ([REFERS, layer("a" * 12, "Pushed"), END], "1 camada: enviada."),
        ([REFERS, layer("a" * 12, "Layer already exists"), layer("b" * 12, "Layer already exists"), END],
         "2 camadas: todas já estavam lá, e nenhuma precisou subir."),
        ([REFERS, END], "Nenhuma camada subiu."),
    ],
)  # fmt: skip
def test_the_layers_are_counted_in_whole_sentences(messages: list[Message], words: str) -> None:
    assert summary(heard(messages)) == words


def test_a_layer_of_another_repository_says_so() -> None:
    assert [each.state for each in heard(MOUNTED).layers.values()] == [State.MOUNTED]


def test_a_refusal_stops_what_was_on_its_way_and_nothing_else() -> None:
    log = heard(DENIED)
    assert not log.is_done
    assert log.refusal == "denied: requested access to the resource is denied"
    assert [each.state for each in log.layers.values()] == [State.STOPPED, State.KNOWN]


@pytest.mark.parametrize(
    "words",
    ["tag does not exist: ana/app:1.0", "An image does not exist locally with the tag: ana/app"],
)
def test_an_image_that_is_not_there_is_told_alike_on_both_stores(words: str) -> None:
    done = panel([REFERS, refused(words)], "Dê esse nome à imagem certa.").push()
    assert repr(done) == "O envio de `ana/app:1.0` não se completou.\nDê esse nome à imagem certa."


def test_what_a_registry_says_cannot_move_the_cursor_of_a_terminal() -> None:
    assert "\x1b" not in str(heard([refused("no\x1b[2J")]).refusal)


STRANGE: list[Message] = [
    {},
    {"status": None},
    {"id": 3, "status": "x"},
    {"id": "a", "status": "Retrying in 5 seconds"},
    {"id": "a", "status": "Pushing", "progressDetail": {"current": "x", "total": 0}},
    {"id": "a", "status": "Pushing", "progressDetail": None},
]


@pytest.mark.parametrize("message", STRANGE)
def test_a_strange_message_is_no_trouble(message: Message) -> None:
    log = heard([message])
    assert log.refusal is None
    assert all(0 <= each.share <= 1 for each in log.layers.values())


def test_a_push_is_drawn_a_bar_a_layer_and_told_aloud_when_it_ends() -> None:
    made = panel(CLASSIC)
    assert made.widget.children[4].layout.display == "none"  # "Enviar de novo"
    done = made.push()
    assert made.widget.children[4].layout.display is None
    assert done.digest == DIGEST
    shown = seen(made)
    assert shown.count('role="progressbar"') == 3
    assert shown.count('aria-valuetext="enviada"') == 2
    assert shown.count('aria-valuetext="já estava lá"') == 1
    assert '<p role="alert">✓ Envio terminado.</p>' in shown


def test_while_it_runs_the_bars_say_how_far_it_is() -> None:
    made: list[PushPanel] = []
    during: list[str] = []

    def slowly(reference: Reference) -> Iterator[Message]:
        for message in CLASSIC:
            yield message
            during.append(seen(made[0]))

    made.append(PushPanel(APP, slowly, str))
    made[0].push()
    assert "Enviando, aguarde…" in during[0]
    assert "aguarde" not in seen(made[0])


def test_the_value_says_what_came_of_it_and_where_it_points() -> None:
    done = panel(CLASSIC).push()
    assert repr(done).splitlines()[:2] == [
        "`ana/app:1.0` está no Docker Hub. 3 camadas: 2 enviadas, 1 já estava lá.",
        f"Digest: {DIGEST}",
    ]
    for words in ("<code>ana/app:1.0</code> está no Docker Hub", DIGEST, "impressão digital"):
        assert words in done._repr_html_()


def test_a_refused_push_says_the_engines_words_and_why() -> None:
    made = panel(DENIED, "Você entrou como `bia`.")
    done = made.push()
    assert done.digest is None
    assert repr(done).splitlines() == [
        "O envio de `ana/app:1.0` não se completou.",
        "O Docker disse: denied: requested access to the resource is denied",
        "Você entrou como `bia`.",
    ]
    assert "Você entrou como <code>bia</code>." in done._repr_html_()
    assert 'aria-valuetext="não subiu"' in seen(made)


def test_an_engine_that_hangs_up_is_no_success() -> None:
    done = panel(CLASSIC[:7], "O Docker Engine está desligado.").push()
    assert done.digest is None
    assert repr(done) == "O envio de `ana/app:1.0` não se completou.\nO Docker Engine está desligado."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EngineOff("unix:///x", "Ligue-o."), "O Docker Engine não respondeu em unix:///x. Ligue-o."),
        (ValueError("<ops>"), "a culpa não é sua"),
        (KeyboardInterrupt(), "Você interrompeu o envio."),
    ],
)
def test_whatever_goes_wrong_is_a_sentence(error: BaseException, words: str) -> None:
    def broken(reference: Reference) -> Iterator[Message]:
        yield from CLASSIC[:4]
        raise error

    made = PushPanel(APP, broken, str)
    done = made.push()
    assert done.digest is None
    assert words in repr(done)
    assert "<ops>" not in done._repr_html_()
    assert seen(made).count("não subiu") >= 3


def test_a_diagnosis_that_breaks_keeps_the_engines_words() -> None:
    def broken(reference: Reference) -> str:
        raise EngineOff("x", "y")

    done = PushPanel(APP, lambda reference: iter(DENIED), broken).push()
    assert "denied: requested access" in repr(done)
    assert "não respondeu" in repr(done)


def test_again_pushes_again_once_however_often_it_is_pressed() -> None:
    gate, pushes = threading.Event(), []

    def waiting(reference: Reference) -> Iterator[Message]:
        pushes.append(reference)
        gate.wait(10)
        yield from CLASSIC

    made = PushPanel(APP, waiting, str)
    again = made.widget.children[4]
    assert again.description == "Enviar de novo"
    again.click()
    again.click()
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "push":
            thread.join(10)
    assert pushes == [APP]
    assert "está no Docker Hub" in seen(made)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ana/App", "só aceita minúsculas"),
        ("", "Falta o nome"),
        ("ghcr.io/ana/app", "só fala com o Docker Hub"),
        (f"ana/app@{DIGEST}", "`ana/app:TAG`"),
        (None, "só aceita minúsculas"),
    ],
)
def test_a_name_that_cannot_be_pushed_is_a_sentence(name: object, words: str) -> None:
    assert words in str(enviar(name))


def test_without_an_engine_it_says_how_to_turn_it_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("LAB_MODE", "treino")
    done = enviar("ana/app")
    assert isinstance(done, Pushed)
    assert "lab aula" in repr(done)


# What the engine is asked.


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[web.Request]]:
    """What is asked of an engine that answers pushes: of `ana/app` with its account, of others with 404."""
    requests: list[web.Request] = []

    async def push(request: web.Request) -> web.StreamResponse:
        requests.append(request)
        if request.match_info["name"] != "ana/app":
            return web.json_response({"message": "não há essa imagem"}, status=404)
        response = web.Response(text="".join(json.dumps(message) + "\r\n" for message in CLASSIC))
        response.enable_chunked_encoding()
        return response

    app = FakeEngine("1.41").app()
    app.router.add_post(r"/v{api}/images/{name:.+}/push", push)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.delenv("DOCKER_AUTH_CONFIG", raising=False)
    with serving(app, tmp_path / "docker.sock") as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        yield requests


def sent_credential(request: web.Request) -> Any:
    return json.loads(base64.urlsafe_b64decode(request.headers["X-Registry-Auth"]))


def test_one_tag_is_pushed_as_whoever_is_logged_in(asked: list[web.Request], tmp_path: Path) -> None:
    auth = base64.b64encode(b"ana:segredo").decode()
    config = {"auths": {"https://index.docker.io/v1/": {"auth": auth}}}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert heard(engine.push(APP)).digest == DIGEST
    assert asked[0].query["tag"] == "1.0"
    assert sent_credential(asked[0]) == {"username": "ana", "password": "segredo"}


def test_when_nobody_is_logged_in_the_engine_is_told_so(asked: list[web.Request]) -> None:
    """Without the header 20.10 refuses to read the question."""
    assert heard(engine.push(APP)).is_done
    assert sent_credential(asked[0]) == {}


def test_a_refusal_before_the_first_message_is_heard_like_the_others(asked: list[web.Request]) -> None:
    assert heard(engine.push(parse("bia/app"))).refusal == "não há essa imagem"
