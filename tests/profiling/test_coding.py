"""Labels and scores, for every way the values can come."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.model.frequent import NAMED, Frequent
from dawnwatch.model.plan import Plan
from dawnwatch.profiling.coding import MODEL_SCORES, label_codes, label_text, readable
from dawnwatch.profiling.counting import best
from dawnwatch.profiling.rows import Rows

BINARY = Plan((), label="label", positive="1", negative="0", score="score")


@pytest.mark.parametrize(
    "array",
    [
        pa.array([1, 0, None, 7]),
        pa.array([1.0, 0.0, float("nan"), 7.0]),
        pa.array(["1", "0", None, "7"]),
        pa.array(["True", "False", "", "7"]),
        pa.array(["true", "false", None, "7"]).dictionary_encode(),
    ],
    ids=["integer", "number", "string", "True", "coded"],
)
def test_labels_in_every_type(array: pa.Array) -> None:
    codes, other = label_codes(array, 4, BINARY)
    assert codes.tolist() == [1, 0, 2, 3]
    assert other == Frequent({"7": 1}, 1)


def test_boolean_and_worded_labels() -> None:
    assert label_codes(pa.array([True, False, None]), 3, BINARY)[0].tolist() == [1, 0, 2]
    worded = Plan((), label="label", positive="yes", negative="no")
    assert label_codes(pa.array(["no", "yes", "No"]), 3, worded)[0].tolist() == [0, 1, 3]
    # The positive class may be the smaller one.
    inverse = Plan((), label="label", positive="0", negative="1")
    assert label_codes(pa.array([0.0, 1.0]), 2, inverse)[0].tolist() == [1, 0]


def test_absent_empty_and_nested_labels_are_no_fault() -> None:
    assert label_codes(None, 2, BINARY)[0].tolist() == [2, 2]
    assert label_codes(pa.nulls(2), 2, BINARY)[0].tolist() == [2, 2]
    codes, other = label_codes(pa.array([[1], None]), 2, BINARY)
    assert codes.tolist() == [3, 2]
    assert other.total == 1


def test_a_label_of_countless_values_keeps_its_total() -> None:
    n = NAMED + 250
    codes, other = label_codes(pa.array(np.arange(n) + 2), n, BINARY)
    assert (codes == 3).all()
    assert other.total == n
    # All came once: which thousand are named does not matter, and none is named with more than it came.
    assert len(other.counts) <= NAMED
    assert other.error == 1


@pytest.mark.parametrize(
    ("value", "text"), [(True, "1"), (False, "0"), (1.0, "1"), ("TRUE", "1"), ("false", "0"), ("yes", "yes"), (2, "2")]
)
def test_the_text_of_a_label(value: object, text: str) -> None:
    assert label_text(value) == text


def score_values(logged: pa.Array | None, of_model: pa.Array | None, rows: int) -> np.ndarray:
    """The scores of a batch that has these columns."""
    columns = {"other": pa.nulls(rows), "score": logged, MODEL_SCORES: of_model}
    batch = pa.record_batch({name: array for name, array in columns.items() if array is not None})
    return Rows(batch, Plan((), score="score"), best()).scores


def test_scores_are_numbers_or_nan() -> None:
    given = [0.25, None, float("nan"), float("inf"), float("-inf")]
    expected = pytest.approx([0.25, np.nan, np.nan, np.inf, -np.inf], nan_ok=True)
    assert score_values(pa.array(given), None, 5).tolist() == expected
    assert score_values(pa.array([1, 0]), None, 2).tolist() == [1.0, 0.0]
    assert score_values(pa.array([True, False]), None, 2).tolist() == [1.0, 0.0]


def test_the_models_score_stands_in_where_none_is_logged() -> None:
    logged, model = pa.array([0.5, None, float("nan")]), pa.array([0.1, 0.2, None])
    assert score_values(logged, model, 3).tolist() == pytest.approx([0.5, 0.2, np.nan], nan_ok=True)
    assert score_values(None, model, 3).tolist() == pytest.approx([0.1, 0.2, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    "array", [None, pa.array(["0.5"]), pa.array([0], pa.timestamp("s")), pa.array([[0.5]]), pa.nulls(1)]
)
def test_what_is_no_number_is_no_score(array: pa.Array | None) -> None:
    assert np.isnan(score_values(array, None, 1)).all()


@pytest.mark.parametrize(
    ("planned", "found", "fits"),
    [
        ("integer", "number", True),
        ("number", "integer", True),
        ("string", "null", True),
        ("other", "string", True),
        ("integer", "boolean", False),
        ("string", "integer", False),
        ("number", "timestamp", False),
    ],
)
def test_which_types_can_stand_for_which(planned: str, found: str, fits: bool) -> None:
    assert readable(planned, found) is fits
