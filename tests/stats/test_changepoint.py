"""Change points: against every split tried by hand, false alarms counted, and intervals that hold the truth."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from scipy import stats

from dawnwatch.stats.changepoint import mean_change, share_change


def by_hand_shares(successes: list[int], rows: list[int]) -> int:
    """The first block after the split with the largest likelihood, each computed from scipy's binomial."""

    def likelihood(s: list[int], n: list[int]) -> float:
        level = sum(s) / sum(n)
        return float(stats.binom.logpmf(s, n, level).sum())

    splits = range(1, len(rows))
    return max(splits, key=lambda k: likelihood(successes[:k], rows[:k]) + likelihood(successes[k:], rows[k:]))


@pytest.mark.parametrize("seed", range(8))
def test_the_split_is_that_of_the_largest_likelihood(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(20, 200, 15)
    successes = rng.binomial(rows, np.where(np.arange(15) < 6, 0.2, 0.45))
    found = share_change(successes, rows)
    assert found is not None
    assert found.at == by_hand_shares(successes.tolist(), rows.tolist())
    assert found.before == pytest.approx(successes[: found.at].sum() / rows[: found.at].sum())
    assert found.low <= found.at <= found.high


@pytest.mark.parametrize("seed", range(8))
def test_the_split_of_means_leaves_the_least_squares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    variances = rng.uniform(0.5, 2, 12)
    values = rng.normal(np.where(np.arange(12) < 7, 0, 2.0), np.sqrt(variances))
    found = mean_change(values, variances)
    assert found is not None

    def left(k: int) -> float:
        parts = (slice(None, k), slice(k, None))
        means = [np.average(values[p], weights=1 / variances[p]) for p in parts]
        return float(sum((((values[p] - m) ** 2) / variances[p]).sum() for p, m in zip(parts, means, strict=True)))

    assert found.at == min(range(1, 12), key=left)


def test_two_blocks_have_the_p_value_of_the_likelihood_ratio() -> None:
    found = share_change([20, 60], [100, 120])
    assert found is not None
    ratio = stats.chi2_contingency([[20, 60], [80, 60]], correction=False, lambda_="log-likelihood")
    assert found.p_value == pytest.approx(ratio.pvalue)
    assert (found.at, found.low, found.high) == (1, 1, 1)


def test_a_share_that_was_none_is_dated_by_its_first_row() -> None:
    found = share_change([0] * 40 + [1, 0, 1, 1] * 10, [1] * 80)
    assert found is not None
    assert found.at == 40
    assert found.before == 0


def test_a_direction_is_kept_to() -> None:
    falling = [50, 52, 20, 22], [100] * 4
    assert share_change(*falling, rising=True) is None or share_change(*falling, rising=True).p_value > 0.5  # type: ignore[union-attr]
    down = share_change(*falling, rising=False)
    assert down is not None
    assert down.at == 2
    either = share_change(*falling)
    assert either is not None
    assert down.p_value == pytest.approx(either.p_value / 2)


@pytest.mark.parametrize("series", [([], []), ([3], [10]), ([5, 5, 5], [10, 10, 10]), ([0, 0], [10, 10])])
def test_where_nothing_changed_there_is_no_split(series: tuple[list[int], list[int]]) -> None:
    assert share_change(*series) is None


@pytest.mark.parametrize("blocks", [2, 10, 100])
def test_false_alarms_are_no_more_than_the_level(blocks: int) -> None:
    rng = np.random.default_rng(blocks)
    rows = np.full(blocks, 50)
    alarms = 0
    for _ in range(1000):
        found = share_change(rng.binomial(rows, 0.3), rows)
        alarms += found is not None and found.p_value <= 0.05
    # Bonferroni over splits that go together: well below, but not for want of any alarm.
    assert 3 <= alarms <= 50 + 3 * 7


@pytest.mark.parametrize(("after", "blocks"), [(0.4, 100), (0.45, 60), (0.6, 40)])
def test_the_interval_holds_the_truth(after: float, blocks: int) -> None:
    rng = np.random.default_rng(1)
    truth, held, rows = blocks // 3, 0, np.full(blocks, 25)
    for _ in range(600):
        found = share_change(rng.binomial(rows, np.where(np.arange(blocks) < truth, 0.3, after)), rows)
        held += found is not None and found.low <= truth <= found.high
    assert held / 600 >= 0.93


def test_the_interval_of_means_holds_the_truth_and_is_not_all_there_is() -> None:
    rng = np.random.default_rng(2)
    held, width = 0, []
    for _ in range(600):
        values = rng.normal(np.where(np.arange(200) < 80, 0.0, 1.0), 1.0)
        found = mean_change(values, np.ones(200))
        assert found is not None
        held += found.low <= 80 <= found.high
        width.append(found.high - found.low + 1)
    assert 0.93 <= held / 600 <= 0.99
    assert np.median(width) < 25


def test_blocks_that_scatter_more_than_their_rows_widen_it() -> None:
    """Each block's share is drawn anew: to take its rows as independent would find changes where there are none."""
    rng = np.random.default_rng(3)
    alarms = held = 0
    for _ in range(300):
        clean = rng.binomial(200, rng.beta(9, 21, 30))
        found = share_change(clean, np.full(30, 200))
        assert found is not None
        assert found.dispersion > 1.2
        alarms += found.p_value <= 0.05
        shifted = rng.binomial(200, rng.beta(9, 21, 30) + 0.15 * (np.arange(30) >= 12))
        moved = share_change(shifted, np.full(30, 200))
        held += moved is not None and moved.low <= 12 <= moved.high
    assert alarms <= 25
    assert held >= 0.92 * 300


def test_a_design_effect_counts_where_blocks_are_too_few_to_scatter() -> None:
    alone, together = share_change([30, 50], [100, 100]), share_change([30, 50], [100, 100], design_effect=10)
    assert alone is not None
    assert together is not None
    assert alone.p_value < 0.01 < 0.1 < together.p_value
    assert together.dispersion == 10
    assert log(together.p_value) > log(alone.p_value)


def test_a_change_that_creeps_in_is_dated_by_its_beginning() -> None:
    rng = np.random.default_rng(11)
    held, off, ramps = 0, [], 0
    for _ in range(300):
        truth, length = int(rng.integers(20, 50)), int(rng.integers(20, 60))
        level = -0.8 * np.clip((np.arange(100) - truth + 1) / length, 0, 1)
        found = mean_change(rng.normal(level, 0.3), np.full(100, 0.09), rising=False, creeping=True)
        assert found is not None
        held += found.low <= truth <= found.high
        ramps += found.shape == "ramp"
        off.append(found.at - truth)
    assert held / 300 >= 0.93
    assert ramps / 300 > 0.7
    assert abs(np.median(off)) <= 8


def test_a_step_stays_one_where_a_ramp_was_possible() -> None:
    rng = np.random.default_rng(12)
    held, exact, ramps = 0, 0, 0
    for _ in range(300):
        values = rng.normal(np.where(np.arange(100) < 40, 0.0, -0.6), 0.3)
        found = mean_change(values, np.full(100, 0.09), rising=False, creeping=True)
        assert found is not None
        held += found.low <= 40 <= found.high
        exact += abs(found.at - 40) <= 2
        ramps += found.shape == "ramp"
    assert held / 300 >= 0.93
    assert exact / 300 > 0.8
    assert ramps / 300 < 0.1


def test_false_alarms_of_steps_and_ramps_are_no_more_than_the_level() -> None:
    rng = np.random.default_rng(13)
    alarms = 0
    for _ in range(1000):
        found = mean_change(rng.normal(0, 1, 60), np.ones(60), rising=False, creeping=True)
        alarms += found is not None and found.p_value <= 0.05
    assert alarms / 1000 <= 0.05
