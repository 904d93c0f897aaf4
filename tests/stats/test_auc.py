"""AUC against scikit-learn, DeLong against explicit pairs, and the laws of both."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import chdtrc, expit, ndtri
from scipy.stats import chi2, norm, t
from sklearn.metrics import roc_auc_score

from dawnwatch.stats import auc
from dawnwatch.stats.auc import (
    AucEstimate,
    DropEstimate,
    auc_drop,
    auc_from_counts,
    auc_from_sums,
    homogeneity,
    rank_sums,
)
from tests.stats.by_pairs import counts_by_score, delong_by_pairs


def estimate(scores: object, labels: object) -> AucEstimate:
    found = auc_from_counts(*counts_by_score(scores, labels))  # type: ignore[arg-type]
    assert found is not None
    return found


def table(seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A random table: every fifth with few distinct scores, some with extreme imbalance, infinities or one tie."""
    rng = np.random.default_rng(seed)
    positives = [None, 3, 1, None, 2][seed % 5]
    n = 2000 if positives else int(rng.integers(4, 400))
    labels = np.zeros(n, dtype=np.int64)
    labels[: positives or max(1, int(n * rng.uniform(0.05, 0.95)))] = 1
    labels[-1] = 0
    scores = rng.normal(size=n) + labels * rng.normal()
    match seed % 7:
        case 1:
            scores = np.round(scores)
        case 2:
            scores = np.round(scores, 1)
        case 3:
            scores = (scores > 0).astype(float)
        case 4:
            scores[rng.random(n) < 0.05] = np.inf
            scores[rng.random(n) < 0.05] = -np.inf
        case 5:
            scores = np.full(n, 0.25)
    order = rng.permutation(n)
    return scores[order], labels[order] if seed % 11 else 1 - labels[order]


@pytest.mark.parametrize("seed", range(200))
def test_agrees_with_scikit_learn_and_with_explicit_pairs(seed: int) -> None:
    scores, labels = table(seed)
    found = estimate(scores, labels)
    value, variance = delong_by_pairs(scores, labels)
    assert found.value == pytest.approx(roc_auc_score(labels, np.clip(scores, -1e9, 1e9)), abs=1e-9)
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found.variance == pytest.approx(variance, abs=1e-9, rel=1e-9)
    assert (found.positives, found.negatives) == (int(labels.sum()), int((1 - labels).sum()))
    assert found.bound == 0


@pytest.mark.parametrize("seed", range(10))
def test_weights_of_extreme_size_agree_with_repeated_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    negatives, positives = rng.integers(0, 60, 9), np.zeros(9, dtype=np.int64)
    negatives[3] = 4000
    positives[[1, 7]] = [1, 2]
    at = np.arange(9.0)
    scores = np.concatenate([np.repeat(at, negatives), np.repeat(at, positives)])
    labels = np.concatenate([np.zeros(negatives.sum()), np.ones(positives.sum())]).astype(np.int64)
    found = auc_from_counts(negatives, positives)
    value, variance = delong_by_pairs(scores, labels)
    assert found is not None
    assert (found.value, found.variance) == (pytest.approx(value, abs=1e-9), pytest.approx(variance, abs=1e-9))


def test_an_example_by_hand() -> None:
    # Five and a half of six pairs; placements 2.5/3, 1 and 1, 1, 0.75; variance 1/144 + 1/144.
    found = estimate([1, 2, 3, 3, 4], [0, 0, 0, 1, 1])
    assert found.value == pytest.approx(5.5 / 6)
    assert found.variance == pytest.approx(1 / 72)
    # On the logit scale, log 11 ± 12.706 √(1/72) / (5.5 · 0.5 / 36), with one degree of freedom for two positives.
    half = t(1).ppf(0.975) * sqrt(1 / 72) / (5.5 * 0.5 / 36)
    assert found.interval() == pytest.approx(tuple(expit([log(11) - half, log(11) + half])))
    assert found.interval(1.0) == (0, 1)


