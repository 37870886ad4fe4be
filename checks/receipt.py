"""The receipt of a hand-in (comprovante): what the checks said, signed with the key of the lab that ran them.

What the signature proves: that the file is, byte by byte, what that lab wrote. What it does not: that the
work was done. The key is on the learner's own machine, and who has the machine can sign anything with it.
What counts is what the registry answers when it is asked again (lab.hand_in).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from checks import document
from checks.cache import is_digest
from checks.document import RECEIPT, Document, Malformed
from checks.entry import fill
from checks.errors import BadDocument, BadReference
from checks.reference import Reference, parse
from checks.report import Report
from checks.unit import Unit

_MOST_IMAGES = 500
_CHANGED = (
    "não está como o laboratório o gravou: algum byte mudou, ou foi aberto e salvo por um editor. "
    "Peça ao aluno o arquivo original, ou que entregue de novo"
)


@dataclass(frozen=True)
class Evidence:
    """What a name of a unit led to when it was checked; the registry can be asked again."""

    unit: str
    reference: Reference
    digest: str


@dataclass(frozen=True)
class Receipt:
    """Who handed in what; `hub` tells practice hubs from each other and from the real one."""

    learner: str
    hub: str
    issued_at: datetime
    reports: tuple[Report, ...]
    evidence: tuple[Evidence, ...]
    fingerprint: str = ""  # of the key: short enough to be compared by eye

    @property
    def score(self) -> int:
        return sum(report.score for report in self.reports)

    @property
    def max_score(self) -> int:
        return sum(report.max_score for report in self.reports)


def evidence_of(unit: Unit, report: Report, learner: str) -> tuple[Evidence, ...]:
    """The digest that a rule tells is that of its `image`; each name counts once."""
    found: dict[Evidence, None] = {}
    for check, finding in zip(unit.checks, report.checks, strict=True):
        digest, name = finding.facts.get("digest"), check.arguments.get("image")
        if is_digest(digest) and isinstance(name, str):
            found[Evidence(unit.id, parse(fill(name, learner.lower())), str(digest))] = None
    return tuple(found)


def sign(receipt: Receipt, seed: bytes) -> str:
    """The text of the file; `seed` is the 32 bytes of an Ed25519 private key."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    content = _content(receipt) | {"public_key": _base64(key.public_key().public_bytes_raw())}
    signature = key.sign(document.dump(content).encode())
    return document.dump(content | {"signature": _base64(signature)})


def read(path: Path) -> Receipt:
    """A receipt whose signature holds; BadDocument when it is none, or when a byte of it changed."""
    text, found = document.read(path, RECEIPT)
    try:
        receipt = _receipt(found)
        _require_signature(text, found)
    except (Malformed, InvalidSignature, UnicodeEncodeError, RecursionError) as error:
        raise BadDocument(path, _CHANGED) from error
    return receipt


def fingerprint(public_key: bytes) -> str:
    digest = hashlib.sha256(public_key).hexdigest()
    return f"{digest[:4]}-{digest[4:8]}"


def _require_signature(text: str, found: Document) -> None:
    """Only the very text that was signed will do: no other order, spaces, escapes or repeated keys."""
    if document.dump(found) != text:
        raise Malformed("written in another way")
    content = dict(found)
    signature = _bytes(content.pop("signature", None))
    Ed25519PublicKey.from_public_bytes(_public_key(found)).verify(signature, document.dump(content).encode())


def _content(receipt: Receipt) -> Document:
    return {
        "kind": RECEIPT,
        "schema": document.SCHEMA,
        "learner": receipt.learner,
        "hub": receipt.hub,
        "issued_at": document.written(receipt.issued_at),
        "score": receipt.score,
        "max_score": receipt.max_score,
        "images": [
            {"unit": one.unit, "reference": str(one.reference), "digest": one.digest}
            for one in receipt.evidence
        ],
        # What was left of a limit then is of no use to anybody later.
        "reports": [replace(report, allowance=None).to_dict() for report in receipt.reports],
    }


def _receipt(found: Document) -> Receipt:
    hub = found.get("hub")
    if not isinstance(hub, str) or not hub.isascii() or not hub.isprintable() or len(hub) > 200:
        raise Malformed("not a hub")
    return Receipt(
        learner=document.docker_id_of(found.get("learner")),
        hub=hub,
        issued_at=document.moment_of(found.get("issued_at")),
        reports=tuple(map(document.report_of, document.items_of(found.get("reports")))),
        evidence=tuple(map(_evidence, document.items_of(found.get("images"), _MOST_IMAGES))),
        fingerprint=fingerprint(_public_key(found)),
    )


def _evidence(data: Document) -> Evidence:
    unit, name, digest = data.get("unit"), data.get("reference"), data.get("digest")
    if not isinstance(unit, str) or not isinstance(name, str) or not is_digest(digest):
        raise Malformed("no evidence")
    try:
        return Evidence(unit, parse(name), str(digest))
    except BadReference as error:
        raise Malformed("not the name of an image") from error


def _public_key(found: Document) -> bytes:
    key = _bytes(found.get("public_key"))
    if len(key) != 32:
        raise Malformed("not a key")
    return key


def _base64(body: bytes) -> str:
    return base64.b64encode(body).decode("ascii")


def _bytes(value: Any) -> bytes:
    try:
        body = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise Malformed("not base64") from error
    if _base64(body) != value:  # the last letter holds bits that mean nothing
        raise Malformed("not base64")
    return body
