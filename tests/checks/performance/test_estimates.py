"""AUC of every slice at once against comparing all pairs, slice by slice."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.checks.performance import bins, estimates
from dawnwatch.checks.performance.estimates import Estimate, estimate
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import ColumnProfile, Profile
from dawnwatch.model.score_bins import GROUPS, ScoreBins
from dawnwatch.model.scored_rows import ScoredRows
from dawnwatch.model.window import Window
from tests.checks.windows import config, log, put
from tests.stats.by_pairs import delong_by_pairs

EMPTY = Profile(0, {}, np.zeros((3, 2), np.int64))


def window(n: int, codes: int = 4, seed: int = 0) -> Window:
    """Rows with ties, missing labels and scores, and slices of which one column could not be read."""
    rng = np.random.default_rng(seed)
    scores = rng.choice([np.nan, np.inf, -np.inf, *rng.normal(size=12)], n)
    labels = rng.integers(0, 3, n).astype(np.int8)
    slices = {
        "many": rng.integers(0, codes, n).astype(np.int32),
        "few": rng.integers(1, 3, n).astype(np.int32),
        "unread": np.full(n, -1, np.int32),
    }
    return Window("log", Plan(()), EMPTY, ScoredRows(scores, labels, slices))


@pytest.mark.parametrize(("n", "codes"), [(400, 4), (3000, 70_000), (5, 3), (0, 1)])
def test_every_slice_has_the_auc_and_variance_of_its_rows(n: int, codes: int) -> None:
    found = window(n, codes)
    rows = found.rows
    assert rows is not None
    usable = (rows.labels < 2) & ~np.isnan(rows.scores)
    asked = [(None, 0), *(("many", c) for c in sorted({0, *rows.slices["many"][:50].tolist()})), ("few", 1), ("few", 9)]
    compared = 0
    for column, code in asked:
        held = usable if column is None else usable & (rows.slices[column] == code)
        result = estimate(found, column, code)
        positives = int(rows.labels[held].sum())
        assert (result.n, result.positives) == (int(held.sum()), positives)
        if 0 in (positives, result.n - positives):
            assert result.auc is None
            continue
        assert result.auc is not None
        if min(positives, result.n - positives) > 1:
            value, variance = delong_by_pairs(rows.scores[held], rows.labels[held])
            assert result.auc.value == pytest.approx(value, abs=1e-12)
            assert result.auc.variance == pytest.approx(variance, abs=1e-12)
            compared += 1
    assert compared >= (3 if n == 400 else 1 if n == 3000 else 0)
    assert estimate(found, "unread", 0) == Estimate()


def test_from_bins_the_cube_of_the_slice_is_read() -> None:
    bins = ScoreBins(np.array([0.2, 0.6]), np.array([0, 200, 400, GROUPS], np.int32))
    fine = np.array([[3, 1, 0, 7], [0, 1, 3, 7], [0, 0, 0, 7]])
    cube = np.zeros((2, 3, 257), np.int64)
    cube[1][:, bins.groups // 2] = fine
    columns = {"device": ColumnProfile("string", np.zeros(11, np.int64), cube=cube)}
    found = Window("log", Plan((), score_bins=bins), Profile(9, columns, fine), None)
    for which in (estimate(found, "device", 1), estimate(found)):
        assert (which.n, which.positives) == (8, 4)
        assert which.auc is not None
        # Of 16 pairs 15 are in order and one shares a bin.
        assert (which.auc.value, which.auc.bound) == (15.5 / 16, 0.5 / 16)
    assert estimate(found, "device", 0) == Estimate()


def test_from_bins_of_one_score_each_the_auc_is_exact() -> None:
    # 0.5 and the float below it: what falls between is 0.5 itself, and pairs there are ties.
    edges = np.array([np.nextafter(0.5, 0), 0.5])
    bins = ScoreBins(edges, np.array([0, 200, 400, GROUPS], np.int32))
    fine = np.array([[3, 9, 0, 7], [0, 5, 3, 7], [0, 0, 0, 7]])
    cube = np.zeros((1, 3, 257), np.int64)
    cube[0][:, bins.groups // 2] = fine
    columns = {"device": ColumnProfile("string", np.zeros(11, np.int64), cube=cube)}
    found = Window("log", Plan((), score_bins=bins), Profile(9, columns, fine), None)
    for which in (estimate(found, "device", 0), estimate(found)):
        assert which.auc is not None
        assert which.auc.bound == 0
        assert which.auc.value == (3 * 8 + 9 * 3 + 9 * 5 / 2) / (12 * 8)


def test_judging_again_under_other_thresholds_computes_no_auc_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from dawnwatch import Monitor

    for exact_rows in (0, 10_000):
        settings = config(performance={"exact_rows": exact_rows})
        monitor = Monitor(settings).fit(log())
        seen = monitor.observe(put(log(seed=1), score=log(seed=2)["score"]))
        first = monitor.judge(seen).performance
        with monkeypatch.context() as patched:
            patched.setattr(estimates, "auc_from_counts", None)
            patched.setattr(estimates, "auc_from_sums", None)
            patched.setattr(bins, "auc_from_counts", None)
            strict = config(performance={"exact_rows": exact_rows}, thresholds={"auc_drop": {"max": 0.001}})
            again = monitor.judge(seen, config=strict).performance
        assert again.current == first.current
        assert [s.current for s in again.slices] == [s.current for s in first.slices]
        assert again.threshold == 0.001