def test_no_class_no_auc() -> None:
    assert auc_from_counts([1, 2], [0, 0]) is None
    assert auc_from_counts([0, 0], [1, 2]) is None
    assert auc_from_counts(*counts_by_score([], [])) is None


def test_a_single_positive_gives_a_wide_interval() -> None:
    found = estimate(np.arange(100.0), np.arange(100) == 80)
    assert found.value == pytest.approx(80 / 99)
    low, high = found.interval()
    assert high - low > 0.5


scored = st.lists(st.tuples(st.integers(-20, 20), st.booleans()), min_size=2, max_size=80)


def split(rows: list[tuple[int, bool]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    assume(0 < sum(label for _, label in rows) < len(rows))
    return np.array([s for s, _ in rows]), np.array([int(label) for _, label in rows])


@given(scored, st.lists(st.floats(allow_nan=False), min_size=41, max_size=41, unique=True))
def test_unchanged_by_strictly_monotone_maps(rows: list[tuple[int, bool]], images: list[float]) -> None:
    scores, labels = split(rows)
    mapped = np.sort(np.array(images) + 0.0)  # -0.0 and 0.0 are one score
    assume(np.unique(mapped).size == 41)
    before, after = estimate(scores, labels), estimate(mapped[scores + 20], labels)
    assert before == after
    assert estimate(scores**3 + 2 * scores, labels) == before


@given(scored)
def test_flipped_labels_give_one_minus_the_auc(rows: list[tuple[int, bool]]) -> None:
    scores, labels = split(rows)
    found, flipped = estimate(scores, labels), estimate(scores, 1 - labels)
    assert flipped.value == pytest.approx(1 - found.value, abs=1e-12)
    assert flipped.variance == pytest.approx(found.variance, abs=1e-12)
    assert estimate(-scores, labels).value == pytest.approx(1 - found.value, abs=1e-12)


@given(scored, st.lists(st.integers(-20, 20), max_size=10))
def test_binned_scores_stay_within_their_bound(rows: list[tuple[int, bool]], edges: list[int]) -> None:
    scores, labels = split(rows)
    bins = np.searchsorted(np.unique(np.array(edges, dtype=np.float64)), scores)
    width = len(edges) + 1
    tables = [np.bincount(bins[labels == label], minlength=width) for label in (0, 1)]
    binned = auc_from_counts(*tables, exact=False)
    assert binned is not None
    exact = estimate(scores, labels)
    assert abs(binned.value - exact.value) <= binned.bound + 1e-12
    low, high = binned.interval()
    assert low <= exact.value <= high


def test_the_bound_is_reached() -> None:
    # All pairs of one bin in the one order, or all in the other.
    binned = auc_from_counts([4], [3], exact=False)
    assert binned is not None
    assert (binned.value, binned.bound) == (0.5, 0.5)
    assert estimate([0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1]).value == 1.0


def test_delongs_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(20260101)
    truth = norm.cdf(1 / sqrt(2))
    labels = np.repeat([0, 1], [150, 100])
    hits = sum(
        low <= truth <= high
        for low, high in (estimate(rng.normal(size=250) + labels, labels).interval(0.95) for _ in range(600))
    )
    assert 0.925 <= hits / 600 <= 0.975


def test_the_drops_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    labels = np.repeat([0, 1], [120, 80])
    truth = norm.cdf(1.2 / sqrt(2)) - norm.cdf(0.5 / sqrt(2))

    def window(shift: float) -> AucEstimate:
        return estimate(rng.normal(size=200) + shift * labels, labels)

    hits = 0
    for _ in range(500):
        low, high = auc_drop(window(1.2), window(0.5)).interval(0.90)
        hits += low <= truth <= high
    assert 0.86 <= hits / 500 <= 0.94


def test_a_drop_adds_variances_and_bounds() -> None:
    drop = auc_drop(AucEstimate(0.8, 0.0009, 0.01, 50, 60), AucEstimate(0.7, 0.0016, 0.02, 50, 60))
    assert (drop.value, drop.variance) == (pytest.approx(0.1), pytest.approx(0.0025))
    assert drop.interval(0.95) == (pytest.approx(0.1 - 0.098 - 0.03, abs=1e-4), pytest.approx(0.228, abs=1e-4))
    level = 1 - 0.05 / 4
    half = norm.ppf(0.5 + level / 2) * 0.05
    assert drop.interval(level)[1] == pytest.approx(0.1 + half + 0.03, abs=1e-12)


def test_homogeneity_is_cochrans_q() -> None:
    drops = [DropEstimate(0.05, 0.0004, 0), DropEstimate(0.09, 0.0001, 0), DropEstimate(0.01, 0.0009, 0)]
    weights = [1 / 0.0004, 1 / 0.0001, 1 / 0.0009]
    pooled = sum(w * d.value for w, d in zip(weights, drops, strict=True)) / sum(weights)
    q = sum(w * (d.value - pooled) ** 2 for w, d in zip(weights, drops, strict=True))
    assert homogeneity(drops) == pytest.approx(chi2.sf(q, 2), abs=1e-12)
    assert homogeneity([drops[0]] * 3) == 1
    assert homogeneity(drops[:1]) is None
    assert homogeneity([*drops, DropEstimate(0.1, 0.0, 0)]) is None


def test_counts_by_score_sorts_and_groups() -> None:
    negatives, positives = counts_by_score([0.5, -np.inf, 0.5, np.inf, 0.1], [1, 0, 0, 1, 0])
    assert negatives.tolist() == [1, 1, 1, 0]
    assert positives.tolist() == [0, 0, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_rank_sums_are_sums_over_rows(counts: list[tuple[int, int]]) -> None:
    negatives, positives = (np.array([pair[i] for pair in counts], np.int64) for i in (0, 1))
    found = rank_sums(negatives, positives)
    at = np.arange(len(counts))
    neg, pos = np.repeat(at, negatives), np.repeat(at, positives)
    of_pos = [2 * int((neg < p).sum()) + int((neg == p).sum()) for p in pos]
    of_neg = [2 * int((pos < q).sum()) + int((pos == q).sum()) for q in neg]
    assert (found.negatives, found.positives, found.total) == (neg.size, pos.size, sum(of_pos))
    assert (found.high_pos << 32) + found.low_pos == sum(rank**2 for rank in of_pos)
    assert (found.high_neg << 32) + found.low_neg == sum(rank**2 for rank in of_neg)


@pytest.mark.parametrize("factor", [1, 2**12, 2**20, 2**33])
def test_more_rows_than_64_bits_have_room_for(factor: int) -> None:
    rng = np.random.default_rng(factor)
    negatives, positives = rng.integers(0, 1000, (2, 300))
    few, many = auc_from_counts(negatives, positives), auc_from_counts(negatives * factor, positives * factor)
    assert few is not None
    assert many is not None
    assert many.value == few.value
    # The sample variances differ by their (n - 1) alone.
    assert many.variance * factor == pytest.approx(few.variance, rel=2e-5)
    sums = rank_sums(negatives * factor, positives * factor)
    assert auc_from_sums(sums) == many


@given(st.floats(0.0, 5000.0), st.integers(1, 3000))
def test_the_tail_of_chi_squared_is_scipys(x: float, freedom: int) -> None:
    assert auc._chi_squared_above(x, freedom) == pytest.approx(chdtrc(freedom, x), rel=1e-9, abs=1e-300)


@given(st.floats(1e-6, 1 - 1e-12))
def test_the_normal_quantile_is_scipys(confidence: float) -> None:
    assert auc._z(confidence) == pytest.approx(ndtri(0.5 + confidence / 2), rel=1e-10)
