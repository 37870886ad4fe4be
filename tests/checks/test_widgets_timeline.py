"""`linha_do_tempo`: where each tag pointed, push after push, drawn and told."""

import base64
import json
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import pytest

from checks import events, linha_do_tempo
from checks.errors import HubUnreachable
from checks.hub_tags import HubTag, TagList
from checks.image import Event, Repository
from checks.reference import parse
from checks.widgets.contents import letters, tone
from checks.widgets.drawing import draw
from checks.widgets.look import Facts
from checks.widgets.moves import MOST_MOVES, MOST_TAGS, timeline
from checks.widgets.timeline import TagTimeline

APP = parse("ana/app")
ONE, TWO, THREE = ("sha256:" + digit * 64 for digit in "123")
NOON = 1_795_456_800.0


def push(tag: str, digest: str, minute: int = 0) -> Event:
    return Event("push", f"ana/app:{tag}", "", NOON + 60 * minute, digest)


# The story of the lesson on versions.
STORY = (push("1.0", ONE), push("latest", ONE, 1), push("1.1", TWO, 2), push("latest", TWO, 3))


def now(**tags: str) -> TagList:
    return listed(tags)


def listed(tags: Mapping[str, str]) -> TagList:
    """What Docker Hub shows: each tag and its digest."""
    return TagList(
        Repository(APP, exists=True, private=False), tuple(HubTag(*each) for each in tags.items()), len(tags)
    )


AFTER = listed({"1.0": ONE, "1.1": TWO, "latest": TWO})


def line(pushes: tuple[Event, ...] = STORY, found: TagList | Exception = AFTER) -> TagTimeline:
    def ask(reference: object) -> Facts:
        if isinstance(found, Exception):
            raise found
        return Facts(found, pushes)

    return TagTimeline(APP, ask)


def shown(made: TagTimeline) -> str:
    return " ".join(getattr(child, "value", "") for child in made.widget.children[1:])


def places(pushes: tuple[Event, ...], found: TagList | None) -> dict[str, str]:
    """Each tag and the letter of its content after each push and, last, now; `-` where it has none."""
    seen = timeline(pushes, found)
    return {
        tag: "".join(seen.letters[digest] if digest else "-" for digest in row)
        for tag, row in seen.tags.items()
    }


def test_a_tag_stays_where_it_is_until_somebody_moves_it() -> None:
    assert places(STORY, AFTER) == {"1.0": "AAAAA", "1.1": "--BBB", "latest": "-AABB"}


def test_without_docker_hub_the_line_ends_with_the_last_push() -> None:
    assert places(STORY, None) == {"1.0": "AAAA", "1.1": "--BB", "latest": "-AAB"}
    assert timeline(STORY, None).heads == ("1", "2", "3", "4")


def test_pushing_the_same_again_moves_nothing() -> None:
    again = (*STORY, push("latest", TWO, 4), push("1.0", ONE, 5))
    assert timeline(again, AFTER).moves == timeline(STORY, AFTER).moves


def test_what_was_pushed_elsewhere_or_is_gone_shows_only_now() -> None:
    assert places(STORY, now(latest=THREE, nova=ONE)) == {
        "1.0": "AAAA-",
        "1.1": "--BB-",
        "latest": "-AABC",
        "nova": "----A",
    }


def test_a_push_whose_digest_nobody_knows_tells_nothing() -> None:
    assert places((push("1.0", ""), push("1.0", ONE)), None) == {"1.0": "A"}


def test_of_a_long_history_the_last_moves_are_kept_and_where_they_began() -> None:
    digests = ["sha256:" + f"{number:064x}" for number in range(MOST_MOVES + 5)]
    seen = timeline([push("latest", digest) for digest in digests], None)
    assert len(seen.moves) == MOST_MOVES
    assert seen.moves[0].before == digests[4]
    many = [push(f"t{number:02}", ONE) for number in range(MOST_TAGS + 3)]
    assert timeline(many, None).left_out == 3
    assert "Outras 3 tags ficaram de fora" in repr(line(tuple(many), now(t00=ONE)))


def test_each_content_has_a_letter_and_no_letter_stands_for_two() -> None:
    named = letters(f"sha256:{number}" for number in range(30))
    assert len(set(named.values())) == 30
    assert list(named.values())[25:28] == ["Z", "27", "28"]
    assert all(re.fullmatch("#[0-9a-f]{6}", tone(letter)) for letter in named.values())


def test_the_text_is_the_story_and_holds_no_time_and_no_digest() -> None:
    assert repr(line()).splitlines() == [
        "Linha do tempo de ana/app",
        "  1. `1.0` chegou, apontando para o conteúdo A.",
        "  2. `latest` chegou, apontando para o conteúdo A.",
        "  3. `1.1` chegou, apontando para o conteúdo B.",
        "  4. `latest` saiu do conteúdo A e foi para o B.",
        "Agora, no Docker Hub: `1.0` → A; `1.1` → B; `latest` → B.",
    ]


