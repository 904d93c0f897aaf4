import numpy as np
import pytest

from dawnwatch.stats.arrival import arrival_curve

GROUPS = 16


def _rows(rng, rows=4000, mean=24.0, never=0.0):
    """Ages up to four days, exponential delays, and labels that never come."""
    age = rng.uniform(0, 96, rows)
    delay = np.where(rng.random(rows) < never, np.inf, rng.exponential(mean, rows))
    return age, np.where(delay <= age, delay, np.nan), rng.integers(0, GROUPS, rows)


def test_by_hand():
    # 40 rows: 10 labels after 1 h, 10 after 2 h; 10 rows are censored at 1.5 h and 10 at 5 h.
    delay = np.repeat([1.0, 2.0, np.nan, np.nan], 10)
    age = np.repeat([5.0, 5.0, 1.5, 5.0], 10)
    curve = arrival_curve(age, delay, np.arange(40) % 4, 4)
    assert curve.ages.tolist() == [1.0, 2.0]
    # A quarter of 40, then half of the 20 that were still without a label and old enough.
    assert curve.shares[0] == pytest.approx([0.25, 1 - 0.75 * 0.5])


def test_censored_rows_do_not_pull_the_curve_down():
    rng = np.random.default_rng(1)
    age, delay, group = _rows(rng)
    curve = arrival_curve(age, delay, group, GROUPS)
    for at in (6.0, 24.0, 72.0):
        truth = 1 - np.exp(-at / 24)
        assert curve.at([at])[0, 0] == pytest.approx(truth, abs=0.03)
    # The share labelled of all rows, whatever their age, is far lower than what comes by four days.
    assert np.isfinite(delay).mean() < 0.8 < curve.end


def test_interval_covers_with_labels_that_come_by_unit():
    inside = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        units = rng.integers(0, 120, 1500)
        wait = rng.exponential(24.0, 120)  # a unit's labels come together
        age = rng.uniform(0, 96, 1500)
        delay = wait[units] * rng.uniform(0.9, 1.1, 1500)
        low, high = (
            arrival_curve(age, np.where(delay <= age, delay, np.nan), units % GROUPS, GROUPS).share(24.0).interval(0.95)
        )
        truth = np.mean([1 - np.exp(-24 / 24 / f) for f in np.linspace(0.9, 1.1, 101)])
        inside += low <= truth <= high
    assert inside >= 0.9 * 200


def test_age_by_which_is_of_what_ever_comes():
    rng = np.random.default_rng(2)
    age, delay, group = _rows(rng, never=0.4, mean=10.0)
    curve = arrival_curve(age, delay, group, GROUPS)
    assert curve.end == pytest.approx(0.6, abs=0.03)
    assert curve.age_by_which(0.95) == pytest.approx(30.0, abs=6.0)


def test_many_delays_are_pooled_and_early_ones_count_as_at_once():
    rng = np.random.default_rng(3)
    curve = arrival_curve(np.full(5000, 99.0), rng.uniform(-1, 9, 5000), rng.integers(0, 4, 5000), 4)
    assert curve.ages.size <= 400
    assert curve.at([0.0])[0, 0] == pytest.approx(0.1, abs=0.02)


def test_nothing_where_nothing_came_or_few_are_old_enough():
    group = np.zeros(10, int)
    assert arrival_curve(np.full(10, 5.0), np.full(10, np.nan), group, 4) is None
    assert arrival_curve(np.full(10, 5.0), np.full(10, 1.0), group, 4) is None
