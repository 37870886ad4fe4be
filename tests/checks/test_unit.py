"""unit.toml -> Unit; a malformed one names the file, the entry and the mend."""

from pathlib import Path

import pytest

from checks.errors import BadUnit
from checks.unit import load_course, load_unit

PUSH = """
title = "Envie a sua imagem"
points = 10
after = ["tag"]
minutes = 15
by_hand = ["login"]
hints = ["Leia a lição."]

[[check]]
rule = "pushed"
image = "{docker_id}/docker-is-cool:latest"
same_as = "docker-is-cool:latest"
points = 7
hints = ["Use `docker push`.", "O nome começa pelo seu Docker ID."]

[[check]]
rule = "logged_in"
title = "Você entrou"
points = 3
"""


def write(course: Path, folder: str, text: str = 'title = "Uma lição"\n') -> Path:
    path = course / folder / "unit.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def course(tmp_path: Path) -> Path:
    write(tmp_path, "40-tag")
    return tmp_path


def test_a_unit_is_read_whole(course: Path) -> None:
    write(course, "50-push", PUSH)
    unit = load_unit("push", course)
    assert (unit.id, unit.number, unit.folder) == ("push", 50, course / "50-push")
    assert (unit.title, unit.points, unit.minutes) == ("Envie a sua imagem", 10, 15)
    assert (unit.after, unit.by_hand, unit.hints) == (("tag",), ("login",), ("Leia a lição.",))
    first, second = unit.checks
    assert (first.rule.name, first.title, first.points) == ("pushed", first.rule.title, 7)
    assert first.arguments == {
        "image": "{docker_id}/docker-is-cool:latest",
        "same_as": "docker-is-cool:latest",
    }
    assert (second.title, second.hints) == ("Você entrou", ())


def test_a_unit_may_have_nothing_to_check(course: Path) -> None:
    unit = load_unit("tag", course)
    assert (unit.points, unit.checks) == (0, ())


def test_the_number_of_the_folder_is_the_order(tmp_path: Path) -> None:
    for folder in ("100-fim", "05-meio", "00-comece-aqui"):
        write(tmp_path, folder)
    (tmp_path / "image").mkdir()
    (tmp_path / "sanitize.cfg").touch()
    assert [unit.id for unit in load_course(tmp_path)] == ["comece-aqui", "meio", "fim"]


def test_a_fault_in_another_unit_does_not_matter(course: Path) -> None:
    write(course, "50-push", "title = ")
    assert load_unit("tag", course).id == "tag"
    with pytest.raises(BadUnit):
        load_course(course)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"pushed"', '"pushd"', ["[[check]] número 1", "`pushd` não existe", "Você quis dizer `pushed`?"]),
        ('rule = "pushed"', "", ["[[check]] número 1", "falta a chave `rule`"]),
        ("same_as =", "same =", ["`same` não é conhecida", "Você quis dizer `same_as`?"]),
        ('same_as = "docker-is-cool:latest"\n', "", ["`pushed` precisa da chave `same_as`"]),
        ('same_as = "docker', 'same_as = "Docker', ["`same_as` não é um nome de imagem", "minúsculas"]),
        ("{docker_id}/", "{id}/", ["`image` tem `{id}`", "{docker_id}"]),
        ("{docker_id}/", "{docker_id/", ["só `{docker_id}`"]),
        ('image = "{docker_id}/docker-is-cool:latest"', "image = 3", ["`image` tem de ser um texto"]),
        ("points = 7", "points = 6", ["`points` é 10", "somam 9"]),
        ("points = 7", 'points = "7"', ["[[check]] número 1", "`points` tem de ser um número"]),
        ("points = 7", "points = true", ["`points` tem de ser um número"]),
        ("points = 3", "points = -3", ["[[check]] número 2", "negativo"]),
        ("points = 3", "", ["[[check]] número 2", "falta a chave `points`"]),
        ('after = ["tag"]', 'after = ["tog"]', ["`tog`, que não existe", "Você quis dizer `tag`?"]),
        ('after = ["tag"]', 'after = ["push"]', ["`push`, que não vem antes"]),
        ('after = ["tag"]', 'after = "tag"', ["`after` tem de ser uma lista"]),
        ('hints = ["Leia a lição."]', 'hints = [""]', ["`hints`", "não vazios"]),
        ('title = "Envie a sua imagem"', "", ["falta a chave `title`"]),
        ("minutes", "minuts", ["`minuts` não é conhecida", "`minutes`"]),
        ("[[check]]", "[check]", ["não é um TOML válido"]),
        ("points = 10", "points = ", ["não é um TOML válido", "line 3"]),
    ],
)
def test_a_malformed_unit_says_where_and_what_to_do(
    course: Path, old: str, new: str, words: list[str]
) -> None:
    path = write(course, "50-push", PUSH.replace(old, new))
    with pytest.raises(BadUnit) as caught:
        load_unit("push", course)
    message = str(caught.value)
    assert message.startswith(str(path))
    for word in words:
        assert word in message


