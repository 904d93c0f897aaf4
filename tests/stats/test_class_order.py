"""Labels of one class that come first, on counts whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dawnwatch.stats.class_order import class_order, p_in_either_order
from dawnwatch.stats.left_out import LeftOut, left_out_of

CHANCE = np.linspace(0.05, 0.95, 10)


def expected(rows: float = 1000.0, positives: float = 1.0, negatives: float = 1.0) -> NDArray[np.float64]:
    """Rows of two groups of units that come true as their scores say; of each class this share has its label."""
    each = np.stack([rows * (1 - CHANCE) * negatives, rows * CHANCE * positives])
    return np.stack([each, each])


def off(value: float) -> LeftOut:
    return left_out_of(value, value + np.array([-0.01, 0.01, 0.01, -0.01]), np.ones(4, bool))


def test_positives_that_come_twice_as_often_are_found_and_weighted_back() -> None:
    labelled = expected(positives=0.8, negatives=0.4)
    found = class_order(labelled, expected().sum() - labelled.sum(), CHANCE)
    assert found is not None
    assert found.odds == pytest.approx(2.0)
    assert found.table.sum(axis=0)[1] / found.table.sum(axis=(0, 1)) == pytest.approx(CHANCE)


def test_where_labels_come_of_both_alike_nothing_is_weighted() -> None:
    labelled = expected(positives=0.5, negatives=0.5)
    found = class_order(labelled, labelled.sum(), CHANCE)
    assert found is not None
    assert found.odds == pytest.approx(1.0)
    assert found.table == pytest.approx(labelled)


def test_few_missing_labels_explain_little_and_none_nothing() -> None:
    """Twice the positives expected, and 100 rows waiting: negatives at most."""
    labelled = expected(positives=2.0)
    negatives = float(labelled[:, 0].sum())
    found = class_order(labelled, 100.0, CHANCE)
    assert found is not None
    assert found.odds == pytest.approx((negatives + 100) / negatives)
    assert class_order(labelled, 0.0, CHANCE) is None
    rarer = class_order(expected(positives=0.5), 100.0, CHANCE)
    positives = float(expected(positives=0.5)[:, 1].sum())
    assert rarer is not None
    assert rarer.odds == pytest.approx(positives / (positives + 100))


def test_one_class_alone_has_no_order() -> None:
    assert class_order(expected(negatives=0.0), 100.0, CHANCE) is None


def test_a_difference_counts_only_where_no_order_explains_it() -> None:
    assert p_in_either_order(off(0.1), None) == off(0.1).p_value
    assert p_in_either_order(off(0.1), off(0.05)) == off(0.05).p_value > off(0.1).p_value
    assert p_in_either_order(off(0.1), off(0.2)) == off(0.1).p_value
    assert p_in_either_order(off(0.1), off(-0.1)) == 1.0
