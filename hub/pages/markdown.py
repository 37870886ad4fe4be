"""Markdown that people write, as safe HTML: no code, nothing from elsewhere, headings below the page's."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_REL = "nofollow noopener noreferrer"
_BELOW_PAGE = 2  # the page has its own h1 and h2
_DEEPEST = 12  # quotes within quotes, lists within lists
_MOST_CELLS = 5_000  # of all tables together; the table that goes beyond, and those after it, stay text


@lru_cache(maxsize=64)
def render(text: str) -> SafeString:
    """`text` as HTML; at most LONGEST_OVERVIEW characters are expected, and a second is never needed."""
    html = _PARSER.render(text)
    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=_REL
    )
    return mark_safe(clean)  # noqa: S308, nh3 has just let only the tags above through


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + _BELOW_PAGE, 6)}"


def _picture_as_link(
    self: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """The page loads nothing from elsewhere, so a picture is told of, and may be opened."""
    token = tokens[place]
    words = self.renderInlineAsText(token.children, options, env) or "sem descrição"
    return f'<a href="{escape(token.attrGet("src"))}">imagem: {escape(words)}</a>'


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A row may be a single letter, and the parser gives it all its cells: few letters make many."""
    cells = state.env.get("cells", 0)
    if cells > _MOST_CELLS or not table(state, start, end, True):
        return False
    if silent:
        return True
    dashes = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]]
    columns = sum(bool(part.strip()) for part in dashes.split("|"))
    rows = next((line for line in range(start, end) if state.isEmpty(line)), end) - start
    state.env["cells"] = cells + rows * columns
    return state.env["cells"] <= _MOST_CELLS and table(state, start, end, False)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.add_render_rule("image", _picture_as_link)
    return parser


_PARSER = _parser()
