"""How numbers are written."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.model import numbers
from dawnwatch.report import words


@pytest.mark.parametrize("module", [numbers, words])
def test_examples_in_docstrings_hold(module) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_estimate_as_the_design_writes_it() -> None:
    assert numbers.estimate(0.6993, (0.6921, 0.7062)) == "0.699 (95% interval 0.692 to 0.706)"


def test_estimate_without_value_says_so() -> None:
    assert numbers.estimate(None, None) == "not computed"


@pytest.mark.parametrize(
    ("value", "bounds", "text"),
    [
        (0.19998, [0.2], "0.19998"),
        (0.2, [0.2], "0.200"),
        (0.0496, [0.05], "0.0496"),
        (0.05004, [0.05], "0.05004"),
        (12.3456, [], "12.35"),
        (4599.0, [], "4,599.0"),
        (-0.0001, [], "0.000"),
    ],
)
def test_number(value: float, bounds: list[float], text: str) -> None:
    assert numbers.number(value, apart_from=bounds) == text


@given(st.floats(0, 5, allow_nan=False), st.sampled_from([0.05, 0.1, 0.2, 0.6]))
def test_a_written_number_stays_on_its_side_of_the_bound(value: float, bound: float) -> None:
    written = float(numbers.number(value, apart_from=[bound]))
    if abs(value - bound) > 1e-6:
        assert (written < bound) == (value < bound)
        assert written != bound


@given(st.floats(0, 1))
def test_only_none_reads_as_none_and_only_all_as_all(value: float) -> None:
    text = numbers.share(value)
    assert (text == "0.0%") == (value == 0)
    assert (text == "100.0%") == (value == 1)


def test_times_and_counts() -> None:
    assert numbers.moment(datetime(2026, 3, 2, 6, 0, tzinfo=UTC)) == "2026-03-02 06:00 UTC"
    assert numbers.moment(None) == "none"
    assert numbers.duration(4) == "4 hours"
    assert numbers.duration(1) == "1 hour"
    assert numbers.duration(None) == "nothing due"
    assert numbers.plural(1, "check") == "1 check"
    assert numbers.plural(18012, "row") == "18,012 rows"


def test_distinct_labels_never_merge() -> None:
    assert words.distinct(["a", "a", "", "a (2)"]) == ["a", "a (2)", "(empty)", "a (2) (2)"]


@given(st.text())
def test_shown_text_cannot_drive_a_terminal(text: str) -> None:
    shown = words.shown(text)
    assert shown.isprintable() or all(c.isprintable() or ord(c) > 0x9F for c in shown)
    assert "\x1b" not in shown
    assert "\n" not in shown
    words.ascii_signs(shown).encode("ascii")
    shown.encode("utf-8")
