"""The exception tree, and the two helpers that make one clear line."""

from __future__ import annotations

import inspect
import re

import pytest

from dawnwatch import errors
from dawnwatch.errors import DawnwatchError, did_you_mean, one_line

CLASSES = {n: c for n, c in vars(errors).items() if inspect.isclass(c) and issubclass(c, DawnwatchError)}


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    drawn: dict[str, str] = {}
    open_branches: list[tuple[int, str]] = [(-1, "Exception")]
    for line in (errors.__doc__ or "").split("```")[1].strip("\n").splitlines():
        name = re.search(r"[A-Za-z]+", line)
        assert name is not None
        while open_branches[-1][0] >= name.start():
            open_branches.pop()
        drawn[name.group()] = open_branches[-1][1]
        open_branches.append((name.start(), name.group()))
    assert drawn == {name: cls.__bases__[0].__name__ for name, cls in CLASSES.items()}


def test_exit_codes_are_the_drawn_ones_and_never_renumbered() -> None:
    assert {name: cls.exit_code for name, cls in CLASSES.items()} == {
        "DawnwatchError": 3,
        "UsageError": 2,
        "ConfigError": 2,
        "BaselineError": 2,
        "StoreError": 2,
        "DataError": 3,
        "DamagedError": 3,
    }
    for name, code in re.findall(r"(\w+) +exit (\d)", errors.__doc__ or ""):
        assert CLASSES[name].exit_code == int(code)


def test_all_names_are_exported_in_order() -> None:
    assert errors.__all__ == sorted(errors.__all__)
    assert set(errors.__all__) == {*CLASSES, "did_you_mean", "one_line"}


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("lable", ["label", "score"], " Did you mean 'label'?"),
        ("device", ["device_type", "hour"], " Did you mean 'device_type'?"),
        ("zzz", ["label", "score"], ""),
        ("x", [], ""),
        ("", ["label"], ""),
    ],
)
def test_did_you_mean(name: str, known: list[str], hint: str) -> None:
    assert did_you_mean(name, iter(known)) == hint


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("plain"), "plain"),
        (ValueError("two\n  lines\tand tabs "), "two lines and tabs"),
        (ValueError(), "ValueError"),
        (KeyError("k"), "'k'"),
        (ValueError("x" * 300), "x" * 300),
        (ValueError("x" * 301), "x" * 297 + "..."),
    ],
)
def test_one_line(error: Exception, line: str) -> None:
    assert one_line(error) == line
