"""The search against going through every slice, with the score written out row by row."""

from __future__ import annotations

from itertools import combinations
from math import inf, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from dawnwatch.stats import slice_search
from dawnwatch.stats.placements import placement_losses, placement_weights
from dawnwatch.stats.slice_search import LossRows, search_slices

CARDINALITY = (2, 3, 4, 2)
COLUMNS = np.repeat(np.arange(len(CARDINALITY)), CARDINALITY)
Codes = NDArray[np.int64]


def window(
    rng: np.random.Generator, rows: int, worse: tuple[int, ...] = (), sizes: tuple[int, ...] = CARDINALITY
) -> LossRows:
    """A window whose scores say less where the columns of these conditions all hold."""
    codes = np.column_stack([rng.integers(0, size, rows) for size in sizes])
    holds = np.column_stack([codes[:, c] == v for c, size in enumerate(sizes) for v in range(size)])
    bad = holds[:, list(worse)].all(axis=1) if worse else np.zeros(rows, bool)
    labels = rng.integers(0, 2, rows)
    scores = rng.normal(size=rows) + np.where(bad, -0.5, 1.5) * labels
    return LossRows(holds.astype(np.float32), placement_weights(labels), placement_losses(labels, scores))


def score(before: LossRows, now: LossRows, slice_: tuple[int, ...], least: tuple[float, float]) -> float:
    overall = max(float((now.weights * now.losses).sum() - (before.weights * before.losses).sum()), 0.0)
    means, weights = [], []
    for side in (before, now):
        inside = side.holds[:, list(slice_)].all(axis=1)
        weights.append(float(side.weights[inside].sum()))
        means.append(float((side.weights * side.losses)[inside].sum() / max(weights[-1], 1e-300)))
    if weights[0] < least[0] or weights[1] < least[1]:
        return -inf
    ratio = now.weights.size / before.weights.size
    return (means[1] - means[0] - overall) * sqrt(weights[1] / (1 + ratio * weights[1] / weights[0]))


def every_slice(before: LossRows, now: LossRows, least: tuple[float, float]) -> dict[tuple[int, ...], float]:
    """Score of every conjunction of two or three that beats all that one condition fewer makes."""
    found = {}
    for width in (2, 3):
        for slice_ in combinations(range(COLUMNS.size), width):
            if len({int(COLUMNS[i]) for i in slice_}) < width:
                continue
            own = score(before, now, slice_, least)
            parents = [score(before, now, part, least) for part in combinations(slice_, width - 1)]
            if own > max(0.0, *parents):
                found[slice_] = own
    return found


@pytest.mark.parametrize("most", [3, 20])
@pytest.mark.parametrize("seed", range(8))
def test_finds_what_going_through_every_slice_finds(seed: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    before, now = window(rng, 900), window(rng, 700, worse=(0, 3) if seed % 2 else ())
    least = 0.03, 0.03
    expected = sorted(every_slice(before, now, least).items(), key=lambda item: -item[1])[:most]
    assert search_slices(before, now, COLUMNS, least=least, most=most) == [slice_ for slice_, _ in expected]


@pytest.mark.parametrize("worse", [(0, 3), (1, 4, 9)])
def test_the_slice_that_got_worse_comes_first(worse: tuple[int, ...]) -> None:
    rng = np.random.default_rng(5)
    before, now = window(rng, 4000), window(rng, 4000, worse=worse)
    assert search_slices(before, now, COLUMNS, least=(0.02, 0.02))[0] == worse


def test_no_slice_scores_above_the_bound_of_what_holds_it() -> None:
    rng = np.random.default_rng(1)
    before, now = window(rng, 600), window(rng, 500, worse=(2, 9))
    least = 0.02, 0.02
    overall = max(float(now.weights @ now.losses - before.weights @ before.losses), 0.0)
    scorer = slice_search._Scorer(overall, now.weights.size / before.weights.size, least)
    for narrow in every_slice(before, now, least):
        for width in range(1, len(narrow)):
            for wide in combinations(narrow, width):
                inside = now.holds[:, list(wide)].all(axis=1)
                weight = np.array([now.weights[inside].sum()])
                lost = np.array([(now.weights * now.losses)[inside].sum()])
                assert score(before, now, narrow, least) <= scorer.bound(weight, lost)[0] + 1e-12


def test_what_is_pruned_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    rng, sizes = np.random.default_rng(3), (2, 3, 12, 12)
    before, now = window(rng, 9000, (), sizes), window(rng, 9000, (0, 3), sizes)
    looked: list[int] = []
    sums = LossRows.sums
    monkeypatch.setattr(LossRows, "sums", lambda self, slices: looked.append(slices.shape[0]) or sums(self, slices))
    assert search_slices(before, now, np.repeat(range(4), sizes), least=(0.001, 0.001), most=1) == [(0, 3)]
    conditions, pairs = sum(sizes), (29 * 29 - sum(size**2 for size in sizes)) // 2
    assert looked[:2] == [conditions] * 2
    assert sum(looked[2:]) / 2 < pairs / 2
