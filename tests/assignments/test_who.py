"""Whose work a folder is."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.place import REAL_HUB
from checks.receipt import Receipt, sign
from lab.assignments.kit import template
from lab.assignments.who import FILE, NotToldYet, WhoIsThis, learner_of

RECEIPT = Receipt("ana", REAL_HUB, datetime(2026, 11, 23, tzinfo=UTC), (), ())


def put(folder: Path, content: bytes) -> None:
    (folder / FILE).write_bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"ana", b"  Ana\t\r\n", b"\xef\xbb\xbfana\r\n", b"# O meu Docker ID:\n\n ana \n#fim",
        template("docker-id").encode() + b"ana\n",
    ],
)  # fmt: skip
def test_the_file_tells(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, content)
    assert learner_of(tmp_path) == "ana"


@pytest.mark.parametrize("content", [b"", b"\n\n", template("docker-id").encode()])
def test_as_it_was_given_it_tells_nothing(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, content)
    with pytest.raises(NotToldYet, match=r"Escreva-o no arquivo docker-id\.txt"):
        learner_of(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"ana@exemplo.com", "não é um Docker ID: `ana@exemplo.com`"),
        (b"ana/docker-is-cool", "não é um Docker ID"),
        (b"../../etc", "não é um Docker ID"),
        (b"ana\nbia", "escreva o seu numa linha só"),
        (b"\x1b[2Jana", r"`\\x1b\[2Jana`"),
        (b"a" * 10_000, "a…`"),
        (b"ana\x00", r"`ana\\x00`"),
        (b"\xff\xfea\x00n\x00a\x00", "tem de ser um texto em UTF-8"),
    ],
)
def test_what_is_no_docker_id_is_shown_with_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    put(tmp_path, content)
    with pytest.raises(WhoIsThis, match=said):
        learner_of(tmp_path)


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(WhoIsThis, match="não pôde ser lido"):
        learner_of(tmp_path)


def test_a_receipt_tells_where_the_file_does_not(tmp_path: Path) -> None:
    (tmp_path / "2026-ana.json").write_text(sign(RECEIPT, bytes(32)), encoding="utf-8")
    assert learner_of(tmp_path) == "ana"
    put(tmp_path, b"Ana")
    assert learner_of(tmp_path) == "ana"
    put(tmp_path, b"bia")
    with pytest.raises(WhoIsThis, match="dois Docker IDs diferentes: `ana` e `bia`"):
        learner_of(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"learner": "ana"}', "[" * 100_000])
def test_a_file_that_is_no_receipt_tells_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "ana.json").write_text(text, encoding="utf-8")
    with pytest.raises(NotToldYet):
        learner_of(tmp_path)


def test_a_receipt_of_a_practice_hub_only_counts_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = sign(replace(RECEIPT, hub="treino:1"), bytes(32))
    (tmp_path / "ana.json").write_text(practice, encoding="utf-8")
    monkeypatch.delenv("LAB_MODE", raising=False)
    with pytest.raises(NotToldYet):
        learner_of(tmp_path)
    monkeypatch.setenv("LAB_MODE", "treino")
    assert learner_of(tmp_path) == "ana"
