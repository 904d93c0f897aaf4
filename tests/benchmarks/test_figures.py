"""Medians and ratios, by hand."""

from __future__ import annotations

import pytest
from benchmarks.figures import Figures, Spread
from benchmarks.summary import disagreements


def record(contestant: str, turn: int, seconds: float | None, **more: float) -> dict[str, object]:
    line = {"error": "no memory"} if seconds is None else {"seconds": seconds, **more}
    return {"group": "g", "contestant": contestant, "round": turn, "line": line}


def test_a_spread_is_the_median_between_its_ends() -> None:
    assert Spread.of([3.0, 1.0, 10.0]) == Spread(3.0, 1.0, 10.0, 3)
    assert Spread.of([]) is None


def test_a_ratio_is_the_median_of_the_rounds_ratios_and_not_the_ratio_of_medians() -> None:
    # The machine is ten times slower in the last round: each round still says 2, 3 and 4.
    ours, theirs = [1.0, 2.0, 30.0], [2.0, 6.0, 120.0]
    figures = Figures(
        [*(record("ours", i, s) for i, s in enumerate(ours)), *(record("theirs", i, s) for i, s in enumerate(theirs))]
    )
    assert figures.ratio("g", "theirs", "ours") == Spread(3.0, 2.0, 4.0, 3)
    assert figures.times("g", "theirs", "ours") == 3.0


def test_a_ratio_takes_only_rounds_in_which_both_were_measured() -> None:
    figures = Figures([record("a", 0, 1.0), record("a", 1, 8.0), record("b", 1, 2.0), record("b", 2, 5.0)])
    assert figures.ratio("g", "a", "b") == Spread(4.0, 4.0, 4.0, 1)
    assert figures.times("g", "a", "nobody") is None


def test_a_failed_contestant_has_an_error_and_no_median() -> None:
    series = Figures([record("a", 0, None)]).series("g", "a")
    assert series.error == "no memory"
    assert series.spread() is None
    assert series.last == {}


def test_a_round_measured_again_stands_in_the_place_of_the_first() -> None:
    assert Figures([record("a", 0, 1.0), record("a", 0, 5.0)]).value("g", "a") == 5.0


@pytest.mark.parametrize(("second", "differs"), [(0.7, False), (0.7 + 1e-9, False), (0.701, True)])
def test_answers_agree_within_a_millionth(second: float, differs: bool) -> None:
    found = disagreements({"a": {"AUC": 0.7}, "b": {"AUC": second}, "c": {}}, ["AUC", "nulls"])
    assert bool(found) is differs
