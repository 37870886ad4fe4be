"""What docker says of immutable tags and archived repositories, and what `lab faxina` leaves in place."""

from __future__ import annotations

import pytest

from tests.lab.desk import Desk, cleaned, desk_in, soon
from tests.lab.person import Person
from tests.real_lab import Lab
from tests.receiver import listening

pytestmark = pytest.mark.lab


def variant(desk: Desk, name: str, *, size: int = 10, base: str = "scratch") -> None:
    """An image with a layer that no other has."""
    script = (
        f"cd $(mktemp -d) && head -c {size} /dev/urandom > x"
        f" && printf 'FROM {base}\\nCOPY x /x\\n' > Dockerfile"
        f" && DOCKER_BUILDKIT=0 docker build -q -t {name} ."
    )
    done = desk.lab.run(["bash", "-c", script])
    assert done.returncode == 0, done.stderr


def tags(person: Person, repository: str) -> set[str]:
    own = f"/v2/namespaces/{person.name}/repositories"
    if repository not in {one["name"] for one in person.asks("GET", own)["results"]}:
        return set()
    return {tag["name"] for tag in person.asks("GET", f"{own}/{repository}/tags")["results"]}


def test_docker_says_why_an_immutable_tag_stays(desk: Desk, person: Person) -> None:
    name = f"{person.name}/docker-is-cool"
    person.logs_in()
    desk.docker("tag", name, f"{name}:v1")
    desk.docker("push", f"{name}:v1")
    soon(lambda: "v1" in tags(person, "docker-is-cool"), "o hub saber da tag")
    page = f"/repositories/{name}"
    saved = person.fills(f"{page}/configuracoes/", f"{page}/mutabilidade/", mutability="rules", rules="^v")
    assert "A proteção das tags foi salva." in saved
    variant(desk, f"{name}:v1", base="docker-is-cool")
    assert f"tag is immutable: A tag v1 de {name} é imutável" in desk.refused("push", f"{name}:v1")
    desk.docker("tag", f"{name}:v1", f"{name}:v2")
    desk.docker("push", f"{name}:v2")  # a new tag goes
    assert "imutável" in desk.refused("push", f"{name}:v1")
    desk.docker("pull", f"{name}:v1")


def test_docker_says_why_an_archived_repository_takes_nothing(desk: Desk, person: Person) -> None:
    name = f"{person.name}/docker-is-cool"
    person.logs_in()
    desk.docker("push", name)
    soon(lambda: "latest" in tags(person, "docker-is-cool"), "o hub saber da tag")
    page = f"/repositories/{name}"
    archived = person.fills(f"{page}/configuracoes/", f"{page}/arquivar/", name="docker-is-cool")
    assert "foi arquivado" in archived
    variant(desk, f"{name}:novo", base="docker-is-cool")
    refused = desk.refused("push", f"{name}:novo")
    assert f"repository is archived: O repositório {name} está arquivado" in refused
    desk.docker("pull", name)
    assert "foi reativado" in person.fills(f"{page}/configuracoes/", f"{page}/arquivar/", archived="0")
    desk.docker("push", f"{name}:novo")


@pytest.mark.containerd
def test_the_newer_engine_says_why_too(newer: Lab) -> None:
    with desk_in(newer) as desk:
        person = Person(newer)
        with cleaned(desk, person.name) as name:
            desk.docker("tag", "docker-is-cool", f"{name}:v1")
            person.logs_in()
            desk.docker("push", f"{name}:v1")
            soon(lambda: "v1" in tags(person, "docker-is-cool"), "o hub saber da tag")
            page = f"/repositories/{name}"
            person.fills(f"{page}/configuracoes/", f"{page}/mutabilidade/", mutability="immutable", rules="")
            variant(desk, f"{name}:v1", base="docker-is-cool")
            assert "tag is immutable" in desk.refused("push", f"{name}:v1")
            person.fills(f"{page}/configuracoes/", f"{page}/arquivar/", name="docker-is-cool")
            desk.docker("tag", f"{name}:v1", f"{name}:v2")
            assert "repository is archived" in desk.refused("push", f"{name}:v2")


def test_a_sweep_frees_what_was_deleted_and_harms_no_index(desk: Desk, person: Person) -> None:
    name = f"{person.name}/faxina"
    person.logs_in()
    for tag in ("a", "b", "c"):
        variant(desk, f"{name}:{tag}", size=2_000_000)
        desk.docker("push", "-q", f"{name}:{tag}")
    desk.docker("manifest", "create", f"{name}:todas", f"{name}:a", f"{name}:b")
    desk.docker("manifest", "push", f"{name}:todas")
    soon(lambda: tags(person, "faxina") == {"a", "b", "c", "todas"}, "o hub saber das tags")
    listed = f"/repositories/{name}/tags/apagar/?tag=a&tag=c"
    assert "2 tags foram apagadas." in person.fills(listed, listed, tag=["a", "c"])
    swept = desk.lab.cli("faxina")
    assert "A faxina liberou 2,0 MB." in swept.stdout, swept.stdout + swept.stderr
    desk.docker("rmi", *desk.names(person.name))
    desk.docker("pull", "-q", f"{name}:todas")  # of a and b, which its index lists
    desk.docker("pull", "-q", f"{name}:b")
    assert "not found" in desk.refused("pull", "-q", f"{name}:c")
    assert desk.lab.status()["all_up"]
    variant(desk, f"{name}:d")
    desk.docker("push", "-q", f"{name}:d")  # nothing that is gone is remembered


def test_a_push_reaches_a_program_of_the_learners(desk: Desk, person: Person) -> None:
    name = f"{person.name}/docker-is-cool"
    person.logs_in()
    desk.docker("push", name)
    soon(lambda: "latest" in tags(person, "docker-is-cool"), "o hub saber da tag")
    page = f"/repositories/{name}/webhooks/"
    with listening() as (url, got):
        assert "O webhook está pronto" in person.sends(page, name="aviso", url=url)
        desk.docker("tag", name, f"{name}:v1")
        desk.docker("push", f"{name}:v1")
        soon(lambda: got, "a entrega do webhook")
    assert (got[0]["repository"]["repo_name"], got[0]["push_data"]["tag"]) == (name, "v1")
    soon(lambda: "entregue" in person.opens(page), "a página contar a entrega")
