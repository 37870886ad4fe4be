"""Asking why, of the world: a registry that behaves badly, a clock that is wrong, a server that drips."""

import asyncio
import base64
import json
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from checks import runner
from checks.diagnosis import Cause, Diagnosis
from checks.entry import Check
from checks.errors import ClockWrong, RegistryUnreachable
from checks.image import Source
from checks.inquiry import why_in
from checks.login import DOCKER_HUB_KEY
from checks.outcome import Outcome
from checks.reference import parse
from checks.report import Report
from checks.rules import RULES, Rule, Verdict
from checks.sources import live
from checks.unit import Unit
from tests.checks.conftest import CONFIG, FakeEngine, FakeHub, Handler, serving, with_registry

APP = parse("ana/app")
PUSHED = Check(RULES["pushed"], "Enviada", 6, (), {"image": "{docker_id}/app", "same_as": "app"})
PUBLIC = Check(RULES["public"], "Pública", 4, (), {"image": "{docker_id}/app"})
UNIT = Unit("push", 50, Path("50-push"), "Envie", 10, (PUSHED, PUBLIC))
pytestmark = pytest.mark.filterwarnings("ignore:'encoding':EncodingWarning")  # the SDK's own open()


@pytest.fixture(params=["classic"])
def engine_store(request: pytest.FixtureRequest) -> str:
    """One store is enough here."""
    return str(request.param)


@pytest.fixture
def world(engine: FakeEngine, hub: FakeHub, tmp_path: Path) -> FakeHub:
    """Ana is logged in, has `app` and `ana/app`, and has pushed nothing."""
    log_in(tmp_path, "ana", "segredo")
    image = {"Id": "sha256:" + "6" * 64, "Config": CONFIG["config"], "Architecture": "amd64", "Os": "linux"}
    image |= {"RootFS": {"Layers": CONFIG["rootfs"]["diff_ids"]}, "RepoTags": ["ana/app:latest"]}
    engine.images["docker.io/ana/app:latest"] = image
    engine.images["docker.io/library/app:latest"] = {**image, "RepoTags": ["app:latest"]}
    return hub


def log_in(folder: Path, name: str, secret: str) -> None:
    auth = base64.b64encode(f"{name}:{secret}".encode()).decode("ascii")
    config = json.dumps({"auths": {DOCKER_HUB_KEY: {"auth": auth}}})
    (folder / "config.json").write_text(config, encoding="utf-8")


def opened(hub: FakeHub) -> AbstractAsyncContextManager[Source]:
    return live(hub.url, hub.url)


def why(hub: FakeHub, name: str = "ana/app") -> Diagnosis:
    return why_in(opened(hub), parse(name))


def verified(hub: FakeHub, patience: float = runner.PATIENCE) -> Report:
    return runner.verify_with(opened(hub), UNIT, None, patience)


def shifted(seconds: float, status: int = 404) -> Handler:
    """Whatever is asked, an answer from another time."""

    async def handler(request: web.Request) -> web.Response:
        moment = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        return web.Response(status=status, headers={"Date": moment})

    return handler


def limited(**headers: str) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(
            status=429, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )

    return handler


def test_all_is_ready_for_the_push(world: FakeHub) -> None:
    assert why(world).cause is Cause.NOT_PUSHED
    world.push("ana/app", world.image())
    assert why(world).cause is Cause.NONE


def test_a_limit_that_was_reached_is_told_with_its_pause(world: FakeHub) -> None:
    world.faults["/manifests/"] = limited(Retry_After="1200")
    found = why(world)
    assert (found.cause, found.command) == (Cause.RATE_LIMITED, "docker push ana/app:latest")
    assert "daqui a 20 minutos" in found.sentence
    report = verified(world)
    assert report.outcome is Outcome.UNVERIFIABLE
    assert "1200 s" in report.checks[0].message


def test_a_limit_of_the_token_service_too(world: FakeHub) -> None:
    world.faults["/token"] = limited()
    assert why(world).cause is Cause.RATE_LIMITED


