"""`dawnwatch glossary`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dawnwatch.explain.glossary import TERMS
from tests.cli.conftest import Called

Call = Callable[..., Called]


def test_all_terms_are_readable_at_80_columns(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = call("glossary")
    assert result.code == 0
    assert max(map(len, result.out.splitlines())) <= 80
    assert "\x1b" not in result.out
    assert [line for line in result.out.splitlines() if line and not line.startswith(" ")] == list(TERMS)
    flowing = " ".join(result.out.split())
    assert [term for term, meaning in TERMS.items() if meaning not in flowing] == []


def test_a_wide_screen_gets_no_long_lines(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert max(map(len, call("glossary").out.splitlines())) <= 80


@pytest.mark.parametrize("words", [("psi",), ("reference", "window"), ("Reference Window",), ("4 d's",)])
def test_one_term(call: Call, words: tuple[str, ...]) -> None:
    result = call("glossary", *words)
    name = result.out.splitlines()[0]
    assert (result.code, name.casefold()) == (0, " ".join(words).casefold())
    assert " ".join(result.out.split()) == f"{name} {TERMS[name]}"


def test_an_unknown_term_is_one_line_and_exit_2(call: Call) -> None:
    result = call("glossary", "driftt")
    assert (result.code, result.out) == (2, "")
    assert result.errors == [
        f"dawnwatch: glossary: no term 'driftt'. Did you mean 'drift'? `dawnwatch glossary` lists all {len(TERMS)}"
    ]
