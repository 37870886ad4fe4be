"""Names of images: checks.reference and real engines agree on 10,000 generated ones.

How they are compared. `POST /images/{id}/tag` takes repository and tag apart, but with an empty `tag` the
engine parses the whole of `repo`, tag and digest included; so nothing has to be split here, where to split
would be to parse already. To keep it harmless, names without `@` get a digest: what comes before it is
parsed all the same, and the engine never makes a tag of a digest. So a right name is refused for its digest,
a wrong one for its form, and nothing is left behind. Only the identifier of an image goes without: with a
digest it would be a name.

What the engine understood by a right name, it tells where it looks for an image that is not there:
`No such image: ana/app:latest`, for the filter `before` of `GET /images/json`.

Left out are texts of over 2048 characters, which Docker may accept and checks.reference refuses.
"""

import http.client
import json
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from checks.errors import BadReference
from checks.grammar import DOMAIN_MARK, IDENTIFIER, PATH_LIMIT
from checks.reference import DOCKER_HUB, Reference, normalize, parse
from tests.names import NAMES
from tests.real_lab import Lab
from tests.stores import CONTAINERD

pytestmark = pytest.mark.lab
DIGEST = f"@sha256:{'d' * 64}"
EXISTING = "docker-is-cool"
HOW_MANY = 10_000


class Engine:
    """The engine of a lab, through one connection that is kept."""

    def __init__(self, lab: Lab) -> None:
        self._connection = http.client.HTTPConnection("engine")
        self._connection.sock = socket.socket(socket.AF_UNIX)
        self._connection.sock.connect(str(lab.home / "run" / "docker.sock"))
        version = str(json.loads(self.ask("GET", "/version")[1])["Version"])
        self.older_grammar = int(version.split(".")[0]) < 24

    def ask(self, method: str, path: str, **query: str) -> tuple[int, str]:
        self._connection.request(method, f"{path}?{urlencode(query)}")
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def accepts(self, text: str) -> bool:
        harmless = text if "@" in text or IDENTIFIER.fullmatch(text) else text + DIGEST
        status, said = self.ask("POST", f"/images/{EXISTING}/tag", repo=harmless)
        assert status in {400, 500}, f"{status} {said}"
        return "digest reference" in said or "ambiguous tag" in said

    def understands(self, text: str) -> str:
        """The whole name, in its short form."""
        status, said = self._look_for(text)
        if status == 200:  # `ab` is also the beginning of somebody's identifier
            assert "/" not in text
            status, said = self._look_for(f"docker.io/library/{text}")
        assert status == 404, said
        return str(json.loads(said)["message"]).removeprefix("No such image: ")

    def _look_for(self, text: str) -> tuple[int, str]:
        return self.ask("GET", "/images/json", filters=json.dumps({"before": [text]}))

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def newer() -> Iterator[Lab]:
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        lab = Lab(Path(folder) / "lab", Path(folder) / "trabalho", tuple(CONTAINERD.items()))
        try:
            lab.start()
            yield lab
        finally:
            lab.cli("limpar")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("lab", id="classic"),
        pytest.param("newer", id="containerd", marks=pytest.mark.containerd),
    ],
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = Engine(request.getfixturevalue(request.param))
    yield engine
    engine.close()


def ours(text: str) -> Reference | None:
    """What we understand; None for what we refuse. A tag beside a digest is kept, as the engine tells it."""
    try:
        found = normalize(text)
    except BadReference:
        return None
    return found if found.digest else parse(text)


def refused_before(found: Reference) -> bool:
    """Names that Docker's grammar accepts since version 24; an older engine refuses them.

    IPv6 addresses, registries that only a capital tells from an owner (`Ana/app`), and names that pass the
    limit only with the registry's address.
    """
    owner_like = found.registry not in {"", "localhost"} and not DOMAIN_MARK.search(found.registry)
    return found.registry.startswith("[") or owner_like or len(found.name) > PATH_LIMIT


def as_docker_shows(found: Reference) -> str:
    """Its short form; docker.io/localhost/app becomes localhost/app, another name, which ours never does."""
    if found.registry != DOCKER_HUB:
        return str(found)
    official = found.repository.removeprefix("library/")
    short = found.repository if "/" in official else official
    return short + str(found).removeprefix(found.name)


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Made once for both engines; some are made twice, hence the margin."""
    made: dict[str, None] = {}

    @settings(
        max_examples=HOW_MANY * 11 // 10, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(NAMES)
    def make(text: str) -> None:
        made[text] = None

    make()
    return list(made)[:HOW_MANY]


def disagreement(engine: Engine, text: str) -> str | None:
    found = ours(text)
    expected = found is not None and not (engine.older_grammar and refused_before(found))
    if engine.accepts(text) is not expected:
        return f"{text!r}: {'only we accept it' if expected else 'only the engine accepts it'}"
    if not expected or found is None or engine.understands(text) == as_docker_shows(found):
        return None
    return f"{text!r}: {engine.understands(text)} for the engine, {as_docker_shows(found)} for us"


def test_the_engine_and_the_checks_agree_on_10_000_names(engine: Engine, names: list[str]) -> None:
    assert len(names) == HOW_MANY
    assert HOW_MANY // 3 < sum(ours(text) is not None for text in names) < HOW_MANY * 2 // 3
    found = sorted(filter(None, (disagreement(engine, text) for text in names)), key=len)
    assert found == []


def test_the_name_an_image_really_gets_is_the_one_understood(engine: Engine) -> None:
    for written in ("docker.io/nomes/App", "index.docker.io/nomes/app", "nomes/app:V1", "localhost:5000/n:1"):
        status, said = engine.ask("POST", f"/images/{EXISTING}/tag", repo=written)
        found = ours(written)
        assert (status == 201) is (found is not None), said
        if found is not None:
            tags = json.loads(engine.ask("GET", f"/images/{EXISTING}/json")[1])["RepoTags"]
            assert found.familiar in tags
            engine.ask("DELETE", f"/images/{found}")
