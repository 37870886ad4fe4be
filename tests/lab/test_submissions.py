"""What learners hand in, built for real in a lab: wrong submissions never pass, right but unusual ones do."""

import json
from collections.abc import Callable, Iterator

import pytest

from tests.lab.handing_in import FRESH, ORIGIN, Checker, Learner, put_a_fresh_image, put_back
from tests.real_lab import Lab

pytestmark = pytest.mark.lab
OTHER = f"FROM {ORIGIN}\nLABEL versao=outra\n"
EMPTY = "FROM scratch\nLABEL vazia=sim\n"


@pytest.fixture(scope="module", params=["classic", pytest.param("containerd", marks=pytest.mark.containerd)])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Lab, Checker]]:
    """The lab of each image store, which other tests share, with a chapter's image of our own."""
    lab: Lab = request.getfixturevalue("lab" if request.param == "classic" else "newer")
    put_a_fresh_image(lab)
    checker = Checker(lab)
    try:
        yield lab, checker
    finally:
        checker.close()
        put_back(lab)


@pytest.fixture
def learner(place: tuple[Lab, Checker]) -> Learner:
    ana = Learner(*place)
    ana.tag(FRESH, ORIGIN)
    return ana


# ---------------------------------------------------------------- wrong


def another_image(ana: Learner) -> None:
    ana.build(ana.image, OTHER)
    ana.push()


def an_empty_image(ana: Learner) -> None:
    ana.build(ana.image, EMPTY)
    ana.push()


def tagged_and_not_pushed(ana: Learner) -> None:
    ana.tag()


def pushed_to_somebody_elses_namespace(ana: Learner) -> None:
    other = f"{ana.name}x/{ORIGIN}"
    ana.tag(name=other)
    assert ana.lab.run(["docker", "push", other]).returncode != 0


def pushed_to_another_repository(ana: Learner) -> None:
    other = f"{ana.name}/docker-e-legal"
    ana.tag(name=other)
    ana.push(other)


def pushed_under_another_tag(ana: Learner) -> None:
    ana.tag(name=f"{ana.image}:v1")
    ana.push(f"{ana.image}:v1")


def rebuilt_after_the_push(ana: Learner) -> None:
    ana.tag()
    ana.push()
    ana.build(ORIGIN, OTHER)


def rebuilt_and_tagged_after_the_push(ana: Learner) -> None:
    rebuilt_after_the_push(ana)
    ana.tag()


def pushed_anew_under_another_tag_alone(ana: Learner) -> None:
    """`latest` is stale: the new image went to Docker Hub under `v2`."""
    rebuilt_after_the_push(ana)
    ana.tag(name=f"{ana.image}:v2")
    ana.push(f"{ana.image}:v2")


def crafted(kind: str) -> Callable[[Learner], None]:
    def do(ana: Learner) -> None:
        ana.craft(kind)

    do.__name__ = kind
    return do


PUSH, TAG = "docker push {image}", "docker tag docker-is-cool:latest {image}"
WRONG = [
    (another_image, "failed", ("é outra imagem", TAG, PUSH)),
    (an_empty_image, "failed", ("é outra imagem", TAG, PUSH)),
    (tagged_and_not_pushed, "not_attempted", ("ainda não está no Docker Hub", PUSH)),
    (pushed_to_somebody_elses_namespace, "not_attempted", ("nem no Docker Hub", TAG)),
    (pushed_to_another_repository, "not_attempted", ("ainda não está no Docker Hub", TAG)),
    (pushed_under_another_tag, "not_attempted", ("ainda não está no Docker Hub", TAG)),
    (rebuilt_after_the_push, "failed", ("é outra imagem", TAG, PUSH)),
    (rebuilt_and_tagged_after_the_push, "failed", ("ainda tem outro conteúdo", PUSH)),
    (pushed_anew_under_another_tag_alone, "failed", ("é outra imagem", TAG, PUSH)),
    (crafted("another_config"), "failed", ("ainda tem outro conteúdo", PUSH)),
    (crafted("borrowed_config"), "failed", ("não há nenhuma imagem que se possa usar", PUSH)),
    (crafted("wrong_layers"), "failed", ("não combina com as camadas", PUSH)),
    (crafted("swapped_layers"), "failed", ("não combina com as camadas", PUSH)),
    (crafted("attestations"), "failed", ("não há nenhuma imagem que se possa usar", PUSH)),
    (crafted("other_platform"), "failed", ("é para linux/", "a sua imagem é para linux/", PUSH)),
]


