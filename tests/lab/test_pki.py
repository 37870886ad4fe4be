"""The practice certificates: good for Docker's names, for nothing else, whatever the clock says."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lab import state, trust
from lab.addresses import HUB_NAMES, REGISTRY_NAMES
from lab.paths import Home
from lab.state import Lab

LAB = Lab("id", "127.20.0.2", "127.20.0.3", 20_001, 20_002)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("pki") / "lab")
    state.prepare(home)
    trust.prepare(home, LAB)
    return home


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


@pytest.mark.parametrize(("leaf", "names"), [("registry", REGISTRY_NAMES), ("hub", HUB_NAMES)])
def test_each_leaf_names_its_hosts(home: Home, leaf: str, names: tuple[str, ...]) -> None:
    certificate = load(home / "tls" / f"{leaf}.pem")
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert tuple(found.get_values_for_type(x509.DNSName)) == names
    certificate.verify_directly_issued_by(load(home / "ca" / "ca.pem"))


def test_the_authority_may_only_vouch_for_dockers_names(home: Home) -> None:
    found = load(home / "ca" / "ca.pem").extensions.get_extension_for_class(x509.NameConstraints)
    assert found.critical
    assert [name.value for name in found.value.permitted_subtrees or ()] == ["docker.io", "docker.com"]


def test_a_clock_that_jumps_breaks_no_certificate(home: Home) -> None:
    for path in home.root.rglob("*.pem"):
        if path.name != "bundle.pem":
            assert load(path).not_valid_before_utc.year <= 2000
            assert load(path).not_valid_after_utc.year >= 2049


def test_the_token_key_is_the_one_that_the_hub_signs_with(home: Home) -> None:
    key = load_pem_private_key((home / "token" / "token.key").read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.curve.name == "secp256r1"
    assert key.public_key() == load(home / "token" / "token.pem").public_key()


def test_keys_are_for_their_owner_only(home: Home) -> None:
    keys = list(home.root.rglob("*.key"))
    assert len(keys) == 4
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys)


def test_the_bundle_keeps_every_authority_of_the_machine(home: Home) -> None:
    system = trust.system_bundle(home)
    assert system is not None
    before, after = ssl.create_default_context(cafile=system), ssl.create_default_context(cafile=home.bundle)
    assert after.cert_store_stats()["x509_ca"] == before.cert_store_stats()["x509_ca"] + 1


def test_what_exists_is_kept(home: Home) -> None:
    before = {path: path.read_bytes() for path in home.root.rglob("*.pem")}
    trust.prepare(home, LAB)
    assert {path: path.read_bytes() for path in home.root.rglob("*.pem")} == before


def test_a_lost_leaf_is_made_again_by_the_same_authority(home: Home) -> None:
    authority = (home / "ca" / "ca.pem").read_bytes()
    (home / "tls" / "hub.key").unlink()
    trust.prepare(home, LAB)
    assert (home / "ca" / "ca.pem").read_bytes() == authority
    load(home / "tls" / "hub.pem").verify_directly_issued_by(load(home / "ca" / "ca.pem"))
