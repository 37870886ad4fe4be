"""Who is logged in: the file of `docker login`, credential helpers, and files gone wrong."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from checks.auth import Credential
from checks.errors import LoginUnreadable
from checks.image import Login, SignedWith
from checks.login import DOCKER_HUB_KEY, current, current_docker_id, stored_credential


def encoded(pair: str) -> str:
    return base64.b64encode(pair.encode()).decode("ascii")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty DOCKER_CONFIG, whose programs come first on PATH."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("DOCKER_AUTH_CONFIG", raising=False)
    return tmp_path


def write(folder: Path, config: Any) -> None:
    text = config if isinstance(config, str) else json.dumps(config)
    (folder / "config.json").write_text(text, encoding="utf-8")


def helper(folder: Path, script: str, name: str = "teste") -> None:
    """A credential helper that notes its arguments and what came on stdin."""
    program = folder / f"docker-credential-{name}"
    note = f'echo "$@" > {folder}/arguments; cat > {folder}/asked\n'
    program.write_text(f"#!/bin/sh\n{note}{script}\n", encoding="utf-8")
    program.chmod(0o755)


def logged_in(pair: str = "ana:segredo", **more: Any) -> dict[str, Any]:
    return {"auths": {DOCKER_HUB_KEY: {"auth": encoded(pair)}}, **more}


def test_nobody_is_logged_in_without_a_file(folder: Path) -> None:
    assert (current_docker_id(), stored_credential()) == (None, None)


@pytest.mark.parametrize("config", ["", {}, {"auths": {}}, {"auths": None}, {"auths": {DOCKER_HUB_KEY: {}}}])
def test_nobody_is_logged_in_after_logout(folder: Path, config: Any) -> None:
    write(folder, config)
    assert current_docker_id() is None


def test_the_stored_user_and_password(folder: Path) -> None:
    write(folder, logged_in("ana:se:gredo\0\0"))
    assert current_docker_id() == "ana"
    assert stored_credential() == Credential("ana", "se:gredo")
    assert "gredo" not in repr(stored_credential())


PAT = "dckr_pat_" + "x" * 27


@pytest.mark.parametrize(
    ("secret", "signed_with"),
    [
        ("segredo", SignedWith.PASSWORD),
        ("pat_dckr_" + "x" * 27, SignedWith.PASSWORD),
        (PAT, SignedWith.TOKEN),
        ("dckr_oat_" + "x" * 27, SignedWith.TOKEN),
        ("", None),
    ],
)
def test_what_was_typed_is_told_by_how_it_begins(
    folder: Path, secret: str, signed_with: SignedWith | None
) -> None:
    write(folder, logged_in(f"ana:{secret}"))
    assert current() == Login("ana", signed_with)
    assert not secret or secret not in repr(current())


def test_a_helper_tells_it_too(folder: Path) -> None:
    helper(folder, f"""echo '{{"Username":"ana","Secret":"{PAT}"}}'""")
    write(folder, {"credsStore": "teste"})
    assert current() == Login("ana", SignedWith.TOKEN)


def test_the_tokens_of_the_web_login_are_not_the_learner(folder: Path) -> None:
    tokens = {f"{DOCKER_HUB_KEY}{kind}-token": {"auth": encoded("x:y")} for kind in ("access", "refresh")}
    write(folder, {"auths": tokens})
    assert current_docker_id() is None


def test_another_registry_is_not_docker_hub(folder: Path) -> None:
    write(folder, {"auths": {"ghcr.io": {"auth": encoded("bia:outro")}}})
    assert current_docker_id() is None


def test_a_name_without_a_secret_is_no_credential(folder: Path) -> None:
    write(folder, logged_in("ana:"))
    assert (current_docker_id(), stored_credential()) == ("ana", None)


def test_a_variable_with_the_login_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, logged_in())
    monkeypatch.setenv("DOCKER_AUTH_CONFIG", json.dumps(logged_in("bia:outro")))
    assert current_docker_id() == "bia"


@pytest.mark.parametrize(
    "config", [{"credsStore": "teste"}, {"credHelpers": {DOCKER_HUB_KEY: "teste"}, "credsStore": "nope"}]
)
def test_a_credential_helper_is_asked(folder: Path, config: dict[str, Any]) -> None:
    helper(folder, """echo '{"ServerURL":"x","Username":"ana","Secret":"segredo"}'""")
    write(folder, {**config, "auths": {DOCKER_HUB_KEY: {}}})
    assert stored_credential() == Credential("ana", "segredo")
    assert (folder / "arguments").read_text(encoding="utf-8") == "get\n"
    assert (folder / "asked").read_text(encoding="utf-8") == DOCKER_HUB_KEY


def test_a_helper_that_has_nothing_means_nobody(folder: Path) -> None:
    helper(folder, "echo 'credentials not found in native keychain'; exit 1")
    write(folder, {"credsStore": "teste"})
    assert current_docker_id() is None


def test_an_oauth_token_names_nobody(folder: Path) -> None:
    helper(folder, """echo '{"Username":"<token>","Secret":"x"}'""")
    write(folder, {"credsStore": "teste"})
    assert (current_docker_id(), stored_credential()) == (None, None)


@pytest.mark.parametrize("script", ["exit 1", "echo oi", "echo '[]'"])
def test_a_helper_that_breaks_is_explained(folder: Path, script: str) -> None:
    helper(folder, f"echo segredo >&2; {script}")
    write(folder, {"credsStore": "teste"})
    with pytest.raises(LoginUnreadable, match="docker-credential-teste") as caught:
        current_docker_id()
    assert "segredo" not in str(caught.value)


@pytest.mark.parametrize("name", ["desktop-ausente", "../x", "a b", "/bin/sh"])
def test_a_helper_that_is_not_there_is_explained(folder: Path, name: str) -> None:
    write(folder, {"credsStore": name})
    with pytest.raises(LoginUnreadable, match="credsStore"):
        current_docker_id()


@pytest.mark.parametrize(
    "config",
    ["{", "[]", "[" * 100_000, {"auths": {DOCKER_HUB_KEY: {"auth": "%%%"}}}, logged_in("semdoispontos")],
)
def test_a_malformed_file_says_which_and_what_to_do(folder: Path, config: Any) -> None:
    write(folder, config)
    with pytest.raises(LoginUnreadable, match=r"config\.json.*docker login -u"):
        current_docker_id()


def test_a_file_that_is_not_text_says_so(folder: Path) -> None:
    (folder / "config.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LoginUnreadable):
        current_docker_id()
    (folder / "config.json").unlink()
    (folder / "config.json").mkdir()
    with pytest.raises(LoginUnreadable):
        current_docker_id()