@pytest.mark.parametrize(("do", "outcome", "words"), WRONG, ids=[do.__name__ for do, *_ in WRONG])
def test_a_wrong_submission_never_passes(
    learner: Learner, do: Callable[[Learner], None], outcome: str, words: tuple[str, ...]
) -> None:
    do(learner)
    found, message = learner.verdicts()["pushed"]
    assert found == outcome, message
    for word in words:
        assert word.format(image=learner.image) in message


def test_a_private_image_is_not_public(learner: Learner) -> None:
    learner.tag()
    learner.push()
    learner.make_private()
    verdicts = learner.verdicts()
    assert verdicts["pushed"][0] == "passed"
    outcome, message = verdicts["public"]
    assert (outcome, "o repositório é privado" in message) == ("failed", True), message


# ---------------------------------------------------------------- right, but unusual


def in_oci_format(ana: Learner) -> None:
    ana.skopeo(ana.save(), ana.remote, "--format", "oci")


def in_dockers_old_format(ana: Learner) -> None:
    ana.skopeo(ana.save(), ana.remote, "--format", "v2s2")


def with_zstd_layers(ana: Learner) -> None:
    """With a layer of its own: skopeo remembers the others, and would not compress them again."""
    ana.build(ORIGIN, f'FROM {ORIGIN}\nRUN ["/bin/busybox", "touch", "/{ana.name}"]\n')
    ana.skopeo(ana.save(), ana.remote, "--format", "oci", "--dest-compress-format", "zstd")
    assert "tar+zstd" in ana.sh("skopeo", "inspect", "--raw", ana.remote)


def from_another_computer(ana: Learner) -> None:
    """What a folder took there; that computer's client made a manifest of its own."""
    ana.skopeo(ana.save(), f"dir:{ana.name}")
    ana.skopeo(f"dir:{ana.name}", ana.remote, "--format", "oci")


def in_an_index_of_two_platforms(ana: Learner) -> None:
    ana.craft("index")
    assert "manifests" in json.loads(ana.sh("skopeo", "inspect", "--raw", ana.remote))


def tagged_by_its_digest(ana: Learner) -> None:
    pushed_under_another_tag(ana)
    template = "{{range .RepoDigests}}{{println .}}{{end}}"
    known = ana.sh("docker", "image", "inspect", "--format", template, f"{ana.image}:v1").split()
    ana.tag(next(one for one in known if one.startswith(f"{ana.image}@")))
    ana.push()


def pulled_and_tagged_again(ana: Learner) -> None:
    pushed_under_another_tag(ana)
    ana.sh("docker", "rmi", f"{ana.image}:v1")
    ana.sh("docker", "pull", f"{ana.image}:v1")
    ana.tag(f"{ana.image}:v1")
    ana.push()


RIGHT = [
    in_oci_format,
    in_dockers_old_format,
    with_zstd_layers,
    from_another_computer,
    in_an_index_of_two_platforms,
    tagged_by_its_digest,
    pulled_and_tagged_again,
]


@pytest.mark.parametrize("do", RIGHT, ids=[do.__name__ for do in RIGHT])
def test_a_right_but_unusual_submission_passes(learner: Learner, do: Callable[[Learner], None]) -> None:
    do(learner)
    verdicts = learner.verdicts()
    assert [outcome for outcome, _ in verdicts.values()] == ["passed"] * 3, verdicts
    assert "com o mesmo conteúdo" in verdicts["pushed"][1]


# ---------------------------------------------------------------- notebooks

DOCTORED = {
    "a saved green output": "ex.verificar()",
    "a skip marker": "# NBVAL_SKIP\nex.verificar()",
    "a redefined verificar": "ex.verificar = lambda: print('passou')\nex.verificar()",
}


def test_a_notebook_that_says_it_passed_is_no_submission(learner: Learner) -> None:
    """tests/notebooks/test_trap.py runs such notebooks; here they are what the learner has saved."""
    notebook = learner.lab.work / "exercises" / "50-push.ipynb"
    original = notebook.read_text(encoding="utf-8")
    green = {"output_type": "stream", "name": "stdout", "text": "Envie a sua imagem: passou, 10 de 10 pontos"}
    try:
        for name, source in DOCTORED.items():
            saved = json.loads(original)
            saved["cells"][-1] |= {"cell_type": "code", "source": source, "outputs": [green]}
            notebook.write_text(json.dumps(saved), encoding="utf-8")
            assert learner.verdicts()["pushed"][0] == "not_attempted", name
    finally:
        notebook.write_text(original, encoding="utf-8")
