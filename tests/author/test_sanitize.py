"""course/sanitize.cfg forgets what docker changes from run to run, and nothing else.

docker_output.json holds what docker 20.10 and 28.2 really wrote on a cell's
terminal, the same commands twice, against one engine and one registry.
"""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbval.plugin import coalesce_streams

from checks.place import REPOSITORY
from lab.author import outputs

PATTERNS = outputs.read_patterns(REPOSITORY / "course" / "sanitize.cfg")
SEEN: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "docker_output.json").read_text(encoding="utf-8")
)
NOTICE = "DEPRECATED: The legacy builder is deprecated.\n    Install buildx:\n    https://docs.docker.com\n"
NO_PULL = "pull access denied for ana/a, repository does not exist or may require 'docker login'"
NO_SCOPE = "server message: insufficient_scope: authorization failed"
DOCKER, OCI = "application/vnd.docker.distribution.manifest", "application/vnd.oci.image"
# These differ between clients by whole lines; each is still stable for one client.
OWN_WORDS = {"miss", "version"}


def compared(text: str) -> Any:
    """A stream as nbval compares it."""
    stream: Any = nbformat.v4.new_output("stream", text=text)  # type: ignore[no-untyped-call]
    return outputs.sanitize(coalesce_streams([stream])[0].text, PATTERNS)


@pytest.mark.parametrize("command", sorted(set(SEEN) - OWN_WORDS))
def test_two_runs_of_a_command_compare_equal(command: str) -> None:
    first, second = SEEN[command].values()
    assert compared(first) == compared(second)


def test_a_push_of_new_layers_and_of_known_ones_compare_equal() -> None:
    assert compared(SEEN["push"]["20.10"]) == compared(SEEN["push2"]["28.2"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Docker version 20.10.24+dfsg1, build 297e128", "Docker version 28.2.2, build e6534b4"),
        ("http://127.0.0.1:8000/u/ana", "http://127.0.0.1:45113/u/ana"),
        (f"No navegador: {outputs.NO_ADDRESS}", "No navegador: http://127.0.0.1:45113"),
        ("Up 3 seconds", "Up About a minute"),
        ("Exited (0) Less than a second ago", "Exited (0) 2 minutes ago"),
        ("2026-11-23T18:10:00.596164855Z", "2026-11-24T01:00:00.1Z"),
        ("2026-11-23 18:10:00 +0000 UTC", "2026-11-24 08:10:00 -0300 -03"),
        ("conferido em 23/11/2026 às 18:10", "conferido em 24/11/2026 às 08:00"),
        ("Last-Modified: Mon, 23 Nov 2026 18:10:00 GMT", "Last-Modified: Tue, 24 Nov 2026 08:10:00 GMT"),
        ("b97edbcd09ee   docker-is-cool   happy_turing\n", "0123456789ab   docker-is-cool   sad_bell\n"),
        (f"{NOTICE}\nsha256:aaaaaaaaaaaa", "sha256:bbbbbbbbbbbb"),
        ("eyJhbGciOi.eyJzdWIi.c2ln", "eyJ0eXAiOi.eyJpc3Mi.b3V0"),
        ("<style>\n.a { color: red }\n</style><p>oi", "<style>.b { top: 0 }</style><p>oi"),
        (
            "NAME      STARS     OFFICIAL   AUTOMATED\nana/a     0                    \n",
            "NAME      STARS     OFFICIAL\nana/a     0\n",
        ),
        (f"{NO_PULL}: denied: requested access to the resource is denied", NO_PULL),
        ("denied: requested access to the resource is denied", NO_SCOPE),
        (f'"{DOCKER}.v2+json",\n"size": 1149', f'"{OCI}.manifest.v1+json",\n"size": 532'),
        (f"{DOCKER}.list.v2+json", f"{OCI}.index.v1+json"),
        ("5dca4a898f94   1 second ago    ENV A=b   0B", "<missing>      2 weeks ago     ENV A=b   4.1kB"),
        ("COPY file:465e121a7e02f4c5…   19B", "COPY file:0123456789abcdef…   8.19kB"),
    ],
)
def test_noise_compares_equal(one: str, other: str) -> None:
    assert compared(one) == compared(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("v1: digest: sha256:aaaaaaaaaaaa", "v2: digest: sha256:aaaaaaaaaaaa"),
        ("1.0.0: Pulling from ana/docker-is-cool", "1.0.1: Pulling from ana/docker-is-cool"),
        ("ana/docker-is-cool   latest", "bia/docker-is-cool   latest"),
        ("denied: requested access to the resource is denied", "latest: digest: sha256:aaaaaaaaaaaa"),
        ("Status: Image is up to date for a", "Status: Downloaded newer image for a"),
        ("Pontos: 4 de 10", "Pontos: 10 de 10"),
        ("✔ A imagem está no Docker Hub: passou", "✘ A imagem está no Docker Hub: falhou"),
        ("Exited (0) 2 seconds ago", "Exited (1) 2 seconds ago"),
        (f"{OCI}.manifest.v1+json", f"{OCI}.index.v1+json"),
        (NO_PULL, "Status: Downloaded newer image for ana/a"),
        ("<none>   sha256:aaaaaaaaaaaa", "1.0      sha256:aaaaaaaaaaaa"),
    ],
)
def test_what_matters_still_differs(one: str, other: str) -> None:
    assert compared(one) != compared(other)
