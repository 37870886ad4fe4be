"""The practice certificate authority, the leaves of the TLS names and the key that signs registry tokens.

Dates are fixed and far apart, so that a clock that jumps never breaks the lab; the authority may only
vouch for Docker's names, so that a leaked key is worth nothing elsewhere.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lab.addresses import HUB_NAMES, REGISTRY_NAMES
from lab.paths import Home
from lab.state import write

NOT_BEFORE, NOT_AFTER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
PERMITTED = ("docker.io", "docker.com")
Key = ec.EllipticCurvePrivateKey


def prepare(home: Home) -> None:
    """Make what is missing; what exists is kept, for the learner's engine may already know it."""
    if not all((home / "ca" / name).exists() for name in ("ca.pem", "ca.key")):
        _make_authority(home)
    authority = x509.load_pem_x509_certificate((home / "ca" / "ca.pem").read_bytes())
    for leaf, names in (("registry", REGISTRY_NAMES), ("hub", HUB_NAMES)):
        if not all((home / "tls" / f"{leaf}.{kind}").exists() for kind in ("pem", "key")):
            _make_leaf(home, leaf, names, authority)
    if not all((home / "token" / name).exists() for name in ("token.pem", "token.key")):
        _make_token_pair(home)


def _make_authority(home: Home) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Dockerhub na Prática: autoridade de treino")
    permitted = [x509.DNSName(domain) for domain in PERMITTED]
    certificate = (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(
            x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True
        )
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    # the leaves of an older authority are worth nothing under the new one
    for path in (home / "tls").iterdir():
        path.unlink()
    _write_pair(home / "ca" / "ca.pem", home / "ca" / "ca.key", certificate, key)


def _make_leaf(home: Home, leaf: str, names: tuple[str, ...], authority: x509.Certificate) -> None:
    pem = (home / "ca" / "ca.key").read_bytes()
    authority_key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
        raise TypeError("a chave da autoridade de treino não é ECDSA")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(_name(names[0]), authority.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    _write_pair(home / "tls" / f"{leaf}.pem", home / "tls" / f"{leaf}.key", certificate, key)


def _make_token_pair(home: Home) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Dockerhub na Prática: tokens de treino")
    certificate = (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_pair(home / "token" / "token.pem", home / "token" / "token.key", certificate, key)


def _builder(subject: x509.Name, issuer: x509.Name, key: Key) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_AFTER)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=authority, crl_sign=authority, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip


def _write_pair(pem: Path, key_path: Path, certificate: x509.Certificate, key: Key) -> None:
    """The key first: a certificate on disk always has its key."""
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write(key_path, text.decode("ascii"), mode=0o600)
    write(pem, certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"))
