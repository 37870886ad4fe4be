"""The key that signs the registry's tokens, and the certificate by which the registry knows it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class SigningKey:
    private: EllipticCurvePrivateKey
    x5c: tuple[str, ...]


def signing_key() -> SigningKey:
    """The key the settings name, parsed once: parsing it for each token would cost most of the time."""
    key_file, cert_file = settings.HUB_TOKEN_KEY_FILE, settings.HUB_TOKEN_CERT_FILE
    if key_file is None or cert_file is None:
        raise ImproperlyConfigured(
            "Faltam as variáveis HUB_TOKEN_KEY_FILE e HUB_TOKEN_CERT_FILE: "
            "sem elas o hub não tem como assinar as permissões do registry."
        )
    return _load(Path(key_file), Path(cert_file))


@lru_cache(maxsize=4)
def _load(key_file: Path, cert_file: Path) -> SigningKey:
    try:
        private = load_pem_private_key(key_file.read_bytes(), password=None)
        certificates = x509.load_pem_x509_certificates(cert_file.read_bytes())
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"Não foi possível usar a chave {key_file} com o certificado {cert_file}: {error}"
        ) from error
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise ImproperlyConfigured(f"A chave {key_file} precisa ser do tipo EC P-256 (ES256).")
    if certificates[0].public_key() != private.public_key():
        raise ImproperlyConfigured(f"O certificado {cert_file} não é o da chave {key_file}.")
    chain = (base64.b64encode(one.public_bytes(Encoding.DER)).decode("ascii") for one in certificates)
    return SigningKey(private, tuple(chain))