def test_the_drawing_has_a_bar_for_each_stay_and_says_in_words_what_it_shows() -> None:
    drawing = ET.fromstring(draw(timeline(STORY, AFTER), 'dizer "tudo" <aqui>'))  # noqa: S314 (ours)
    name = "{http://www.w3.org/2000/svg}"
    assert drawing.get("aria-label") == 'dizer "tudo" <aqui>'
    assert len(drawing.findall(f"{name}rect")) == 4
    texts = [text.text for text in drawing.findall(f"{name}text")]
    assert texts[:5] == ["1", "2", "3", "4", "agora"]
    assert [text for text in texts if text in ("A", "B")] == ["A", "B", "A", "B"]
    assert {text.get("fill") for text in drawing.findall(f"{name}text")} == {"currentColor"}


def test_a_long_tag_is_cut_in_the_drawing_and_whole_in_the_table() -> None:
    tag = "v" + "9" * 120
    made = line((push(tag, ONE),), now(**{tag: ONE}))
    assert f"<code>{tag}</code>" in shown(made)
    assert max(len(text) for text in re.findall(r"<text[^>]*>([^<]*)", shown(made))) < 30


def test_the_same_is_a_table_folded_in_the_notebook_and_open_elsewhere() -> None:
    made = line()
    assert "<summary>Ver como tabela</summary>" in shown(made)
    stays = made._repr_html_()
    assert "<details>" not in stays
    assert stays.count("<tr>") == 1 + 4 + 3
    assert "23/11/2026" in stays
    assert "sha256:111111111111…" in stays


def test_where_a_drawing_is_taken_out_no_loose_words_of_it_stay() -> None:
    """GitHub, and JupyterLab in a notebook it does not trust, drop `<svg>` and keep the text inside of it."""
    (shown,) = re.findall(
        r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)">', line()._repr_html_()
    )
    assert "<svg" not in line()._repr_html_()
    assert "latest saiu do conteúdo A e foi para o B." in shown[0]
    drawing = ET.fromstring(base64.b64decode(shown[1]))  # noqa: S314 (ours)
    paper, *_ = drawing.iter("{http://www.w3.org/2000/svg}rect")
    assert paper.get("fill") == "#fbfaf6"  # alone in its file, it does not know the colours of the page
    assert {group.get("color") for group in drawing.iter("{http://www.w3.org/2000/svg}g")} == {"#1c2430"}


def test_what_went_away_is_told() -> None:
    assert "`1.0` não está mais lá" in repr(line(STORY, now(latest=TWO)))


@pytest.mark.parametrize(
    ("mode", "words"), [("treino", "ainda não registrou"), ("real", "Fora do laboratório")]
)
def test_without_a_record_only_now_is_known(monkeypatch: pytest.MonkeyPatch, mode: str, words: str) -> None:
    monkeypatch.setenv("LAB_MODE", mode)
    said = repr(line((), AFTER))
    assert words in said
    assert "Agora, no Docker Hub: `1.0` → A; `1.1` → B; `latest` → B." in said
    assert shown(line((), AFTER)).count("<rect") == 3


def test_a_repository_that_is_not_there_is_a_sentence_and_no_empty_drawing() -> None:
    made = line((), TagList(Repository(APP, exists=False)))
    assert "O Docker Hub não mostra `ana/app`" in repr(made)
    assert "<svg" not in shown(made)


def test_during_an_outage_the_recorders_file_still_tells_the_story(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        {"action": "push", "name": each.name, "time": each.time, "digest": each.digest} for each in STORY
    ]
    text = "".join(json.dumps(each) + "\n" for each in lines)
    (tmp_path / "events.jsonl").write_text(text, encoding="utf-8")
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    made = line((), HubUnreachable("hub.docker.com", "caiu"))
    assert "não pôde ser consultado" in repr(made)
    assert "4. `latest` saiu do conteúdo A e foi para o B." in repr(made)
    assert shown(made).count("<rect") == 4


def test_the_button_asks_again() -> None:
    answers = [Facts(now(latest=ONE), STORY[1:2]), Facts(AFTER, STORY)]
    made = TagTimeline(APP, lambda reference: answers.pop(0))
    assert shown(made).count("<rect") == 1
    next(child for child in made.widget.children if getattr(child, "description", "") == "Atualizar").click()
    for thread in threading.enumerate():
        if thread.name == "timeline":
            thread.join(10)
    assert not answers
    assert "Atualizado agora." in shown(made)
    assert shown(made).count("<rect") == 4


@pytest.mark.parametrize("name", ["Ana/App", "", "ghcr.io/ana/app"])
def test_a_name_that_is_none_is_a_sentence(name: str) -> None:
    assert str(linha_do_tempo(name)).endswith(".")


@pytest.mark.parametrize(
    ("digest", "kept"), [(ONE, ONE), ("", ""), ("sha256:abc", ""), (None, ""), (3, ""), ("<b>", "")]
)
def test_only_a_digest_is_read_as_one_from_the_recorders_file(
    tmp_path: Path, digest: object, kept: str
) -> None:
    told = {"action": "push", "name": "ana/app:1", "id": "", "time": 5.0, "digest": digest}
    (tmp_path / "events.jsonl").write_text(json.dumps(told), encoding="utf-8")
    assert events.recorded(tmp_path / "events.jsonl") == (Event("push", "ana/app:1", "", 5.0, kept),)


def test_the_digest_stays_when_the_engine_tells_the_same_push() -> None:
    recorded, remembered = push("1", ONE), push("1", "")
    assert events.merge([recorded], [remembered]) == (recorded,)
