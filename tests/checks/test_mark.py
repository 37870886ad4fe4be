"""The learner's own mark: the code, the secret it is made of, and the rule that looks for it."""

import base64
import json
import re
from pathlib import Path

import pytest

from checks import class_secret, runner
from checks.about import marca
from checks.entry import Check
from checks.errors import NoClassSecret
from checks.image import Access, Image, Mark, Platform, RemoteImage, RunConfig
from checks.login import DOCKER_HUB_KEY
from checks.mark import ALPHABET, LABEL, LENGTH, build_command, code_of, is_same, label_of
from checks.outcome import Outcome
from checks.reference import parse
from checks.report import Finding
from checks.rules import RULES
from checks.rules.mark import marked
from checks.sources import live
from checks.unit import Unit
from tests.checks.conftest import CONFIG, FakeHub

SECRET = b"o segredo da turma"
ANA, BIA = code_of(SECRET, "ana"), code_of(SECRET, "bia")
APP = parse("ana/app")


def test_a_mark_is_the_same_for_ever() -> None:
    """A class goes on for months: what was built in March has to be told in June."""
    assert ANA == "yr374-3nkkk"
    assert code_of(SECRET, "Ana") == ANA


def test_every_learner_and_every_class_has_its_own() -> None:
    names = [f"aluno{number}" for number in range(1000)]
    assert (
        len({code_of(SECRET, name) for name in names} | {code_of(b"outra", name) for name in names}) == 2000
    )


def test_a_code_is_short_and_has_no_letter_that_looks_like_another() -> None:
    half = f"[{ALPHABET}]{{{LENGTH // 2}}}"
    assert re.fullmatch(f"{half}-{half}", ANA)
    assert len(set(ALPHABET)) == len(ALPHABET)
    for twins in ("0o", "1li", "2z", "5s", "68b", "9qg", "uv"):
        assert len(set(twins) & set(ALPHABET)) <= 1


def test_without_a_secret_there_is_no_code() -> None:
    with pytest.raises(ValueError, match="empty"):
        code_of(b"", "ana")


@pytest.mark.parametrize("typed", [ANA, ANA.upper(), ANA.replace("-", ""), f" {ANA.replace('-', ' ')} "])
def test_how_a_code_was_typed_does_not_matter(typed: str) -> None:
    assert is_same(typed, ANA)
    assert not is_same(typed, BIA)


def test_nothing_is_nobodys_code() -> None:
    assert not is_same("", "")
    assert not is_same("-", " ")


def test_the_label_keeps_dockers_guidelines() -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*", LABEL)
    assert not LABEL.startswith(("com.docker.", "io.docker.", "org.dockerproject."))
    assert build_command(ANA, "ana/app") == f"docker build --label {LABEL}={ANA} -t ana/app ."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab with a secret of its own, where nobody is logged in."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "class-secret").write_bytes(SECRET + b"\n")
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.delenv("CLASS_SECRET_FILE", raising=False)
    monkeypatch.delenv("DOCKER_AUTH_CONFIG", raising=False)
    return tmp_path


def log_in(home: Path, name: str) -> None:
    auth = base64.b64encode(f"{name}:segredo".encode()).decode("ascii")
    config = json.dumps({"auths": {DOCKER_HUB_KEY: {"auth": auth}}})
    (home / "config.json").write_text(config, encoding="utf-8")


def test_the_secret_is_the_labs_unless_the_teacher_has_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert class_secret.mark_of("ana") == Mark("ana", ANA)
    (home / "da-turma").write_bytes(b"outro")
    monkeypatch.setenv("CLASS_SECRET_FILE", str(home / "da-turma"))
    assert class_secret.mark_of("ana").code == code_of(b"outro", "ana")


@pytest.mark.parametrize(("content", "said"), [(b" \n", "vazio"), (b"x" * 5000, "grande demais"), (None, "")])
def test_a_secret_that_is_of_no_use_is_said_so(
    home: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, said: str
) -> None:
    path = home / "da-turma"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("CLASS_SECRET_FILE", str(path))
    with pytest.raises(NoClassSecret) as caught:
        class_secret.mark_of("ana")
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert "xxx" not in str(caught.value)