@pytest.mark.parametrize(("seconds", "words"), [(900, "atrasado 15 minutos"), (-86_400, "adiantado 1 dia")])
def test_a_clock_that_differs_from_the_registrys(world: FakeHub, seconds: float, words: str) -> None:
    world.faults["/v2/"] = shifted(seconds)
    found = why(world)
    assert (found.cause, found.command) == (Cause.CLOCK_WRONG, "sudo timedatectl set-ntp true")
    assert words in found.sentence
    report = verified(world)
    assert report.outcome is Outcome.UNVERIFIABLE
    assert words in report.checks[0].message


def test_a_clock_a_little_off_is_nothing(world: FakeHub) -> None:
    world.faults["/v2/"] = shifted(240)
    assert why(world).cause is Cause.NOT_PUSHED


def test_a_refused_password(world: FakeHub) -> None:
    world.passwords["ana"] = "outro"
    found = why(world)
    assert (found.cause, found.command) == (Cause.LOGIN_REFUSED, "docker login -u ana")
    assert verified(world).outcome is Outcome.UNVERIFIABLE


TOKEN = "dckr_pat_" + "x" * 27


@pytest.fixture
def by_token(world: FakeHub, tmp_path: Path) -> FakeHub:
    """The same, and Ana signed in with an access token."""
    log_in(tmp_path, "ana", TOKEN)
    world.passwords["ana"] = TOKEN
    return world


@pytest.mark.parametrize("refusal", ["access token has insufficient scopes", ""])
@pytest.mark.parametrize("rights", ["pull", ""])
def test_a_token_that_may_not_write(by_token: FakeHub, refusal: str, rights: str) -> None:
    """Refused whole, as Docker Hub does today, or granted less, as its documents say."""
    by_token.refuses_push, by_token.rights["ana"] = refusal, rights
    found = why(by_token)
    assert (found.cause, found.command) == (Cause.TOKEN_SCOPE, "docker login -u ana")
    report = verified(by_token)
    assert report.checks[0].outcome is Outcome.NOT_ATTEMPTED
    assert "Repo Read & Write" in report.checks[0].message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("personal access token is expired", "o token de acesso venceu."),
        ("personal access token is inactive: …", "o token de acesso está desativado."),
        ("incorrect username or password", "venceu, foi desativado ou foi apagado."),
    ],
)
def test_a_token_that_works_no_more(by_token: FakeHub, answer: str, words: str) -> None:
    async def refuses(request: web.Request) -> web.Response:
        return web.json_response({"details": answer}, status=401)

    by_token.faults["/token"] = refuses
    found = why(by_token)
    assert (found.cause, found.command) == (Cause.TOKEN_REFUSED, "docker login -u ana")
    assert words in found.sentence
    report = verified(by_token)
    assert report.outcome is Outcome.UNVERIFIABLE
    assert words in report.checks[0].message
    assert TOKEN not in report.checks[0].message + found.sentence


def test_a_push_over_the_private_quota(world: FakeHub) -> None:
    world.refuses_push, world.rights["ana"] = "private repository limit reached: …", "pull"
    found = why(world)
    assert found.cause is Cause.OVER_QUOTA
    assert "repositório privado" in found.sentence
    assert "repositório privado" in verified(world).checks[0].message


def test_the_hub_of_accounts_may_be_out_for_a_push(world: FakeHub) -> None:
    """What only makes a sentence better is not missed."""

    async def broken(request: web.Request) -> web.Response:
        return web.Response(status=503)

    world.faults["/v2/users/"] = broken
    assert why(world, "bia/app").cause is Cause.PRIVATE_OR_ABSENT


def test_a_second_look_only_where_something_is_missing(world: FakeHub) -> None:
    verified(world)
    counts = Counter(world.asked)
    assert counts["GET /v2/"] == 2, "for the clock and for the rights, which both checks share"
    world.asked.clear()
    world.push("ana/app", world.image())
    assert verified(world).outcome is Outcome.PASSED
    assert not [path for path in world.asked if path.endswith(("/tags/list", "/v2/"))]


