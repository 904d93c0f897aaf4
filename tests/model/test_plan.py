"""Bounds and bins of a plan."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.model.plan import UNIT_GROUPS, Binning, Bounds, ColumnPlan, Plan, cube_scores, slice_scores

VALUES = np.array([-np.inf, 0.0, 0.5, 1.0, np.inf, np.nan])


@pytest.mark.parametrize(
    ("bounds", "below", "above", "text"),
    [
        (Bounds(), [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], "value is finite"),
        (Bounds(0, 1), [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0], "0 ≤ value ≤ 1"),
        (Bounds(0, 1, False, False), [1, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 0], "0 < value < 1"),
        (Bounds(low=0.5), [1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], "0.5 ≤ value"),
        (Bounds(high=1e6, high_inclusive=False), [0] * 6, [0, 0, 0, 0, 1, 0], "value < 1000000"),
    ],
)
def test_bounds_and_how_they_read(bounds: Bounds, below: list[int], above: list[int], text: str) -> None:
    assert bounds.below(VALUES).astype(int).tolist() == below
    assert bounds.above(VALUES).astype(int).tolist() == above
    assert bounds.text == text


def test_special_bins_stand_last() -> None:
    categorical = Binning("categorical", ("a", "other", "missing", "unseen"))
    assert (categorical.other, categorical.missing, categorical.unseen) == (1, 2, 3)
    assert Binning("numeric", ("low", "high", "missing")).missing == 2


def test_a_plan_knows_its_columns_and_bins() -> None:
    plan = Plan((ColumnPlan("x", "number"), ColumnPlan("z", "string")), score="s", label="z")
    assert plan.column("x").type == "number"
    assert plan.read == ("x", "z", "s")
    with pytest.raises(KeyError):
        plan.column("y")


@pytest.mark.parametrize(("bins", "scores"), [(3, 256), (42, 256), (43, 128), (203, 32), (682, 16), (9999, 16)])
def test_a_column_of_many_bins_has_fewer_score_bins(bins: int, scores: int) -> None:
    assert Binning("numeric", tuple(map(str, range(bins)))).scores == cube_scores(bins) == scores
    # Either the cube keeps to its room, or it has the fewest score bins there are.
    assert bins * 3 * scores <= 2**15 or scores == 16


@pytest.mark.parametrize(("bins", "scores"), [(2, 512), (3, 256), (11, 64), (12, 64), (203, 8)])
def test_a_slice_of_many_bins_has_fewer_score_bins_in_its_groups(bins: int, scores: int) -> None:
    assert slice_scores(bins, 2) == scores
    assert bins * 3 * UNIT_GROUPS * scores <= 2**18 or scores == 8


def test_private_columns_are_named() -> None:
    plan = Plan((ColumnPlan("a", "string", private=True), ColumnPlan("b", "string"), ColumnPlan("c", "number", True)))
    assert plan.private == {"a", "c"}
    assert Plan(()).private == frozenset()
