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

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from checks.errors import BadReference
from checks.grammar import DOMAIN_MARK, IDENTIFIER, PATH_LIMIT
from checks.reference import DOCKER_HUB, Reference, normalize, parse
from tests.names import NAMES
from tests.real_lab import Lab

pytestmark = pytest.mark.lab
DIGEST = f"@sha256:{'d' * 64}"
EXISTING = "docker-is-cool"
HOW_MANY = 10_000
AT_ONCE = 50  # so few that all their answers fit in the socket, and neither side waits for the other to read
Question = tuple[str, str, Mapping[str, str]]  # method, path, query


class Engine:
    """The engine of a lab, through one connection that is kept; it answers in the order it was asked."""

    def __init__(self, lab: Lab) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self._socket.connect(str(lab.home / "run" / "docker.sock"))
        self._answers = self._socket.makefile("rb")
        version = str(json.loads(self.ask(("GET", "/version", {}))[0][1])["Version"])
        self.older_grammar = int(version.split(".")[0]) < 24

    def ask(self, *questions: Question) -> list[tuple[int, str]]:
        """Status and body of each; many questions are sent before the first answer is awaited."""
        found: list[tuple[int, str]] = []
        for start in range(0, len(questions), AT_ONCE):
            some = questions[start : start + AT_ONCE]
            self._socket.sendall("".join(map(_request, some)).encode("ascii"))
            found += [self._answer() for _ in some]
        return found

    def _answer(self) -> tuple[int, str]:
        status = int(self._answers.readline().split()[1])
        headers = dict(line.lower().strip().split(b": ", 1) for line in iter(self._answers.readline, b"\r\n"))
        if headers.get(b"transfer-encoding") == b"chunked":
            return status, b"".join(iter(self._chunk, b"")).decode()
        return status, self._answers.read(int(headers.get(b"content-length", 0))).decode()

    def _chunk(self) -> bytes:
        chunk = self._answers.read(int(self._answers.readline(), 16))
        self._answers.readline()
        return chunk

    def accepts(self, texts: Sequence[str]) -> list[bool]:
        harmless = [text if "@" in text or IDENTIFIER.fullmatch(text) else text + DIGEST for text in texts]
        answers = self.ask(*(("POST", f"/images/{EXISTING}/tag", {"repo": text}) for text in harmless))
        assert {status for status, _ in answers} <= {400, 500}, answers
        return ["digest reference" in said or "ambiguous tag" in said for _, said in answers]

    def understands(self, texts: Sequence[str]) -> dict[str, str]:
        """Each whole name, in its short form."""
        told = dict(zip(texts, self._look_for(texts), strict=True))
        begun = [
            text for text, (status, _) in told.items() if status == 200
        ]  # `ab` also begins an identifier
        assert not any("/" in text for text in begun)
        whole = [f"docker.io/library/{text}" for text in begun]
        told |= dict(zip(begun, self._look_for(whole), strict=True))
        assert {status for status, _ in told.values()} <= {404}, told
        return {
            text: str(json.loads(said)["message"]).removeprefix("No such image: ")
            for text, (_, said) in told.items()
        }

    def _look_for(self, texts: Sequence[str]) -> list[tuple[int, str]]:
        wanted = ({"filters": json.dumps({"before": [text]})} for text in texts)
        return self.ask(*(("GET", "/images/json", query) for query in wanted))

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


def _request(question: Question) -> str:
    method, path, query = question
    return f"{method} {path}?{urlencode(query)} HTTP/1.1\r\nHost: engine\r\n\r\n"


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
        max_examples=HOW_MANY * 11 // 10, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(NAMES)
    def make(text: str) -> None:
        made[text] = None

    make()
    return list(made)[:HOW_MANY]


def disagreements(engine: Engine, names: Sequence[str]) -> Iterator[str]:
    found = {text: ours(text) for text in names}
    known = {text: one for text, one in found.items() if one is not None}
    if engine.older_grammar:
        known = {text: one for text, one in known.items() if not refused_before(one)}
    for text, accepted in zip(names, engine.accepts(names), strict=True):
        if accepted is not (text in known):
            yield f"{text!r}: {'only the engine accepts it' if accepted else 'only we accept it'}"
            known.pop(text, None)
    for text, understood in engine.understands(list(known)).items():
        if understood != as_docker_shows(known[text]):
            yield f"{text!r}: {understood} for the engine, {as_docker_shows(known[text])} for us"


def test_the_engine_and_the_checks_agree_on_10_000_names(engine: Engine, names: list[str]) -> None:
    assert len(names) == HOW_MANY
    assert HOW_MANY // 3 < sum(ours(text) is not None for text in names) < HOW_MANY * 2 // 3
    assert sorted(disagreements(engine, names), key=len) == []


def test_the_name_an_image_really_gets_is_the_one_understood(engine: Engine) -> None:
    for written in ("docker.io/nomes/App", "index.docker.io/nomes/app", "nomes/app:V1", "localhost:5000/n:1"):
        [(status, said)] = engine.ask(("POST", f"/images/{EXISTING}/tag", {"repo": written}))
        found = ours(written)
        assert (status == 201) is (found is not None), said
        if found is not None:
            [(_, image), _] = engine.ask(
                ("GET", f"/images/{EXISTING}/json", {}), ("DELETE", f"/images/{found}", {})
            )
            assert found.familiar in json.loads(image)["RepoTags"]
