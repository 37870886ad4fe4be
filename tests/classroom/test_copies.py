"""The same image at two learners is told with the evidence; what was handed out, or is marked, is no copy."""

from __future__ import annotations

import pytest

from checks.classroom.copies import Suspicion, Trace, find_copies, traces_of
from checks.content import Image
from checks.image import Access, RemoteImage
from checks.mark import LABEL
from checks.reference import parse
from tests.classroom.world import COOL, MODELS, image, person

ANA, BIA, CAIO = (person(name) for name in ("ana", "bia", "caio"))
CODES = {"ana": "aaaaa-aaaaa", "bia": "bbbbb-bbbbb", "caio": "ccccc-ccccc"}


def traces(owner: str, of: Image, name: str = "cartao:1.0") -> tuple[Trace, ...]:
    return traces_of([RemoteImage(parse(f"{owner}/{name}"), Access.FOUND, "sha256:" + "d" * 64, (of,))])


def marked(of: str, layers: str = "ab") -> Image:
    return image(layers, labels={LABEL: CODES[of]})


def found(*pushed: tuple[str, Image]) -> tuple[Suspicion, ...]:
    people = {"ana": ANA, "bia": BIA, "caio": CAIO}
    return find_copies([(people[who], traces(who, of)) for who, of in pushed], MODELS, CODES)


@pytest.mark.parametrize(
    "pushed",
    [
        [("ana", COOL), ("bia", COOL)],
        [("ana", image("ab")), ("bia", image("xy"))],
        [("ana", marked("ana")), ("bia", marked("bia"))],
        [("ana", image("ab"))],
    ],
    ids=["handed out", "each their own", "each with their mark", "alone"],
)
def test_these_are_no_copies(pushed: list[tuple[str, Image]]) -> None:
    assert found(*pushed) == ()


def test_the_same_image_without_a_mark_is_told_once_for_all_who_have_it() -> None:
    (one,) = found(("ana", image("ab")), ("bia", image("ab")), ("caio", image("ab")))
    assert one.people == (ANA, BIA, CAIO)
    assert one.names == ("ana/cartao:1.0", "bia/cartao:1.0", "caio/cartao:1.0")
    assert one.digests == ("sha256:" + "d" * 64,)


def test_the_mark_of_a_colleague_names_both() -> None:
    (one,) = found(("ana", marked("ana")), ("bia", marked("ana")))
    assert one.people == (BIA, ANA)
    assert one.sentence == "bia/cartao:1.0, de Bia, tem a marca de Ana."


def test_a_mark_of_nobody_here_makes_no_owner() -> None:
    stranger = image("ab", labels={LABEL: "zzzzz-zzzzz"})
    (one,) = found(("ana", stranger), ("bia", stranger))
    assert one.people == (ANA, BIA)


def test_a_trace_survives_being_written_down() -> None:
    (trace,) = traces("ana", marked("ana"))
    assert Trace.from_dict(trace.to_dict()) == trace
