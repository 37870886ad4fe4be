"""The receipt: what is signed, what changes it, and what is no receipt at all."""

import base64
import dataclasses
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checks import document, receipt
from checks.entry import Check
from checks.errors import BadDocument
from checks.outcome import Outcome
from checks.receipt import Evidence, Receipt, evidence_of, sign
from checks.reference import parse
from checks.report import Finding, Report
from checks.rules import RULES
from checks.unit import Unit

SEED, OTHER_SEED = bytes(range(32)), bytes(32)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DIGEST = "sha256:" + "a" * 64
PUSHED = Check(RULES["pushed"], "Enviada", 6, (), {"image": "{docker_id}/app", "same_as": "app"})
PUBLIC = Check(RULES["public"], "Pública", 4, (), {"image": "{docker_id}/app"})
LOCAL = Check(RULES["local_image"], "Aqui", 5, (), {"image": "{docker_id}/app"})
PUSH = Unit("push", 50, Path("50-push"), "Envie", 10, (PUSHED, PUBLIC))
TAG = Unit("tag", 40, Path("40-tag"), "Dê a tag", 5, (LOCAL,))


def report(unit: Unit, outcome: Outcome = Outcome.PASSED, learner: str = "ana", **facts: str) -> Report:
    findings = (
        Finding(check.rule.name, check.title, outcome, check.points, "Está “lá”.", "", facts)
        for check in unit.checks
    )
    return Report(unit.id, unit.title, learner, tuple(findings), NOON)