def test_a_second_look_names_the_other_tag(world: FakeHub, engine: FakeEngine) -> None:
    del engine.images["docker.io/ana/app:latest"]
    world.push("ana/app", world.image(), "v2")
    report = verified(world)
    assert [check.outcome for check in report.checks] == [Outcome.NOT_ATTEMPTED] * 2
    for check in report.checks:
        assert "com a tag `v2`" in check.message
    assert "`docker tag app:latest ana/app:latest`" in report.checks[0].message


def test_a_second_look_that_breaks_leaves_the_first(world: FakeHub, engine: FakeEngine) -> None:
    async def broken(request: web.Request) -> web.Response:
        return web.Response(status=500)

    del engine.images["docker.io/ana/app:latest"]
    world.faults["/tags/list"] = broken
    report = verified(world)
    assert [check.outcome for check in report.checks] == [Outcome.NOT_ATTEMPTED] * 2


def test_a_server_that_drips_ends_as_not_verifiable_in_time(world: FakeHub) -> None:
    async def drips(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(600):
            await response.write(b" ")
            await asyncio.sleep(0.1)
        return response

    world.push("ana/app", world.image())
    world.faults["/blobs/"] = drips
    start = time.monotonic()
    report = verified(world)
    assert time.monotonic() - start < runner.PATIENCE + 1
    assert report.outcome is Outcome.UNVERIFIABLE
    assert report.outcome.label == "não foi possível verificar"
    assert "a resposta não veio" in report.checks[0].message


def test_a_registry_that_drips_forever_over_many_answers_ends_too(world: FakeHub) -> None:
    """Each answer comes within its own limit; the check as a whole still ends."""

    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response(status=503)

    world.faults["/v2/"] = slow
    start = time.monotonic()
    report = verified(world, patience=0.5)
    assert time.monotonic() - start < 2
    assert report.outcome is Outcome.UNVERIFIABLE


def test_one_report_can_hold_every_outcome(world: FakeHub, engine: FakeEngine) -> None:
    def breaks(image: object) -> Verdict:
        raise KeyError("diff_ids")

    other = {**engine.images["docker.io/library/app:latest"], "RootFS": {"Layers": ["sha256:" + "9" * 64]}}
    engine.images["docker.io/library/other:latest"] = other
    world.faults["/v2/users/"] = limited()
    broken = Rule("breaks", "Quebra", breaks, RULES["local_image"].parameters)
    checks = (
        Check(RULES["local_image"], "Aqui", 3, (), {"image": "app"}),
        Check(RULES["same_image"], "A mesma", 2, (), {"image": "other", "same_as": "app"}),
        PUBLIC,
        Check(RULES["account_confirmed"], "Conta", 1, (), {}),
        Check(broken, "Quebra", 1, (), {"image": "app"}),
    )
    report = runner.verify_with(opened(world), Unit("x", 1, Path("01-x"), "X", 11, checks), None)
    assert [check.outcome for check in report.checks] == list(Outcome)
    assert (report.score, report.max_score) == (3, 11)


# A certificate out of its dates.


@pytest.fixture(params=[(-30, -20), (20, 30)], ids=["expired", "not yet"])
def tls(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A trusted certificate for localhost, valid on other days."""
    first, last = request.param
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=first))
        .not_valid_after(now + timedelta(days=last))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "tls.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context


@pytest.fixture
def elsewhen(tls: ssl.SSLContext) -> Iterator[str]:
    with serving(FakeHub().app(), tls=tls) as url:
        yield url.replace("http://127.0.0.1", "https://localhost")


def test_a_certificate_out_of_its_dates_is_a_wrong_clock(elsewhen: str, world: FakeHub) -> None:
    with pytest.raises(ClockWrong, match="relógio"):
        with_registry(elsewhen, lambda registry: registry.public_image(APP))
    world.url = elsewhen
    found = why(world)
    assert (found.cause, found.command) == (Cause.CLOCK_WRONG, "sudo timedatectl set-ntp true")
    assert verified(world).outcome is Outcome.UNVERIFIABLE


def test_a_certificate_of_nobody_is_not_a_clock(
    elsewhen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(RegistryUnreachable, match="não é de confiança"):
        with_registry(elsewhen, lambda registry: registry.public_image(APP))
