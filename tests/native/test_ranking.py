"""Rank sums by the compiled loops against NumPy's and scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from dawnwatch.checks.performance import estimates
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import Profile
from dawnwatch.model.scored_rows import ScoredRows
from dawnwatch.model.window import Window
from dawnwatch.native import load_native
from dawnwatch.native.ranking import ranked_sums
from dawnwatch.stats.auc import RankSums, rank_sums

EMPTY = Profile(0, {}, np.zeros((3, 2), np.int64))
FLOATS = [0.0, -0.0, 5e-324, -5e-324, 1.7e308, -1.7e308, np.inf, -np.inf, np.nan, 0.5, np.nextafter(0.5, 1)]
scored = st.lists(
    st.tuples(st.sampled_from(FLOATS) | st.floats(), st.sampled_from([0, 1, 2]), st.integers(-1, 2)), max_size=60
)


def rows_of(drawn: list[tuple[float, int, int]]) -> ScoredRows:
    scores, labels, codes = zip(*drawn, strict=True) if drawn else ((), (), ())
    return ScoredRows(
        np.array(scores, np.float64), np.array(labels, np.int8), {"slice": np.array(codes, np.int32).reshape(-1)}
    )


@given(scored)
def test_any_score_is_ranked_as_scikit_learn_ranks_it(drawn: list[tuple[float, int, int]]) -> None:
    rows = rows_of(drawn)
    window = Window("log", Plan(()), EMPTY, rows)
    usable = (rows.labels < 2) & ~np.isnan(rows.scores)
    for column, code in ((None, 0), *(("slice", code) for code in range(-1, 3))):
        held = usable if column is None else usable & (rows.slices[column] == code)
        found, labels = estimate(window, column, code), rows.labels[held]
        assert (found.n, found.positives) == (labels.size, labels.sum())
        if found.auc is None:
            assert np.unique(labels).size < 2
            continue
        # scikit-learn takes no infinities; equal numbers stay equal, and their order is all that counts.
        _, ranks = np.unique(rows.scores[held] + 0.0, return_inverse=True)
        assert found.auc.value == pytest.approx(roc_auc_score(labels, ranks), abs=1e-12)


def twins(rows: ScoredRows) -> tuple[object, object]:
    """Sums by the compiled way and by NumPy's; of the whole, NumPy has none where no row is usable."""
    compiled = ranked_sums(rows.scores, rows.labels, rows.slices)
    assert compiled is not None
    plain = {which: rank_sums(*counts) for which, *counts in estimates._by_score(rows)}
    return {which: RankSums(*sums) for which, sums in compiled.items()}, {(None, 0): RankSums(*[0] * 7)} | plain


compiled_only = pytest.mark.skipif(load_native() is None, reason="the loops in C were not compiled")


@compiled_only
@given(scored)
def test_both_ways_give_the_same_integers(drawn: list[tuple[float, int, int]]) -> None:
    compiled, plain = twins(rows_of(drawn))
    assert compiled == plain


@compiled_only
@pytest.mark.parametrize("digits", [1, 3, 17])
@pytest.mark.parametrize("codes", [1, 9, 5000])
def test_both_ways_give_the_same_integers_for_many_rows(digits: int, codes: int) -> None:
    rng = np.random.default_rng(digits)
    scores = np.round(rng.normal(size=70_000), digits) * 10.0 ** rng.integers(-300, 300, 70_000)
    labels = rng.choice([0, 1, 2], 70_000, p=[0.6, 0.3, 0.1]).astype(np.int8)
    scores[rng.random(70_000) < 0.05] = np.nan
    slices = {name: rng.integers(-1, codes, 70_000).astype(np.int32) for name in "ab"}
    # A column that is a step of another array, as the rows of a batch may be.
    slices["b"] = np.repeat(slices["b"], 2)[::2]
    compiled, plain = twins(ScoredRows(scores, labels, slices))
    assert compiled == plain


def test_codes_far_apart_are_left_to_numpy() -> None:
    rows = ScoredRows(
        np.arange(4.0), np.array([0, 1, 0, 1], np.int8), {"far": np.array([0, 0, 2**30, 2**30], np.int32)}
    )
    assert ranked_sums(rows.scores, rows.labels, rows.slices) is None
    found = estimate(Window("log", Plan(()), EMPTY, rows), "far", 2**30)
    assert found.auc is not None
    assert (found.n, found.auc.value) == (2, 1.0)
