"""Bounds and bins of a plan."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.model.plan import Binning, Bounds, ColumnPlan, Plan

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
    assert (categorical.missing, categorical.unseen) == (2, 3)
    assert Binning("numeric", ("low", "high", "missing")).missing == 2


def test_a_plan_knows_its_columns_and_bins() -> None:
    plan = Plan((ColumnPlan("x", "number"),), score_edges=np.array([0.1, 0.2]), score_groups=np.array([0, 0, 1, 2]))
    assert plan.column("x").type == "number"
    assert (plan.fine_bins, plan.coarse_bins) == (3, 2)
    with pytest.raises(KeyError):
        plan.column("y")


def test_private_columns_are_named() -> None:
    plan = Plan((ColumnPlan("a", "string", private=True), ColumnPlan("b", "string"), ColumnPlan("c", "number", True)))
    assert plan.private == {"a", "c"}
    assert Plan(()).private == frozenset()