def made() -> Receipt:
    reports = (report(TAG), report(PUSH, digest=DIGEST))
    return Receipt("ana", "treino:abc", NOON, reports, evidence_of(PUSH, reports[1], "ana"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "ana.json"
    written.write_text(sign(made(), SEED), encoding="utf-8")
    return written


def test_what_was_signed_comes_back(path: Path) -> None:
    found = receipt.read(path)
    assert dataclasses.replace(found, fingerprint="") == made()
    assert (found.score, found.max_score) == (15, 15)
    assert found.evidence == (Evidence("push", parse("ana/app"), DIGEST),)


def test_who_reads_it_with_other_eyes_finds_what_was_promised(path: Path) -> None:
    """Who, units, reference, digest, time, verdict and points, by the names of a report."""
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["kind"], told["schema"], told["learner"], told["hub"]) == ("receipt", 1, "ana", "treino:abc")
    assert (told["issued_at"], told["score"], told["max_score"]) == ("2026-11-23T12:00:00Z", 15, 15)
    assert told["images"] == [{"unit": "push", "reference": "docker.io/ana/app:latest", "digest": DIGEST}]
    assert [each["outcome"] for each in told["reports"]] == ["passed", "passed"]
    assert Report.from_dict(told["reports"][1]) == made().reports[1]


def test_a_lab_is_known_by_its_key(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "outro.json"
    other.write_text(sign(made(), OTHER_SEED), encoding="utf-8")
    assert receipt.read(path).fingerprint == "5647-5aa7" == receipt.read(path).fingerprint
    assert receipt.read(other).fingerprint != receipt.read(path).fingerprint


def test_a_changed_byte_fails_wherever_it_is(path: Path) -> None:
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BadDocument):
            receipt.read(path)


def test_a_byte_more_or_less_fails(path: Path) -> None:
    whole = path.read_bytes()
    for changed in (whole[:-1], whole + b"\n", b"\xef\xbb\xbf" + whole, whole.replace(b"\n", b"\r\n")):
        path.write_bytes(changed)
        with pytest.raises(BadDocument):
            receipt.read(path)


Edit = Callable[[dict[str, Any]], Any]


def other_verdict(told: dict[str, Any]) -> None:
    told["reports"][0]["checks"][0]["outcome"] = "failed"


def other(name: str) -> Any:
    return json.loads(sign(made(), OTHER_SEED))[name]


def finding(**parts: Any) -> Edit:
    return lambda told: told["reports"][0]["checks"][0].update(parts)


# What a cheat would like to change; and what no lab ever writes.
VALUES: dict[str, Edit] = {
    "outra pessoa": lambda told: told.update(learner="bia"),
    "mais pontos": lambda told: told.update(score=100),
    "outro veredito": other_verdict,
    "outro digest": lambda told: told["images"][0].update(digest="sha256:" + "b" * 64),
    "outra chave": lambda told: told.update(public_key=other("public_key")),
    "outra assinatura": lambda told: told.update(signature=other("signature")),
    "sem assinatura": lambda told: told.pop("signature"),
    "assinatura que é um número": lambda told: told.update(signature=7),
    "uma chave a mais": lambda told: told.update(nota="10"),
}
SHAPES: dict[str, Edit] = {
    "unidades que são um texto": lambda told: told.update(reports="todas"),
    "unidades que são textos": lambda told: told.update(reports=["push"]),
    "unidades demais": lambda told: told.update(reports=told["reports"][:1] * 201),
    "unidade fora da pasta": lambda told: told["reports"][0].update(unit="../../x"),
    "pontos negativos": finding(max_score=-5),
    "pontos que são true": finding(max_score=True),
    "pontos demais": finding(max_score=10**9),
    "veredito que não há": finding(outcome="ótimo"),
    "fatos que são uma lista": finding(facts=[1]),
    "fato que é um número": finding(facts={"digest": 1}),
    "frase sem fim": finding(message="a" * 20_000),
    "regra que é um terminal": finding(rule="\x1b[31m"),
    "hora sem fuso": lambda told: told.update(issued_at="2026-11-23T12:00:00"),
    "hora que é um número": lambda told: told["reports"][0].update(checked_at=7),
    "nome com barra": lambda told: told.update(learner="ana/bia"),
    "nome vazio": lambda told: told.update(learner=""),
    "hub de várias linhas": lambda told: told.update(hub="treino:a\nb"),
    "digest que não é": lambda told: told["images"][0].update(digest="latest"),
    "imagem sem nome": lambda told: told["images"][0].pop("reference"),
    "nome de imagem impossível": lambda told: told["images"][0].update(reference="Ana/App"),
    "relatório de outra versão": lambda told: told["reports"][0].update(schema=2),
}


def signed_again(told: dict[str, Any]) -> str:
    """By somebody who has the key, and writes what they like."""
    content = {name: value for name, value in told.items() if name != "signature"}
    signature = Ed25519PrivateKey.from_private_bytes(SEED).sign(document.dump(content).encode())
    return document.dump(content | {"signature": base64.b64encode(signature).decode("ascii")})


@pytest.mark.parametrize("name", VALUES | SHAPES)
def test_who_edits_it_is_told_that_it_changed(path: Path, name: str) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    (VALUES | SHAPES)[name](told)
    path.write_text(document.dump(told), encoding="utf-8")
    with pytest.raises(BadDocument, match="não está como o laboratório o gravou") as caught:
        receipt.read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", SHAPES)
def test_what_no_lab_writes_is_not_read_even_when_it_is_signed(path: Path, name: str) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(signed_again(told), encoding="utf-8")
    assert receipt.read(path)
    SHAPES[name](told)
    path.write_text(signed_again(told), encoding="utf-8")
    with pytest.raises(BadDocument):
        receipt.read(path)


@pytest.mark.parametrize("strange", ["\\ud800", "[" * 400 + "]" * 400])
def test_what_cannot_be_written_again_was_not_written_by_us(path: Path, strange: str) -> None:
    """Half a letter, and lists within lists within lists."""
    value = f'"{strange}"' if "ud800" in strange else strange
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{\n", f'{{\n  "nota": {value},\n', 1), encoding="utf-8")
    with pytest.raises(BadDocument):
        receipt.read(path)


def test_a_key_that_comes_twice_says_nothing_else(path: Path) -> None:
    """The last one wins for a reader, the first one for another."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{\n", '{\n  "learner": "bia",\n', 1), encoding="utf-8")
    with pytest.raises(BadDocument):
        receipt.read(path)


def test_who_has_the_key_can_sign_anything(path: Path) -> None:
    """That is why a signature is no proof of the work, and the registry is asked."""
    forged = dataclasses.replace(made(), reports=(report(TAG), report(PUSH, digest="sha256:" + "b" * 64)))
    path.write_text(sign(forged, SEED), encoding="utf-8")
    assert receipt.read(path).score == 15


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "não é um comprovante: o conteúdo não é o JSON"),
        (b"nota: 10", "não é um comprovante: o conteúdo não é o JSON"),
        (b"[1, 2]", "não é um comprovante: o conteúdo não é o JSON"),
        (b"[" * 100_000, "não é um comprovante: o conteúdo não é o JSON"),
        (b"NaN", "não é um comprovante"),
        (b"\xff\xfe{}", "não é um texto em UTF-8"),
        (b" " * (document.LARGEST + 1), "é grande demais: passa de 1 MB"),
        (b"{}", "quem o grava é `lab entregar`"),
        (b'{"kind": ["receipt"]}', "quem o grava é `lab entregar`"),
        (b'{"cells": [], "metadata": {}}', "quem o grava é `lab entregar`"),
        (b'{"kind": "progress", "schema": 1}', "é um progresso exportado, que se lê com `lab progresso imp"),
        (b'{"kind": "receipt"}', "de outra versão do curso; atualize o curso com `git pull`"),
        (b'{"kind": "receipt", "schema": 2}', "de outra versão do curso"),
        (b'{"kind": "receipt", "schema": true}', "de outra versão do curso"),
        (b'{"kind": "receipt", "schema": 1}', "não está como o laboratório o gravou"),
    ],
)
def test_what_is_no_receipt_is_told_what_it_is(path: Path, content: bytes, said: str) -> None:
    path.write_bytes(content)
    with pytest.raises(BadDocument) as caught:
        receipt.read(path)
    assert str(caught.value).startswith(f"{path} ")
    assert said in str(caught.value)


def test_a_file_that_is_not_there_or_cannot_be_read(path: Path, tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="não existe; confira o nome"):
        receipt.read(tmp_path / "nada.json")
    with pytest.raises(BadDocument, match="é uma pasta"):
        receipt.read(tmp_path)
    loop = tmp_path / "volta.json"
    loop.symlink_to(loop)
    with pytest.raises(BadDocument, match="não pôde ser lido"):
        receipt.read(loop)


def test_an_endless_file_ends(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="é grande demais"):
        receipt.read(Path(os.devnull).with_name("zero"))


def test_evidence_is_a_digest_under_the_name_that_the_unit_asks_for() -> None:
    assert evidence_of(TAG, report(TAG), "ana") == ()
    assert evidence_of(PUSH, report(PUSH), "ana") == ()
    assert evidence_of(PUSH, report(PUSH, digest="latest"), "ana") == ()
    once = evidence_of(PUSH, report(PUSH, digest=DIGEST), "Ana")
    assert once == (Evidence("push", parse("ana/app"), DIGEST),)


def test_a_receipt_of_the_whole_course_is_far_below_the_limit() -> None:
    units = tuple(dataclasses.replace(PUSH, id=f"push-{number}") for number in range(30))
    reports = tuple(report(unit, digest=DIGEST) for unit in units)
    evidence = tuple(
        one for unit, each in zip(units, reports, strict=True) for one in evidence_of(unit, each, "ana")
    )
    assert len(sign(Receipt("ana", "treino:abc", NOON, reports, evidence), SEED)) < document.LARGEST / 10
