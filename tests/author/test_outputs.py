"""Outputs are committed readable, numbered, without widgets, and without noise in the diffs."""

from typing import Any

import nbformat

from lab.author import notebook as nb
from lab.author import outputs
from lab.author.source import Cell, Kind

PATTERNS = ((r"\d+ seconds ago", "AGE"),)


def notebook(*results: list[dict[str, Any]]) -> Any:
    """A code cell for each list of outputs."""
    cells = [Cell(Kind.PLAIN, True, f"cell {number}", 1) for number in range(len(results))]
    built = nb.build("10-ola", "solutions", [(cell, cell.text) for cell in cells], "")
    for cell, result in zip(nb.code_cells(built), results, strict=True):
        cell.outputs = [nbformat.from_dict(one) for one in result]  # type: ignore[no-untyped-call]
    return built


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "metadata": {}, "execution_count": 7, "data": data}


def test_cells_are_numbered_from_one_and_blank_ones_are_not() -> None:
    built = notebook([], [], [shown(text="x")])
    built.cells[1].source = " "
    outputs.clean(built)
    assert [cell.execution_count for cell in built.cells] == [1, None, 2]
    assert built.cells[2].outputs[0].execution_count == 2


def test_the_pieces_of_a_stream_are_put_together() -> None:
    built = notebook([stream("10%\n"), stream("erro\n", "stderr"), stream("100%\n")])
    outputs.clean(built)
    assert [(one.name, one.text) for one in built.cells[0].outputs] == [
        ("stdout", "10%\n100%\n"),
        ("stderr", "erro\n"),
    ]


def test_a_widget_leaves_its_text() -> None:
    widget = "application/vnd.jupyter.widget-view+json"
    built = notebook([shown(**{"text/plain": "Painel", widget: "{}"}), shown(**{widget: "{}"})])
    outputs.clean(built)
    assert [dict(one.data) for one in built.cells[0].outputs] == [{"text/plain": "Painel"}]


def test_noise_alone_keeps_what_is_committed() -> None:
    fresh, committed = notebook([stream("5 seconds ago")]), notebook([stream("3 seconds ago")])
    outputs.keep_equal_outputs(fresh, committed, PATTERNS)
    assert fresh.cells[0].outputs[0].text == "3 seconds ago"


def test_a_real_change_is_kept() -> None:
    fresh, committed = notebook([stream("b, 5 seconds ago")]), notebook([stream("a, 3 seconds ago")])
    outputs.keep_equal_outputs(fresh, committed, PATTERNS)
    assert fresh.cells[0].outputs[0].text == "b, 5 seconds ago"


def test_two_runs_are_never_mixed_in_one_notebook() -> None:
    fresh = notebook([stream("id 5 seconds ago")], [stream("new")])
    outputs.keep_equal_outputs(fresh, notebook([stream("id 3 seconds ago")], [stream("old")]), PATTERNS)
    assert [cell.outputs[0].text for cell in fresh.cells] == ["id 5 seconds ago", "new"]
    outputs.keep_equal_outputs(fresh, notebook([stream("id 3 seconds ago")]), PATTERNS)
    assert fresh.cells[0].outputs[0].text == "id 5 seconds ago"


def test_a_kept_result_has_the_number_of_its_cell() -> None:
    fresh, committed = notebook([shown(text="x")]), notebook([shown(text="x")])
    outputs.clean(fresh)
    outputs.keep_equal_outputs(fresh, committed, PATTERNS)
    assert fresh.cells[0].outputs[0].execution_count == 1


def test_the_address_of_the_hub_is_never_committed() -> None:
    said = "Hub de treino\nNo navegador: http://127.0.0.1:30974"
    built = notebook([shown(**{"text/plain": said, "text/html": said})], [stream(said)])
    outputs.hide_address(built)
    kept = [*built.cells[0].outputs[0].data.values(), built.cells[1].outputs[0].text]
    assert kept == [f"Hub de treino\nNo navegador: {outputs.NO_ADDRESS}"] * 3
