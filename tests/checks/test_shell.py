"""Commands of the terminal in cells: one that lacks its `!` is told so, an error of Python is not."""

import json
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from checks.shell import hint

COMMANDS = (
    "docker ps",
    "docker --version",
    "docker",
    "  docker tag docker-is-cool ana/docker-is-cool",
    "docker pull {docker_id}/docker-is-cool:v1",
    "docker run 0ana",
    "docker run --rm 'sem fim",
    "sudo docker ps",
    "lab verificar push",
    "curl https://hub.docker.com/saude",
)
PYTHON = (
    "docker = ",
    "docker = (",
    "docker in",
    "docker if",
    "docker - 1 -",
    "docker.from_env()",
    "x = docker",
    "print docker ps",
    "eval('docker ps')",
    "if x\n    docker ps",
    "raise ValueError('docker ps')",
)


def error_of(cell: str) -> BaseException | None:
    try:
        exec(compile(cell.strip(), "cell", "exec"), {})  # noqa: S102 - as a kernel does, of our own lines
    except BaseException as error:
        return error
    return None


@pytest.mark.parametrize("cell", COMMANDS)
def test_a_command_without_its_mark_is_given_with_it(cell: str) -> None:
    text = f"x = 1\n{cell}\n"
    assert hint(error_of(cell), text).endswith(f"\n    !{cell.strip()}")


@pytest.mark.parametrize("command", ["docker login -u ana", "docker run -it alpine sh", "lab acompanhar"])
def test_a_command_that_asks_is_for_the_terminal(command: str) -> None:
    said = hint(error_of(command), command)
    assert f"`{command}`" in said
    assert "Abra um terminal" in said


@pytest.mark.parametrize("cell", PYTHON)
def test_an_error_of_python_is_left_as_it_is(cell: str) -> None:
    error = error_of(cell)
    assert error is not None
    assert hint(error, cell) == ""


def test_a_cell_that_went_well_gets_nothing() -> None:
    assert hint(None, "!docker ps") == ""


def test_in_a_real_kernel_the_error_stays_and_the_hint_follows() -> None:
    cells = ["import checks.notebook", "docker ps", "docker ="]
    plain: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    sources = [plain | {"source": one} for one in cells]
    content = {"metadata": {}, "cells": sources, "nbformat": 4, "nbformat_minor": 4}
    notebook = nbformat.reads(json.dumps(content), as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    _, command, python = notebook.cells
    assert [output.output_type for output in command.outputs] == ["error", "stream"]
    assert command.outputs[0].ename == "SyntaxError"
    assert command.outputs[1].text.endswith("!docker ps\n")
    assert [output.output_type for output in python.outputs] == ["error"]
