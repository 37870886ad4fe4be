"""In continuous integration green means tested: what a skipped test does to the whole run."""

import pytest

from tests.facts import ABSENT

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("reason", "ended"),
    [
        ("docker-registry is not installed", pytest.ExitCode.TESTS_FAILED),
        (f"no vectors.json {ABSENT}", pytest.ExitCode.OK),
    ],
)
def test_only_what_is_never_in_the_repository_may_be_missing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, reason: str, ended: pytest.ExitCode
) -> None:
    monkeypatch.setenv("CI", "1")
    pytester.makeconftest("from tests.conftest import pytest_sessionfinish")
    pytester.makepyfile(f"import pytest\ndef test_it(): pytest.skip({reason!r})")
    assert pytester.runpytest_inprocess("-p", "no:django").ret == ended