def test_outside_any_lab_there_is_no_mark(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_HOME")
    with pytest.raises(NoClassSecret, match="`lab terminal`"):
        class_secret.mark_of("ana")
    log_in(home, "ana")
    assert "`lab terminal`" in repr(marca())


def test_a_cell_tells_the_mark_and_the_line_to_type(home: Path) -> None:
    assert "`docker login -u SEU_DOCKER_ID`" in repr(marca())
    assert marca().rotulo == ""
    log_in(home, "ana")
    told = marca()
    assert (told.codigo, told.rotulo) == (ANA, label_of(ANA))
    assert build_command(ANA, "ana/minha-imagem") in repr(told)
    assert f"LABEL {label_of(ANA)}" in repr(told)
    assert build_command(BIA, "bia/x") in repr(marca("bia", "bia/x"))


def image(code: str | None, architecture: str = "amd64") -> Image:
    labels = () if code is None else ((LABEL, code),)
    return Image(Platform("linux", architecture), ("sha256:aa",), RunConfig(labels=labels))


def remote(*codes: str | None) -> RemoteImage:
    images = (image(code, f"cpu{number}") for number, code in enumerate(codes))
    return RemoteImage(APP, Access.FOUND, "sha256:digest", tuple(images))


@pytest.mark.parametrize(
    ("seen", "outcome", "words"),
    [
        (remote(ANA), Outcome.PASSED, "com a sua marca"),
        (remote(ANA.upper()), Outcome.PASSED, "com a sua marca"),
        (remote(ANA, ANA), Outcome.PASSED, "com a sua marca"),
        (remote(None), Outcome.FAILED, f"sem a sua marca: falta o label `{LABEL}`"),
        (remote("  "), Outcome.FAILED, "sem a sua marca"),
        (remote(BIA), Outcome.FAILED, "uma marca que não é a sua"),
        (remote(ANA, BIA), Outcome.FAILED, "uma marca que não é a sua"),
        (remote(ANA, None), Outcome.FAILED, "não em todas as plataformas: falta em linux/cpu1"),
        (remote(), Outcome.FAILED, "nenhuma imagem que se possa usar"),
        (RemoteImage(APP, Access.MISSING), Outcome.NOT_ATTEMPTED, "`docker push ana/app"),
    ],
)
def test_the_rule(seen: RemoteImage, outcome: Outcome, words: str) -> None:
    verdict = marked(seen, Mark("ana", ANA))
    assert verdict.outcome is outcome
    assert words in verdict.message
    if seen.images and outcome is Outcome.FAILED:
        assert f"`{build_command(ANA, 'ana/app:latest')}`" in verdict.message
        assert BIA not in verdict.message


CHECK = Check(RULES["marked"], "Marcada", 10, (), {"image": "{docker_id}/app"})
UNIT = Unit("marca", 90, Path("90-marca"), "Marque", 10, (CHECK,))


def verified(hub: FakeHub, learner: str) -> Finding:
    return runner.verify_with(live(hub.url, hub.url), UNIT, learner).checks[0]


def test_the_same_image_under_two_names_is_its_first_owners(home: Path, hub: FakeHub) -> None:
    """Bia pulled Ana's image, gave it her own name and pushed it: label and all."""
    for owner in ("ana", "bia"):
        config = {**CONFIG, "config": {**CONFIG["config"], "Labels": {LABEL: ANA}}}
        hub.push(f"{owner}/app", hub.image(config))
    assert verified(hub, "ana").outcome is Outcome.PASSED
    assert verified(hub, "Ana").outcome is Outcome.PASSED
    bia = verified(hub, "bia")
    assert bia.outcome is Outcome.FAILED
    assert "não é a sua" in bia.message
    assert label_of(BIA) in bia.message


def test_nothing_of_the_image_is_pulled_but_what_describes_it(home: Path, hub: FakeHub) -> None:
    described = hub.image({**CONFIG, "config": {"Labels": {LABEL: ANA}}})
    digest = hub.push("ana/app", described)
    assert verified(hub, "ana").facts == {"digest": digest}
    blobs = [asked for asked in hub.asked if "/blobs/" in asked]
    assert len(blobs) == 1  # the configuration; the layers stay where they are


def test_without_the_secret_nothing_can_be_said(home: Path, hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    (home / "secrets" / "class-secret").unlink()
    found = verified(hub, "ana")
    assert found.outcome is Outcome.UNVERIFIABLE
    assert "CLASS_SECRET_FILE" in found.message


def test_a_case_says_the_mark(tmp_path: Path) -> None:
    images = {"minha": {"diff_ids": ["sha256:a"], "run": {"labels": {LABEL: ANA}}}}
    world = {"learner": "ana", "images": images, "registry": {"ana/app": {"image": "minha"}}}
    outcomes = {}
    for name, mark in {"passa": {"mark": ANA}, "falha": {"mark": BIA}, "incerto": {}}.items():
        path = tmp_path / f"{name}-marca.json"
        path.write_text(json.dumps(world | mark), encoding="utf-8")
        outcomes[name] = runner.verify_case(UNIT, path).outcome
    assert outcomes == {
        "passa": Outcome.PASSED,
        "falha": Outcome.FAILED,
        "incerto": Outcome.UNVERIFIABLE,
    }


def test_nobody_has_no_mark(home: Path, hub: FakeHub) -> None:
    report = runner.verify_with(live(hub.url, hub.url), UNIT, None)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert hub.asked == []
