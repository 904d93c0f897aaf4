import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metropulse.split import by_time, holdout_by_unit, holdout_random


@given(st.lists(st.integers(0, 20), min_size=1, max_size=80), st.floats(0.05, 0.95))
def test_by_time_is_a_partition_in_order(seconds: list[int], share: float) -> None:
    timestamp = np.array(seconds)
    older, newer = by_time(timestamp, share)
    assert len(older) == round(share * len(seconds))
    rows = [*older.tolist(), *newer.tolist()]
    # Python's own sort is stable, too: rows of one second keep their order.
    assert rows == sorted(range(len(seconds)), key=lambda row: seconds[row])


def test_random_holdout_keeps_the_share_of_each_class() -> None:
    label = (np.random.default_rng(0).random(10_000) < 0.3).astype(np.int64)
    held = holdout_random(label, 0.2, np.random.default_rng(1))
    for one in (0, 1):
        assert abs(held[label == one].sum() - 0.2 * (label == one).sum()) <= 0.5
    assert np.array_equal(held, holdout_random(label, 0.2, np.random.default_rng(1)))
    assert not np.array_equal(held, holdout_random(label, 0.2, np.random.default_rng(2)))


def test_whole_riders_are_held_out() -> None:
    unit = np.random.default_rng(0).integers(1, 300, 20_000)
    held = holdout_by_unit(unit, 0.2, np.random.default_rng(1))
    assert not set(unit[held]) & set(unit[~held])
    assert held.mean() == pytest.approx(0.2, abs=0.005)
    assert np.array_equal(held, holdout_by_unit(unit, 0.2, np.random.default_rng(1)))


def test_a_huge_rider_never_takes_everything() -> None:
    unit = np.array([1] * 95 + [2] * 5)
    for seed in range(6):
        held = holdout_by_unit(unit, 0.99, np.random.default_rng(seed))
        assert 0 < held.sum() < 100
