"""The pieces as values of cells, in real kernels: three forms each, and a lesson that stays the same.

The live ones run in two labs, of both image stores: what was kept in one has to compare equal in the other.
"""

import json
import secrets
import sys
from typing import Any

import nbformat
import pytest

from tests.checks.panels import in_a_kernel
from tests.notebooks.nbval import validate
from tests.real_lab import Lab

VIEW = "application/vnd.jupyter.widget-view+json"
QUIZ = 'pergunta("k", "Que tag?", {"latest": "É a que o Docker põe.", "v1": "Não."}, certa="latest")'
CELLS = [
    "from checks import *",
    'nome("ana/app:1.0")',
    QUIZ,
    'multipla("m", "Quais?", {"a": "1", "b": "2"}, certas=["a"])',
]
LESSON = [
    "from checks import enviar, linha_do_tempo, quem_sou, repositorio",
    """docker_id = quem_sou()
def construir(aviso, tag):
    open("Dockerfile", "w").write(f"FROM scratch\\nCOPY dono /dono\\nCOPY {aviso} /aviso\\n")
    open("dono", "w").write(docker_id)
    open(aviso, "w").write(aviso * 1000)
    nome = f"{docker_id}/pecas:{tag}"
    !DOCKER_BUILDKIT=0 docker build -q -t {nome} . > build.log 2>&1
construir("um", "1.0")""",
    'enviar(f"{docker_id}/pecas:1.0")',
    'enviar(f"{docker_id}/pecas:1.0")',
    "!docker tag {docker_id}/pecas:1.0 {docker_id}/pecas",
    'enviar(f"{docker_id}/pecas")',
    'construir("dois", "1.1")\nenviar(f"{docker_id}/pecas:1.1")',
    "!docker tag {docker_id}/pecas:1.1 {docker_id}/pecas",
    'enviar(f"{docker_id}/pecas").digest',
    'repositorio(f"{docker_id}/pecas")',
    'linha_do_tempo(f"{docker_id}/pecas")',
    'enviar("docker-is-cool")',
    'enviar(f"{docker_id}/nada")',
    'repositorio(f"{docker_id}/nada")',
    'enviar("Com Maiúscula")',
    'construir("tres", "3.0")\n!docker logout > logout.log\nenviar(f"{docker_id}/pecas:3.0")',
]


def notebook(cells: list[str]) -> Any:
    new: Any = nbformat.v4
    made = new.new_notebook(cells=[new.new_code_cell(source) for source in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


def test_every_piece_has_a_widget_a_page_and_a_text() -> None:
    cells = in_a_kernel(CELLS).cells[1:]
    for cell in cells:
        (output,) = cell.outputs
        assert set(output.data) == {VIEW, "text/html", "text/plain"}
        assert "Traceback" not in output.data["text/plain"]


def test_whoever_takes_a_piece_also_gets_commands_that_write_line_by_line() -> None:
    asked = "from checks import nome\nget_ipython().system.__qualname__"
    assert "lambda" in in_a_kernel([asked]).cells[0].outputs[0].data["text/plain"]


def test_the_choice_reaches_the_next_cell() -> None:
    answered = in_a_kernel(
        ["from checks import *", f"q = {QUIZ}", 'q.responder("v1")', "q.resposta, q.acertou"]
    )
    assert answered.cells[-1].outputs[0].data["text/plain"] == "('v1', False)"


@pytest.mark.containerd
def test_a_lesson_compares_equal_on_the_other_image_store(lab: Lab, newer: Lab) -> None:
    person, password = f"aluna{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    for one in (lab, newer):
        one.account(person, password)
        one.login(person, password)
    path = lab.work / "pecas.ipynb"
    nbformat.write(notebook(LESSON), path)  # type: ignore[no-untyped-call]
    made = lab.run([sys.executable, "-c", _KEEP, str(path)])
    assert made.returncode == 0, made.stderr[-2000:]
    kept = json.loads(path.read_text(encoding="utf-8"))
    told = [text_of(cell) for cell in kept["cells"]]
    # Nothing of it is in another repository: what is, an engine that pushed it before does not push again.
    assert told[2].startswith(f"`{person}/pecas:1.0` está no Docker Hub. 2 camadas: todas enviadas.")
    assert "todas já estavam lá" in told[3]
    assert "2 camadas: 1 enviada, 1 já estava lá." in told[6]
    assert told[8].startswith("'sha256:")
    assert "3 tags e 2 conteúdos" in told[9]
    assert "4. `latest` saiu do conteúdo A e foi para o B." in told[10]
    assert f"docker tag docker-is-cool:latest {person}/docker-is-cool:latest" in told[11]
    assert "Ninguém entrou" in told[-1] or "ninguém entrou" in told[-1]
    assert VIEW not in json.dumps(kept)
    copy = newer.work / path.name
    copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    verdicts = validate([copy], newer.work, newer.run)
    assert len(verdicts) == len(LESSON)
    assert [verdict for verdict in verdicts if verdict.outcome != "passed"] == []


def test_a_private_repository_is_shown_to_its_owner_alone(lab: Lab) -> None:
    person, password = f"aluna{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    lab.account(person, password)
    lab.login(person, password)
    made = lab.run([sys.executable, "-c", _PRIVATE], text=f"{person} {password}")
    assert made.returncode == 0, made.stderr[-2000:]
    assert f"`{person}/segredo` (privado) está no Docker Hub, mas vazio." in made.stdout
    assert lab.run(["docker", "logout"]).returncode == 0
    seen = lab.run([sys.executable, "-c", f"from checks import *\nprint(repositorio('{person}/segredo'))"])
    assert "ou é privado e de outra conta" in seen.stdout


def text_of(cell: Any) -> str:
    """What the value of a cell says as text, at its last output."""
    data = [output.get("data", {}).get("text/plain", "") for output in cell["outputs"]]
    return "".join(data[-1]) if data else ""


_PRIVATE = """
import json, sys, urllib.request
from checks import repositorio
person, password = sys.stdin.read().split()

def ask(path, body, token=""):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    asked = urllib.request.Request("https://hub.docker.com" + path, json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(asked))

token = ask("/v2/auth/token", {"identifier": person, "secret": password})["access_token"]
new = {"name": "segredo", "namespace": person, "is_private": True}
ask(f"/v2/namespaces/{person}/repositories", new, token)
print(repositorio(person + "/segredo"))
"""
_KEEP = """
import sys, nbformat
from pathlib import Path
from lab.author import execute, outputs
path = Path(sys.argv[1])
made = nbformat.read(path, as_version=4)
execute.execute(made, "peças", path.parent)
outputs.clean(made)
nbformat.write(made, path)
"""
