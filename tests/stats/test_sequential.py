"""The anytime-valid test under continuous looking: how often it alarms falsely, and how soon rightly."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from dawnwatch.stats.sequential import Batch, Worsening, _bound, worsening


def run(
    rng: np.random.Generator, drops: list[float], *, error: float = 0.0, noise: float = 0.01, level: float = 0.01
) -> Worsening:
    """What is found of windows with these true drops, sizes that vary, and a reference off by `error`."""
    weights = rng.integers(300, 3000, len(drops))
    batches = []
    for at, (drop, weight) in enumerate(zip(drops, weights, strict=True)):
        variance = noise**2 * 1000 / int(weight)
        batches.append(Batch(f"w{at}", drop + error + rng.normal(0, sqrt(variance)), variance, float(weight)))
    found = worsening(batches, tolerance=0.02, reference_variance=0.005**2, level=level)
    assert found is not None
    return found


def test_the_bound_is_crossed_at_most_as_often_as_its_level_and_not_much_less() -> None:
    rng = np.random.default_rng(1)
    variance = rng.uniform(0.5, 2, 3000)
    paths = np.cumsum(rng.normal(0, np.sqrt(variance), (1000, 3000)), axis=1)
    for level in (0.05, 0.2):
        crossed = (paths > _bound(np.cumsum(variance), level)).any(axis=1).mean()
        assert level / 4 < crossed <= level + 0.02


def test_a_drop_of_just_the_tolerance_seldom_alarms_however_often_one_looks() -> None:
    rng = np.random.default_rng(2)
    alarms = [run(rng, [0.02] * 60, error=rng.normal(0, 0.005), level=0.05).alarm for _ in range(300)]
    assert np.mean([alarm is not None for alarm in alarms]) <= 0.05


@pytest.mark.parametrize("good", [0, 50])
def test_a_model_that_turns_bad_is_found_soon_and_its_turn_is_dated(good: int) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        found = run(rng, [0.0] * good + [0.07] * 20)
        assert found.alarm is not None
        assert good <= int(found.alarm[1:]) <= good + 6
        assert abs(int(found.since[1:]) - good) <= 4
        assert 0.02 < found.low < 0.07
        assert found.low < found.drop


def test_an_alarm_stays_whatever_comes_after() -> None:
    rng = np.random.default_rng(4)
    batches = [Batch(str(at), 0.08 + rng.normal(0, 0.01), 0.01**2, 1.0) for at in range(8)]
    first = worsening(batches, tolerance=0.02, reference_variance=0.0)
    assert first is not None
    assert first.alarm is not None
    well = [Batch(f"well {at}", -0.02, 0.01**2, 1.0) for at in range(30)]
    assert worsening([*batches, *well], tolerance=0.02, reference_variance=0.0) == first
    looked = [worsening(batches[:size], tolerance=0.02, reference_variance=0.0) for size in range(1, 9)]
    assert {found.alarm for found in looked if found is not None} - {None} == {first.alarm}


def test_late_labels_count_as_one_more_batch() -> None:
    batches = [Batch(f"week {at}", 0.05, 0.015**2, 500.0) for at in range(3)]
    late = Batch("week 0, late labels", 0.05, 0.01**2, 1000.0)
    before, after = (worsening(them, tolerance=0.02, reference_variance=0.0) for them in (batches, [*batches, late]))
    assert before is not None
    assert after is not None
    assert after.low > before.low
    assert after.batches == 4


def test_the_reference_is_charged_once_and_does_not_average_out() -> None:
    batches = [Batch(str(at), 0.06, 0.005**2, 1.0) for at in range(200)]
    lows = []
    for error in (0.0, 0.01):
        found = worsening(batches, tolerance=0.5, reference_variance=error**2, level=0.05)
        assert found is not None
        assert (found.alarm, found.drop) == (None, pytest.approx(0.06))
        lows.append(found.low)
    assert lows[0] - lows[1] == pytest.approx(1.959964 * 0.01)


def test_the_mean_is_by_weight_and_not_by_variance() -> None:
    batches = [Batch("a", 0.3, 1e-5, 3.0), Batch("b", 0.1, 1e-9, 1.0)]
    found = worsening(batches, tolerance=1.0, reference_variance=0.0)
    assert found is not None
    assert (found.since, found.batches, found.drop) == ("a", 2, pytest.approx(0.25))


def test_no_batches_and_batches_that_cannot_be_counted() -> None:
    assert worsening([], tolerance=0.02, reference_variance=0.0) is None
    good = Batch("w1", 0.1, 0.01, 1.0)
    with pytest.raises(ValueError, match="w1 comes twice"):
        worsening([good, Batch("w1", 0.2, 0.01, 1.0)], tolerance=0, reference_variance=0)
    for wrong in (Batch("w2", 0.1, 0.0, 1.0), Batch("w2", 0.1, 0.01, 0.0), Batch("w2", 0.1, float("nan"), 1.0)):
        with pytest.raises(ValueError, match="w2 needs a positive variance and weight"):
            worsening([good, wrong], tolerance=0, reference_variance=0)
