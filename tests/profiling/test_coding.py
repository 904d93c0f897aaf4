"""Codes: bins, labels and score bins, for every way the values can come."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.model.plan import MISSING, OTHER, UNSEEN, Binning, Plan
from dawnwatch.model.profile import NAMED, REST
from dawnwatch.profiling.arrow import Values
from dawnwatch.profiling.coding import (
    bin_codes,
    label_codes,
    label_text,
    readable,
    score_codes,
)

CATEGORIES = Binning("categorical", ("a", "b", OTHER, MISSING, UNSEEN), codes={"a": 0, "b": 1, "c": 2})
NUMBERS = Binning("numeric", ("≤ 1", "1 < x ≤ 2", "> 2", MISSING), edges=np.array([1.0, 2.0]))
BINARY = Plan((), label="label", positive="1", negative="0", score="score", score_edges=np.array([0.25, 0.5]))


def test_special_bins_stand_at_the_end() -> None:
    assert (CATEGORIES.missing, CATEGORIES.unseen) == (3, 4)
    assert NUMBERS.missing == 3


@pytest.mark.parametrize("encode", [False, True])
def test_categories_known_rare_missing_and_unseen(encode: bool) -> None:
    array = pa.array(["a", "b", "c", None, "z", "z", "", "a"])
    codes, unseen = bin_codes(Values(array.dictionary_encode() if encode else array), CATEGORIES)
    assert codes.tolist() == [0, 1, 2, 3, 4, 4, 4, 0]
    assert unseen == Counter({"z": 2, "": 1})


def test_an_unused_dictionary_entry_is_not_unseen() -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int8()), pa.array(["a", "never used"]))
    assert bin_codes(Values(array), CATEGORIES)[1] == Counter()


def test_categories_that_are_numbers_come_in_any_numeric_type() -> None:
    binning = Binning("categorical", ("1", "2", OTHER, MISSING, UNSEEN), codes={"1": 0, "2": 1})
    for array in (pa.array([1, 2, None, 3]), pa.array([1.0, 2.0, float("nan"), 3.0]), pa.array(["1", "2", None, "3"])):
        codes, unseen = bin_codes(Values(array), binning)
        assert codes.tolist() == [0, 1, 3, 4]
        assert unseen == Counter({"3": 1})


def test_only_so_many_unseen_values_are_named_but_all_are_counted() -> None:
    values = [f"new {i}" for i in range(NAMED + 500)] + ["frequent"] * 3
    codes, unseen = bin_codes(Values(pa.array(values)), CATEGORIES)
    assert (codes == CATEGORIES.unseen).all()
    assert len(unseen) == NAMED
    assert unseen["frequent"] == 3


def test_numbers_nulls_nan_and_infinities() -> None:
    array = pa.array([1.0, 1.5, 2.0, 2.5, None, float("nan"), float("inf"), float("-inf")])
    assert bin_codes(Values(array), NUMBERS)[0].tolist() == [0, 1, 1, 2, 3, 3, 2, 0]
    assert bin_codes(Values(pa.nulls(3)), NUMBERS)[0].tolist() == [3, 3, 3]


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
    assert other == Counter({"7": 1})


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
    assert other.total() == 1


def test_a_label_of_countless_values_keeps_its_total() -> None:
    n = NAMED + 250
    codes, other = label_codes(pa.array(np.arange(n) + 2), n, BINARY)
    assert (codes == 3).all()
    assert other.total() == n
    assert other[REST] == 250


@pytest.mark.parametrize(
    ("value", "text"), [(True, "1"), (False, "0"), (1.0, "1"), ("TRUE", "1"), ("false", "0"), ("yes", "yes"), (2, "2")]
)
def test_the_text_of_a_label(value: object, text: str) -> None:
    assert label_text(value) == text


def test_scores_and_their_bins() -> None:
    scores, codes = score_codes(
        pa.array([0.25, 0.3, 0.9, None, float("nan"), float("inf"), float("-inf")]), None, 7, BINARY
    )
    assert codes.tolist() == [0, 1, 2, 3, 3, 2, 0]
    assert np.isnan(scores).tolist() == [False, False, False, True, True, False, False]
    assert score_codes(pa.array([1, 0]), None, 2, BINARY)[1].tolist() == [2, 0]


@pytest.mark.parametrize(
    "array", [None, pa.array(["0.5"]), pa.array([0], pa.timestamp("s")), pa.array([[0.5]]), pa.nulls(1)]
)
def test_what_is_no_number_is_no_score(array: pa.Array | None) -> None:
    scores, codes = score_codes(array, None, 1, BINARY)
    assert np.isnan(scores).all()
    assert codes.tolist() == [BINARY.fine_bins]


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
