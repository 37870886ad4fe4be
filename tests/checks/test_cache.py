"""Documents kept by digest: bounded, verified, and never in the way."""

from pathlib import Path

from checks.cache import Cache, digest_of


def test_the_cache_is_bounded_and_survives_what_it_cannot_write(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", keep=10)
    for number in range(50):
        body = str(number).encode()
        cache.put(digest_of(body), body)
        assert cache.get(digest_of(body)) == body
    assert len(list((tmp_path / "cache").iterdir())) <= 10
    (tmp_path / "file").touch()
    Cache(tmp_path / "file").put(digest_of(b"x"), b"x")
    assert Cache(tmp_path / "file").get(digest_of(b"x")) is None
    assert cache.get("sha256-../../etc/passwd") is None
