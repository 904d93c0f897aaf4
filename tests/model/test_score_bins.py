"""Score bins: fine ones that hold one float each or few rows, coarse ones that nest, and an AUC within its bound."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from dawnwatch import Config
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.model.score_bins import GROUPS, ScoreBins
from dawnwatch.model.window import Window
from dawnwatch.profiling.learn import learn_plan, score_groups
from dawnwatch.profiling.run import profile_window
from dawnwatch.sources import open_source
from dawnwatch.stats.binning import score_edges

finite = st.floats(allow_nan=False, allow_infinity=False)


def bins_of(scores: NDArray[np.float64], most: int = 8192) -> ScoreBins:
    edges = score_edges(scores, most)
    return ScoreBins(edges, score_groups(scores, edges))


@given(st.lists(finite, max_size=60), st.integers(2, 40))
def test_a_point_holds_one_float_and_every_bin_that_does_is_one(scores: list[float], most: int) -> None:
    bins = bins_of(np.array(scores) + 0.0, most)
    assert bins.points.shape == (bins.fine,)
    lower, upper = np.r_[-np.inf, bins.edges], np.r_[bins.edges, np.inf]
    for point, low, high in zip(bins.points.tolist(), lower, upper, strict=True):
        with np.errstate(over="ignore"):
            least = np.nextafter(low, np.inf) if np.isfinite(low) or bins.edges.size else low
        if point:
            assert least == high  # the least float above `low` is the largest up to `high`
        elif np.isfinite(low) and np.isfinite(high):
            assert least < high


@given(st.lists(finite, min_size=1, max_size=60))
def test_few_distinct_scores_each_have_a_point(scores: list[float]) -> None:
    values = np.array(scores) + 0.0
    bins = bins_of(values, len(scores) + 1)
    at = np.searchsorted(bins.edges, values, side="left")
    assert bins.points[at].all()
    assert len(set(at.tolist())) == len(set(values.tolist()))


@given(st.lists(st.floats(0, 1), max_size=300), st.integers(2, 300))
def test_coarse_bins_are_runs_of_fine_ones_that_halve(scores: list[float], most: int) -> None:
    values = np.array(scores) + 0.0
    bins = bins_of(values, most)
    assert bins.groups.shape == (bins.fine + 1,)
    assert bins.groups[-1] == GROUPS
    assert (np.diff(bins.groups[:-1]) >= 0).all()
    assert bins.groups[:-1].min() >= 0
    assert bins.groups[:-1].max() < GROUPS
    for coarse in (512, 256, 128, 64, 32, 16):
        groups = bins.groups[:-1] * coarse // GROUPS
        held = [bins.points[groups == group] for group in range(coarse)]
        expected = [len(points) == 0 or (len(points) == 1 and bool(points[0])) for points in held]
        assert bins.coarse_points(coarse).tolist() == expected


def test_two_points_in_a_coarse_bin_are_none() -> None:
    # Neighbouring floats are points without a gap between them.
    edges = np.nextafter(0.5, [0, 1]), [0.5]
    bins = ScoreBins(np.sort(np.concatenate(edges)), np.array([0, 200, 201, 400, GROUPS], np.int32))
    assert bins.points.tolist() == [False, True, True, False]
    assert bins.coarse_points(512)[[0, 200, 201, 400]].tolist() == [False, True, True, False]
    assert bins.coarse_points(256)[[0, 100, 200]].tolist() == [False, False, False]


def test_coarse_bins_hold_about_equal_numbers_of_rows() -> None:
    scores = np.random.default_rng(2).beta(0.3, 40, size=100_000)
    bins = bins_of(scores)
    assert bins.fine > GROUPS
    rows = np.bincount(bins.groups[np.searchsorted(bins.edges, scores, side="left")], minlength=GROUPS)
    assert rows[:GROUPS].max() < 1.2 * 100_000 / GROUPS


LARGEST = 1.7976931348623157e308


@pytest.mark.parametrize("scores", [[0.0], [0.5], [-LARGEST, 0.0], [5e-324, 1.0], [LARGEST], [-LARGEST, LARGEST]])
def test_extreme_scores_have_bins(scores: list[float], recwarn: pytest.WarningsRecorder) -> None:
    bins = bins_of(np.array(scores))
    at = np.searchsorted(bins.edges, scores, side="left")
    assert bins.points[at].all()
    assert bins.grid.starts[-1] == bins.edges.size
    assert not recwarn.list


def log(n: int, rate: float, seed: int, *, shift: float = 0.0, decimals: int | None = None) -> pa.Table:
    rng = np.random.default_rng(seed)
    label = (rng.random(n) < rate).astype(np.int64)
    label[:2] = 0, 1
    score = 1 / (1 + np.exp(-(rng.normal(shift, 1 + abs(shift), n) + 1.2 * label - 3)))
    score = score if decimals is None else score.round(decimals)
    return pa.table({"label": label, "score": score, "device": rng.choice(["a", "b", "c"], n)})


def windows(reference: pa.Table, *currents: pa.Table) -> list[Window]:
    """Each window by the plan of the reference, without its rows."""
    config = Config.from_dict({"roles": {"label": "label", "score": "score", "slices": ["device"]}})
    source = open_source(reference, what="reference")
    plan = learn_plan(config, source, source, None, "score")
    return [profile_window(open_source(c, what="current"), plan, exact_rows=0) for c in (reference, *currents)]


def exact_auc(table: pa.Table, device: str | None = None) -> float:
    rows: Any = table["device"].to_numpy(zero_copy_only=False) == device if device else slice(None)
    return float(roc_auc_score(table["label"].to_numpy()[rows], table["score"].to_numpy()[rows]))


@pytest.mark.parametrize("rate", [0.5, 0.001])
def test_the_binned_auc_is_within_its_bound_of_the_exact_one(rate: float) -> None:
    reference = log(100_000, rate, 1)
    drifted = [log(60_000, rate, 2), log(30_000, rate, 3, shift=1.0), log(30_000, rate, 4, shift=-3.0)]
    for at, (table, window) in enumerate(zip([reference, *drifted], windows(reference, *drifted), strict=True)):
        found = estimate(window).auc
        assert found is not None
        # Both are sums of a hundred thousand floats.
        assert abs(found.value - exact_auc(table)) <= found.bound + 1e-12
        assert found.bound < [1e-4, 2e-4, 1, 1][at]  # drifted scores crowd in the end bins
        binning = window.plan.column("device").binning
        assert binning is not None
        for name, code in binning.codes.items():
            sliced = estimate(window, "device", code).auc
            assert sliced is not None
            assert abs(sliced.value - exact_auc(table, name)) <= sliced.bound + 1e-12


def test_the_auc_of_few_distinct_scores_is_exact() -> None:
    reference = log(60_000, 0.3, 1, decimals=3)
    same = log(20_000, 0.1, 2, decimals=3)
    held = np.isin(same["score"].to_numpy(), reference["score"].to_numpy())
    found, again = windows(reference, same.filter(pa.array(held)))
    for table, window in ((reference, found), (same.filter(pa.array(held)), again)):
        auc = estimate(window).auc
        assert auc is not None
        assert auc.bound == 0
        assert auc.value == pytest.approx(exact_auc(table), abs=1e-12)
    # Scores in between share bins, and the bound says so.
    between = log(20_000, 0.3, 3)
    auc = estimate(windows(reference, between)[1]).auc
    assert auc is not None
    assert auc.bound > 0
    assert abs(auc.value - exact_auc(between)) <= auc.bound


def test_a_slice_of_few_distinct_scores_is_exact_too() -> None:
    reference = log(30_000, 0.3, 1, decimals=1)
    window = windows(reference)[0]
    binning = window.plan.column("device").binning
    assert binning is not None
    for name, code in binning.codes.items():
        auc = estimate(window, "device", code).auc
        assert auc is not None
        assert auc.bound == 0
        assert auc.value == pytest.approx(exact_auc(reference, name), abs=1e-12)
