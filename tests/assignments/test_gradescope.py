"""The autograder as Gradescope runs it, with its folders moved."""

import json
import shutil
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from checks.classroom.models import Models
from checks.place import REAL_HUB
from checks.receipt import Receipt, sign
from checks.unit import load_unit
from lab.assignments.gradescope import ARCHIVE, FOLDER, autograder_files
from lab.assignments.kit import Files, zipped
from tests.assignments.bare import bare_python
from tests.assignments.carried import elsewhere
from tests.real_lab import Lab


@dataclass(frozen=True)
class Container:
    """What Gradescope builds of the zip: the files, and the Python that setup.sh makes."""

    lab: Lab
    home: Path

    def hand_in(self, **files: str) -> None:
        shutil.rmtree(self.home / "submission", ignore_errors=True)
        (self.home / "submission").mkdir()
        for name, content in files.items():
            (self.home / "submission" / name.replace("__", ".")).write_text(content, encoding="utf-8")

    def results(self, **variables: str) -> dict[str, Any]:
        (self.home / "results" / "results.json").unlink(missing_ok=True)
        command = [str(self.home / "run_autograder")]
        done = elsewhere(
            self.lab, command, self.home, Path("/bin"), AUTOGRADER_HOME=str(self.home), **variables
        )
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, Any] = json.loads((self.home / "results" / "results.json").read_text("utf-8"))
        return found


@pytest.fixture(scope="module")
def files(handed_out: Models) -> Files:
    return autograder_files([load_unit("push")], handed_out)


@pytest.fixture(scope="module")
def container(lab: Lab, files: Files, tmp_path_factory: pytest.TempPathFactory) -> Container:
    home = tmp_path_factory.mktemp("autograder")
    with zipfile.ZipFile(BytesIO(files[ARCHIVE].content)) as archive:
        archive.extractall(home / "source")
    shutil.copyfile(home / "source" / "run_autograder", home / "run_autograder")
    (home / "run_autograder").chmod(0o755)
    bare_python(home / "venv", files[f"{FOLDER}/requirements.txt"].content.decode())
    return Container(lab, home)


def test_who_did_it_has_the_points(container: Container, diligent: str) -> None:
    container.hand_in(**{"docker-id__txt": f"{diligent}\n"})
    results = container.results()
    assert results["score"] == sum(test["score"] for test in results["tests"]) == 8
    assert [test["status"] for test in results["tests"]] == ["passed", "passed"]
    assert [test["max_score"] for test in results["tests"]] == [6, 2]


def test_who_did_not_has_none_and_is_told_why(container: Container, idle: str) -> None:
    container.hand_in(**{"docker-id__txt": idle.upper()})
    results = container.results()
    assert results["score"] == 0
    assert {test["status"] for test in results["tests"]} == {"failed"}
    assert all(idle in test["output"] for test in results["tests"])


def test_a_receipt_tells_whose_work_it_is(container: Container, diligent: str) -> None:
    receipt = Receipt(diligent, REAL_HUB, datetime.now(UTC), (), ())
    signed = sign(receipt, bytes(32))
    container.hand_in(recibo__json=signed)
    assert container.results()["score"] == 8
    for handed_in, said in (
        ({"recibo__json": signed.replace(diligent, "outrapessoa")}, "Ainda não sei"),
        ({"recibo__json": sign(replace(receipt, hub="treino:1"), bytes(32))}, "Ainda não sei"),
        ({"recibo__json": signed, "docker-id__txt": "outrapessoa"}, "dois Docker IDs diferentes"),
    ):
        container.hand_in(**handed_in)
        assert all(said in test["output"] for test in container.results()["tests"])


def test_an_outage_is_no_score(container: Container, diligent: str, tmp_path: Path) -> None:
    container.hand_in(**{"docker-id__txt": diligent})
    (tmp_path / "nobody.pem").touch()
    results = container.results(SSL_CERT_FILE=str(tmp_path / "nobody.pem"))
    assert "score" not in results
    assert not any("score" in test for test in results["tests"])
    assert results["output"].startswith("Nem tudo pôde ser verificado agora")


def test_nothing_that_was_handed_in_is_run(container: Container, idle: str) -> None:
    mark = container.home / "eu-rodei"
    code = f"open({str(mark)!r}, 'w').close()\n"
    container.hand_in(
        **{"docker-id__txt": idle, "sitecustomize__py": code, "checks__py": code, "push__ipynb": code}
    )
    assert container.results()["score"] == 0
    assert not mark.exists()


def test_the_zip_is_the_folder_and_always_the_same(files: Files) -> None:
    start = f"{FOLDER}/"
    inside = {name.removeprefix(start): file for name, file in files.items() if name.startswith(start)}
    assert zipped(dict(reversed(inside.items()))) == files[ARCHIVE].content
    with zipfile.ZipFile(BytesIO(files[ARCHIVE].content)) as archive:
        names = archive.namelist()
        programs = {one.filename for one in archive.infolist() if one.external_attr >> 16 & 0o100}
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(archive.read(name) == files[f"{FOLDER}/{name}"].content for name in names)
    assert names == sorted(names)
    assert programs == {"setup.sh", "run_autograder"}
    assert len(names) == len(inside)
