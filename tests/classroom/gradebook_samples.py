"""A small class with all that makes gradebooks go wrong, for the tests of every format."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from openpyxl import load_workbook

from checks.classroom.grade import Column, Grade, Gradebook, Row
from checks.classroom.person import Person

TAG = Column("tag", "O nome completo", 10)
PUSH = Column("push", "Envie, e confira, a sua imagem", 10)
AT = datetime(2026, 11, 23, 12, 30, 5, 250_000, tzinfo=UTC)

ANA = Person(
    "ana@escola.br", "Ana Conceição", "ana@escola.br", username="ana", id_number="2026001", lms_id="1001",
    section="Turma A", docker_id="anasouza",
)  # fmt: skip
SILVA = Person(
    "silva@escola.br", "Silva, Filho", "silva@escola.br", username="silva", id_number="2026002",
    lms_id="1002", section="Turma A",
)  # fmt: skip
NINA = Person(
    "nina@escola.br", '=Antônia "Nina" Sá', "nina@escola.br", username="nina", id_number="2026003",
    lms_id="1003", section="Turma B", docker_id="nina2026",
)  # fmt: skip
NOBODY = Person("name:ze", "Zé")  # of whom a list told the name alone

BOOK = Gradebook(
    "Docker 2026",
    (TAG, PUSH),
    (
        Row(
            ANA, {"tag": Grade(10, "Parabéns: está tudo certo.", AT), "push": Grade(7.5, "Falta a tag.", AT)}
        ),
        Row(SILVA, {"tag": Grade(0, "A imagem não está lá;\nuse `docker push`.", AT), "push": Grade(None)}),
        Row(NINA, {"tag": Grade(None, "-1 não é uma nota.", AT), "push": Grade(10 / 3, "=1+1", AT)}),
        Row(NOBODY, {"tag": Grade(9, "Só o nome.", AT)}),
    ),
)


def dump_of(workbook: bytes) -> str:
    """Every cell of a workbook on a line: its sheet, place, kind and value, as another program reads them."""
    lines = []
    for sheet in load_workbook(BytesIO(workbook)):
        for row in sheet.iter_rows():
            lines += [
                f"{sheet.title}!{cell.coordinate} {cell.data_type} {cell.value!r}"
                for cell in row
                if cell.value is not None
            ]
    return "".join(f"{line}\n" for line in lines)
