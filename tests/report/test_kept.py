"""What people wrote in a plan: found whole, put back whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.errors import UsageError
from dawnwatch.report.kept import block, read, sealed


def document(**blocks: str) -> str:
    lines = ["# Plan", ""]
    for name, content in blocks.items():
        lines += [f"## {name}", "", *block(name, content), ""]
    return sealed("\n".join(lines))


MARKS = re.compile(r"<!--|-->")
# Line breaks other than \n are read as \n from a file, so that they never reach these functions.
WRITTEN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))


@given(WRITTEN.filter(lambda text: not MARKS.search(text)))
def test_any_text_comes_back(text: str) -> None:
    written = text.strip("\n")
    earlier = read(document(notes=text), "plan.md")
    assert earlier.blocks == {"notes": written}
    assert earlier.untouched


def test_other_comments_and_code_are_just_text() -> None:
    text = "<!-- a comment -->\n```html\n<b>|</b>\n```\n\n  indented"
    assert read(document(a=text, b=""), "plan.md").blocks == {"a": text, "b": ""}


def test_marks_are_read_as_people_type_them() -> None:
    text = "<!--keep:who--> Ada <!--/keep-->\n<!-- keep:  two words  -->\nx\n<!-- /keep: two words -->"
    assert read(text, "plan.md").blocks == {"who": " Ada ", "two words": "x"}


def test_two_of_one_name_are_joined() -> None:
    text = "<!-- keep: a -->\none\n<!-- /keep -->\n<!-- keep: a -->\ntwo\n<!-- /keep -->"
    assert read(text, "plan.md").blocks == {"a": "one\n\ntwo"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Mine\n", "plan.md: has no `<!-- keep: -->` marks, so it is no plan of ours; choose another --output"),
        ("", "plan.md: has no `<!-- keep: -->` marks, so it is no plan of ours; choose another --output"),
        (
            "a\n<!-- keep: x -->\ntext",
            "plan.md, line 2: <!-- keep: x --> is never closed; end it with `<!-- /keep -->`",
        ),
        (
            "a\n\n<!-- /keep -->",
            "plan.md, line 3: <!-- /keep --> closes nothing; pair `<!-- keep: NAME -->` with `<!-- /keep -->`",
        ),
        (
            "<!-- keep: x -->\n<!-- keep: y -->\n<!-- /keep -->",
            "plan.md, line 2: <!-- keep: y --> opens inside <!-- keep: x -->; pair `<!-- keep: NAME -->` with "
            "`<!-- /keep -->`",
        ),
    ],
)
def test_marks_that_do_not_pair_up_are_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(text, "plan.md")
    assert str(refused.value) == said


def test_the_seal_sees_what_is_outside_the_blocks() -> None:
    text = document(notes="mine", escalation="yours")
    assert read(text, "p").untouched
    assert read(text.replace("mine", "ours now\n\n- and more"), "p").untouched
    assert read(text.replace("keep: notes", "keep: remarks"), "p").untouched
    assert read(text.replace("\n", "  \n").replace("# Plan", "\n\n# Plan"), "p").untouched
    assert not read(text.replace("# Plan", "# Our plan"), "p").untouched
    assert not read(text + "\nP.S.\n", "p").untouched
    assert not read(text.split("\n", 1)[1], "p").untouched


def test_a_new_block_of_ones_own_leaves_the_seal_whole() -> None:
    text = document(notes="mine") + "\n".join(block("lessons", "learned"))
    earlier = read(text, "p")
    assert earlier.untouched
    assert earlier.blocks == {"notes": "mine", "lessons": "learned"}
