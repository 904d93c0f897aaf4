"""Markdown from hostile text: one line, one cell, whatever it holds; judged by someone else's parser."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dawnwatch.report.kept import read, sealed
from dawnwatch.report.plan.markdown import bullets, code, numbered, table, text

PARSER = MarkdownIt("commonmark").enable("table")
HOSTILE = [
    "a | b",
    "back\\|slash \\",
    "two\nlines\r\n\n| and | a row |\n| --- | --- |",
    "<script>alert(1)</script> <!-- keep: x --> <!-- /keep -->",
    "# heading",
    "1. first",
    "- item",
    "> quoted",
    "--- ",
    "`open code",
    "a ``b` | c",
    "",
]


def words(tokens: list[Token]) -> str:
    """What a reader sees."""
    seen = []
    for token in tokens:
        for child in token.children or []:
            assert child.type not in {"html_inline", "link_open"}
            seen.append("\n" if child.type in {"softbreak", "hardbreak"} else child.content)
    return unescape("".join(seen))


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("write", [text, code])
def test_a_cell_stays_a_cell(write: object, value: str) -> None:
    assert callable(write)
    lines = table(["x", "y"], [[write(value), "end"], ["next", "row"]])
    assert len(lines) == 4
    tokens = PARSER.parse("\n".join(lines))
    assert [t.type for t in tokens].count("tr_open") == 3
    cells = [words([t]) for t in tokens if t.type == "inline"]
    assert len(cells) == 6
    assert cells[3:] == ["end", "next", "row"]
    assert cells[2].replace("`", "") == " ".join(value.split()).replace("`", "")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="*_[]`&~")))
def test_text_reads_as_it_was_written(value: str) -> None:
    tokens = PARSER.parse("\n".join(table(["x"], [[text(value)]])))
    # The parser strips cells by its own idea of white space.
    assert words([t for t in tokens if t.type == "inline"][1:]).strip() == " ".join(value.split()).strip()


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("write", [bullets, numbered])
def test_an_item_stays_an_item(write: object, value: str) -> None:
    assert callable(write)
    tokens = PARSER.parse("\n".join(write([text(value), "end"])))
    types = [t.type for t in tokens]
    assert types.count("list_item_open") == 2
    assert not {"heading_open", "blockquote_open", "hr", "html_block", "fence"} & set(types)
    assert types.count("bullet_list_open") + types.count("ordered_list_open") == 1


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_written_holds_a_mark_of_ours(value: str) -> None:
    whole = sealed(f"{text(value)}\n{code(value)}\n")
    assert read(whole, "p").blocks == {}


def test_plain_names_are_code_and_others_are_escaped() -> None:
    assert code("hour_bucket") == "`hour_bucket`"
    assert code("[a-z]+\\d*") == "`[a-z]+\\d*`"
    assert (code(True), code(1), code("True")) == ("`true`", "`1`", "`True`")
    assert code("a|b*") == "a\\|b\\*"


def test_a_table_without_rows_is_none() -> None:
    assert table(["a"], []) == []
