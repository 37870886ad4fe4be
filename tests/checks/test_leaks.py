"""Where secrets are still to be read in an image and in saved notebooks, and what the learner is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks import leaks, notebook_leaks
from checks.image import CellLeak, LocalLeaks, NotebookLeaks, RemoteLeaks
from checks.leaks import Contents, Leak, Place, Spot
from checks.place import REPOSITORY
from checks.rules.base import Verdict
from checks.rules.secrets import local_no_secret, no_secret, no_secret_in_notebooks
from checks.secrets import Kind, Secret
from tests.checks.rule_facts import FAILED, NOT_ATTEMPTED, PASSED, absent, expect, image, local, remote

BODY = "q7Rt2uYbN4mZxW8kLpVc3sHd6gJ"
TOKEN = f"dckr_pat_{BODY}"
DOCKERS = Secret(Kind.DOCKER_TOKEN, "dckr_pat_")
PASSWORD = Secret(Kind.PASSWORD)
STEPS: list[dict[str, Any]] = [
    {"created_by": "/bin/sh -c #(nop) COPY dir:1 in / "},
    {"created_by": "ENV A=1", "empty_layer": True},
    {"created_by": f"RUN /bin/sh -c echo {TOKEN} > /app/t # buildkit"},
    {"created_by": "RUN /bin/sh -c rm /app/t # buildkit"},
]


def config(history: Any = (), **run: Any) -> dict[str, Any]:
    return {"os": "linux", "architecture": "amd64", "config": run, "history": history}


def places(*found: Leak) -> list[tuple[str, str]]:
    return [(str(leak.place), leak.name) for leak in found]


def test_a_file_removed_later_is_still_in_its_layer() -> None:
    layers = [Contents("a"), Contents("b", (Spot(DOCKERS, "app/t"),)), Contents("c", (), ("app/t",))]
    found = leaks.of_image(config(STEPS), layers)
    assert places(*found) == [("step", ""), ("file", "app/t")]
    assert found[1] == Leak(
        DOCKERS, Place.FILE, "app/t", 2, 3, "RUN /bin/sh -c echo … > /app/t", is_removed=True
    )


@pytest.mark.parametrize(
    ("removed", "is_removed"), [(("app",), True), (("app/",), True), (("ap", "app/tt"), False), ((), False)]
)
def test_a_folder_takes_its_files_with_it(removed: tuple[str, ...], is_removed: bool) -> None:
    layers = [Contents("a", (Spot(DOCKERS, "app/t"),)), None, Contents("b", (), removed)]
    assert leaks.of_image({}, layers) == (Leak(DOCKERS, Place.FILE, "app/t", 1, 3, "", is_removed),)


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (config(Env=["PATH=/bin", "DB_PASSWORD=q1w2e3"]), [("env", "DB_PASSWORD")]),
        (
            config([{"created_by": "ENV DB_PASSWORD=q1w2e3"}], Env=["DB_PASSWORD=q1w2e3"]),
            [("env", "DB_PASSWORD")],
        ),
        (config([{"created_by": "ARG TOKEN=q1w2e3r4"}]), [("step", "")]),
        (config(Labels={"dono": TOKEN}), [("label", "dono")]),
        (config(Cmd=["app", "--password", "q1w2e3"]), [("start", "Cmd")]),
        (config(Healthcheck={"Test": ["CMD-SHELL", "curl -u a:q1w2e3 x"]}), [("start", "Healthcheck")]),
        ({**config(), "author": TOKEN}, [("config", "")]),
        (config(Env=["PASSWORD=", "TOKEN=changeme"]), []),
        (config(Env=3, Labels=[], Cmd="x", Healthcheck=[]), []),
        ({"config": None, "history": [3, {"created_by": 4}]}, []),
    ],
)
def test_the_configuration_shows_them_too(document: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert places(*leaks.of_config(document)) == found


# ---------------------------------------------------------------- the rules

FILE = Leak(DOCKERS, Place.FILE, "app/.env", 2, 3, "COPY . .", is_removed=True)


def told(*found: Leak, unread: int = 0) -> Verdict:
    return no_secret(RemoteLeaks(remote(image()), found, unread))


@pytest.mark.parametrize(
    ("leak", "words"),
    [
        (
            FILE,
            [
                "token de acesso do Docker Hub",
                "`dckr_pat_`",
                "`/app/.env`",
                "camada 2 de 3",
                "`COPY . .`",
                "ainda o tem",
                "revogue",
                "Personal access tokens",
                "`.dockerignore`",
            ],
        ),
        (
            Leak(Secret(Kind.PRIVATE_KEY), Place.FILE, "", 1, 1),
            ["chave privada", "trecho sem nome", "camada 1 de 1"],
        ),
        (
            Leak(PASSWORD, Place.ENV, "DB_PASSWORD"),
            ["`DB_PASSWORD`", "`docker inspect`", "`docker run -e`", "troque"],
        ),
        (
            Leak(PASSWORD, Place.STEP, step="ARG TOKEN=…"),
            ["`docker history`", "`ARG TOKEN=…`", "`docker build --secret`"],
        ),
        (Leak(Secret(Kind.AWS_KEY, "AKIA"), Place.LABEL, "chave"), ["rótulo `chave`", "AWS"]),
        (Leak(Secret(Kind.GITHUB_TOKEN, "ghp_"), Place.START, "Cmd"), ["`Cmd`", "GitHub"]),
        (Leak(Secret(Kind.SERVICE_TOKEN, "npm_"), Place.CONFIG), ["configuração", "`npm_`"]),
        (Leak(Secret(Kind.REGISTRY_LOGIN), Place.FILE, "root/.docker/config.json", 1, 2), ["`docker login`"]),
    ],
)
def test_a_leak_is_told_with_its_place_and_what_to_do_first(leak: Leak, words: list[str]) -> None:
    expect(told(leak), FAILED, "`ana/app:1.0`", "Primeiro, ", "`docker push ana/app:1.0`", *words)


def test_no_secret_in_the_image() -> None:
    expect(told(), PASSED, "todas as camadas")
    expect(told(unread=1), PASSED, "uma camada é grande demais")
    expect(told(unread=2), PASSED, "2 camadas são grandes demais")
    expect(told(FILE, Leak(PASSWORD, Place.ENV, "X")), FAILED, "2 lugares")
    expect(no_secret(RemoteLeaks(absent())), NOT_ATTEMPTED, "`docker push ana/app:1.0`")
    assert told(FILE).facts == {"digest": "sha256:d"}


def test_no_secret_before_the_push() -> None:
    expect(local_no_secret(LocalLeaks(local(image()))), PASSED, "No seu computador")
    expect(local_no_secret(LocalLeaks(local(None))), NOT_ATTEMPTED, "`docker image ls`")
    verdict = local_no_secret(LocalLeaks(local(image()), (FILE,)))
    expect(verdict, FAILED, "Ainda não envie", "`/app/.env`", "`docker build -t ana/app:1.0 .`")


def test_a_secret_in_the_name_of_a_file_is_not_repeated() -> None:
    assert BODY[:10] not in told(Leak(DOCKERS, Place.FILE, f"app/{TOKEN}", 1, 1)).message


# ---------------------------------------------------------------- notebooks


def saved(folder: Path, *cells: Any, **more: Any) -> NotebookLeaks:
    text = json.dumps({"cells": list(cells), **more})
    (folder / "50-push.ipynb").write_text(text, encoding="utf-8")
    return notebook_leaks.look(folder)


@pytest.mark.parametrize(
    ("cell", "in_output"),
    [
        ({"source": f"!echo {TOKEN}"}, False),
        ({"source": ["!echo \\\n", f"  {TOKEN}"]}, False),
        ({"cell_type": "markdown", "source": f"o meu é {TOKEN}"}, False),
        ({"source": "", "outputs": [{"output_type": "stream", "text": [f"{TOKEN}\n"]}]}, True),
        ({"source": "", "outputs": [{"data": {"text/html": f"<b>{TOKEN}</b>"}}]}, True),
    ],
)
def test_a_cell_and_its_output_are_looked_at(tmp_path: Path, cell: Any, in_output: bool) -> None:
    seen = saved(tmp_path, {"source": "# Push"}, cell)
    assert seen == NotebookLeaks((CellLeak(DOCKERS, "50-push.ipynb", 2, in_output),), 1)


def test_a_notebook_is_told_with_its_cell(tmp_path: Path) -> None:
    verdict = no_secret_in_notebooks(
        saved(tmp_path, {"source": "a = 1"}, {"source": '!docker login -p "q1w2e3"'})
    )
    expect(verdict, FAILED, "`50-push.ipynb`", "célula 2", "troque essa senha", "salve")
    assert "q1w2e3" not in verdict.message
    output = saved(tmp_path, {"outputs": [{"text": TOKEN}]})
    expect(no_secret_in_notebooks(output), FAILED, "saída da célula 1", "revogue")
    expect(no_secret_in_notebooks(saved(tmp_path, metadata={"x": TOKEN})), FAILED, "fora das células")
    expect(no_secret_in_notebooks(notebook_leaks.look(tmp_path / "nenhuma")), PASSED, "nenhum segredo")


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"[" * 100_000, b'{"cells": [3, {"source": 4}]}'])
def test_what_is_no_notebook_holds_no_cells(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.ipynb").write_bytes(content)
    assert notebook_leaks.look(tmp_path) == NotebookLeaks((), 1)
    (tmp_path / "x.ipynb").write_bytes(content + TOKEN.encode())
    assert [leak.cell for leak in notebook_leaks.look(tmp_path).leaks] == [0]


def test_the_courses_own_exercises_are_no_false_alarm() -> None:
    seen = notebook_leaks.look(REPOSITORY / "exercises")
    assert seen.notebooks
    assert seen.leaks == ()