KINDS = """
title = "Versões"
points = 4

[[check]]
rule = "tags_present"
image = "{docker_id}/app"
tags = ["1.0", "latest"]
points = 1

[[check]]
rule = "answer_names"
answer = "nome"
image = "{docker_id}/app:1.0"
points = 1

[[check]]
rule = "exposed_port"
image = "{docker_id}/app:1.0"
port = 53
protocol = "udp"
points = 1

[[check]]
rule = "visibility"
image = "{docker_id}/app"
private = true
points = 1
"""


def test_a_key_may_be_a_list_a_number_a_name_or_a_switch(course: Path) -> None:
    write(course, "70-versoes", KINDS)
    tags, name, port, switch = load_unit("versoes", course).checks
    assert tags.arguments["tags"] == ("1.0", "latest")
    assert tags.texts == ("{docker_id}/app", "1.0", "latest")
    assert (name.answers, tags.answers) == (("nome",), ())
    assert (port.arguments["port"], switch.arguments["private"]) == (53, True)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('tags = ["1.0", "latest"]\n', "", ["precisa da chave `tags`", '`tags = ["…"]`']),
        ('["1.0", "latest"]', '"1.0"', ["`tags` tem de ser uma lista"]),
        ('["1.0", "latest"]', "[]", ["`tags` tem de ter ao menos um texto"]),
        ('["1.0", "latest"]', '["1.0", " "]', ["lista de textos não vazios"]),
        ('["1.0", "latest"]', '["1.0", "é"]', ["`tags` tem `é`", 'uma tag, como "1.0"']),
        ('["1.0", "latest"]', '["{id}"]', ["`tags` tem `{id}`", "só `{docker_id}`"]),
        ('answer = "nome"', 'answer = " "', ["`answer` não pode ser um texto vazio"]),
        ('"{docker_id}/app:1.0"\npoints', '"{docker_id}/App"\npoints', ["`image` não é um nome de imagem"]),
        ("port = 53", "port = 0", ["[[check]] número 3", "`port` é 0, e tem de ser uma porta, de 1 a 65535"]),
        ("port = 53", 'port = "53"', ["`port` tem de ser um número inteiro"]),
        ("port = 53\n", "", ["`port = 1`"]),
        ('"udp"', '"icmp"', ["`protocol` tem `icmp`", "`tcp`, `udp` ou `sctp`"]),
        ("private = true", "private = 1", ["`private` tem de ser true ou false"]),
        ("private = true\n", "", ["`private = true`"]),
    ],
)
def test_a_key_of_the_wrong_kind_says_how_to_write_it(
    course: Path, old: str, new: str, words: list[str]
) -> None:
    assert old in KINDS
    write(course, "70-versoes", KINDS.replace(old, new))
    with pytest.raises(BadUnit) as caught:
        load_unit("versoes", course)
    for word in words:
        assert word in str(caught.value)


def test_a_unit_that_does_not_exist_names_the_nearest(course: Path) -> None:
    with pytest.raises(BadUnit, match=r"`tags`\. Você quis dizer `tag`\? As unidades são: `tag`"):
        load_unit("tags", course)


def test_two_folders_with_one_id_are_refused(course: Path) -> None:
    write(course, "60-tag")
    with pytest.raises(BadUnit, match=r"40-tag e .*60-tag: as duas pastas têm o id `tag`"):
        load_course(course)


def test_a_folder_without_its_file_is_named(course: Path) -> None:
    (course / "70-vazia").mkdir()
    with pytest.raises(BadUnit, match=r"70-vazia/unit\.toml não existe"):
        load_course(course)


def test_a_file_in_another_encoding_is_named(course: Path) -> None:
    write(course, "50-push").write_bytes('title = "Lição"'.encode("latin-1"))
    with pytest.raises(BadUnit, match="UTF-8"):
        load_unit("push", course)


def test_without_a_course_the_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadUnit, match="COURSE_HOME"):
        load_course(tmp_path / "none")
