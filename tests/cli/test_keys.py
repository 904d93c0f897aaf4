"""Keys out of bytes, whole or in pieces, and lines out of keys."""

from __future__ import annotations

import pytest

from dawnwatch.cli.keys import END, ENTER, OTHER, PASTE, PASTED, Keys
from dawnwatch.cli.typed_line import TypedLine, rows_below


def pressed(*pieces: bytes) -> list[str]:
    """Return the keys in bytes that come in these pieces; an empty one is a pause."""
    left = list(pieces)
    keys = Keys(lambda timeout: left.pop(0) if left else b"")
    found = []
    while left or keys._ahead:
        found.append(keys.next())
    return found


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b"ab", ["a", "b"]),
        (b"\r\n", [ENTER, ENTER]),
        (b"\0", [END]),
        ("\u00e9\u6771\U0001f600".encode(), ["\u00e9", "\u6771", "\U0001f600"]),
        (b"\xe9ab", ["\N{REPLACEMENT CHARACTER}", "a", "b"]),
        (b"\x1b[Ax", [OTHER, "x"]),
        (b"\x1bOAx", [OTHER, "x"]),
        (b"\x1b[1;5Dx", [OTHER, "x"]),
        (b"\x1b[3~x", [OTHER, "x"]),
        (b"\x1b[[Ax", [OTHER, "x"]),
        (b"\x1b\x1b[Ax", [OTHER, "x"]),
        (b"\x1bbx", [OTHER, "x"]),
        (b"\x1b\rx", [OTHER, ENTER, "x"]),
        (b"\x1b[\rx", [OTHER, ENTER, "x"]),
        (b"\x1b]11;rgb:0/0/0\x07x", [OTHER, "x"]),
        (b"\x1bP1+r\x1b\\x", [OTHER, "x"]),
        (b"\x1b[200~a\x1b[201~", [PASTE, "a", PASTED]),
    ],
)
def test_a_sequence_is_one_key_however_it_arrives(typed: bytes, keys: list[str]) -> None:
    assert pressed(typed) == keys
    assert pressed(*(typed[i : i + 1] for i in range(len(typed)))) == keys


def test_escape_alone_is_a_key_that_costs_no_other() -> None:
    assert pressed(b"\x1b", b"", b"[", b"A") == [OTHER, "[", "A"]


def line(*keys: str) -> str:
    typed = TypedLine()
    for key in keys:
        typed.press(key)
    return typed.text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ([*"abc", "\x7f"], "ab"),
        ([*"abc", "\b", "\b", "\b", "\b"], ""),
        (["\u6771", "\u4eac", "\x7f"], "\u6771"),
        (["a", "e", "\u0301", "\x7f"], "a"),
        (["a", "\U0001f469", "\u200d", "\U0001f4bb", "\x7f"], "a"),
        (["a", "\U0001f44d", "\U0001f3fd", "\x7f"], "a"),
        ([*"one two", "\x17"], "one "),
        ([*"one two  ", "\x17", "\x17", "\x17"], ""),
        ([*"one two", "\x15", "x"], "x"),
        ([OTHER, "a", "\x01", "\x1a", "\u202e", "b"], "ab"),
        (["a", "\t", "b"], "a b"),
        ([PASTE, "a", ENTER, "b", PASTED, "c"], "a bc"),
        (["a", END, "b"], "ab"),
    ],
)
def test_keys_that_edit_do_what_a_shell_does(keys: list[str], text: str) -> None:
    assert line(*keys) == text


def test_enter_and_an_empty_ctrl_d_end_a_line() -> None:
    for keys in ([END], ["a", ENTER], [PASTE, ENTER, PASTED, ENTER]):
        typed = TypedLine()
        for key in keys:
            assert not typed.done
            typed.press(key)
        assert typed.done


@pytest.mark.parametrize(
    ("text", "rows"), [("", 0), ("a" * 10, 0), ("a" * 11, 1), ("a" * 9 + "\u6771", 1), ("\u6771" * 11, 2)]
)
def test_rows_are_counted_as_a_terminal_wraps(text: str, rows: int) -> None:
    assert rows_below(text, 10) == rows
