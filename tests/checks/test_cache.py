"""Documents kept by digest, and where names led: bounded, verified, and never in the way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from checks import cache as module
from checks.cache import FILE, Cache, digest_of

BODY = b'{"config": {}}'
DIGEST = digest_of(BODY)


@contextmanager
def opened(folder: Path | None, keep: int = 10, keep_bytes: int = 10_000) -> Iterator[Cache]:
    with closing(Cache(folder, keep, keep_bytes)) as cache:
        yield cache


def fill(folder: Path) -> None:
    with opened(folder) as cache:
        cache.put(DIGEST, BODY)
        cache.remember("hub/ana/app:latest", DIGEST)


def kept(folder: Path) -> list[int]:
    """How many documents are in the file, and their bytes."""
    with closing(sqlite3.connect(folder / FILE)) as file:
        return list(file.execute("SELECT count(*), sum(length(body)) FROM documents").fetchone())


def test_what_one_run_saw_the_next_one_has(tmp_path: Path) -> None:
    fill(tmp_path / "cache")
    with opened(tmp_path / "cache") as cache:
        assert cache.get(DIGEST) == BODY
        assert cache.last_digest("hub/ana/app:latest") == DIGEST
        assert cache.last_digest("hub/ana/app:v2") is None


def test_a_name_leads_where_it_led_last(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as cache:
        cache.remember("hub/ana/app:latest", digest_of(b"new"))
        assert cache.last_digest("hub/ana/app:latest") == digest_of(b"new")
    with opened(tmp_path) as cache:
        assert cache.last_digest("hub/ana/app:latest") == digest_of(b"new")


def test_without_a_folder_a_run_still_has_what_it_saw() -> None:
    with opened(None) as cache:
        cache.put(DIGEST, BODY)
        assert cache.get(DIGEST) == BODY


@pytest.mark.parametrize(("keep", "keep_bytes"), [(10, 10_000), (1000, 40)])
def test_the_oldest_documents_make_room(tmp_path: Path, keep: int, keep_bytes: int) -> None:
    bodies = [f"{number:04}".encode() for number in range(50)]
    for body in bodies:
        with opened(tmp_path, keep, keep_bytes) as cache:
            cache.put(digest_of(body), body)
            cache.remember(body.decode(), digest_of(body))
    assert kept(tmp_path) == [10, 40]
    with opened(tmp_path, keep, keep_bytes) as cache:
        assert [body for body in bodies if cache.get(digest_of(body))] == bodies[-10:]


def test_what_does_not_fit_in_memory_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_HAND_BYTES", 10)
    bodies = [f"{number:04}".encode() for number in range(9)]
    with opened(tmp_path) as cache:
        for body in bodies:
            cache.put(digest_of(body), body)
        assert [cache.get(digest_of(body)) for body in bodies] == bodies
    assert kept(tmp_path) == [9, 36]


def test_content_under_another_digest_is_not_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as cache:
        cache.put(DIGEST, b"other")
        assert cache.get(DIGEST) is None


def test_an_edited_document_is_not_believed(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as file:
        file.execute("UPDATE documents SET body = ?", (b"{}",))
        file.execute("UPDATE names SET digest = '../../etc/passwd'")
        file.commit()
    with opened(tmp_path) as cache:
        assert cache.get(DIGEST) is None
        assert cache.last_digest("hub/ana/app:latest") is None


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / FILE).write_bytes(b"{}" * 4096)
    with opened(tmp_path) as cache:
        assert cache.get(DIGEST) is None
    fill(tmp_path)  # finds the damage
    fill(tmp_path)
    with opened(tmp_path) as cache:
        assert cache.get(DIGEST) == BODY


def test_a_place_that_cannot_be_written_only_means_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    fill(tmp_path / "file")
    with opened(tmp_path / "file") as cache:
        assert cache.get(DIGEST) is None


def test_another_program_that_writes_is_not_waited_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.05)
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with opened(tmp_path) as cache:
            assert cache.get(DIGEST) is None
            cache.put(digest_of(b"new"), b"new")
        other.execute("COMMIT")
    assert kept(tmp_path)[0] == 1
