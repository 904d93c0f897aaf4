"""Another clock is told from a change of mix, from noise, and from values that any error would give."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dawnwatch.stats.clock import Displaced, by_hour, displaced

Ints = NDArray[np.int64]
EVEN = np.full(24, 1 / 24)
NIGHT = np.array([4.0] * 6 + [1.0] * 18)


def part(hours: Ints, parts: int = 4) -> Ints:
    return np.asarray(hours % 24 * parts // 24)


def window(rng: np.random.Generator, rows: int, weights: NDArray[np.float64] = EVEN) -> Ints:
    return np.asarray(rng.choice(24, rows, p=weights / weights.sum()).astype(np.int64))


def told(
    hours: Ints, values: Ints, *, parts: int = 4, before: Ints | None = None, units: int = 300
) -> Displaced | None:
    rng = np.random.default_rng(1)
    learned = window(rng, 5000) if before is None else before
    pattern = by_hour(learned, part(learned, parts), parts)
    assert pattern is not None
    of = np.arange(hours.size, dtype=np.uint64) % np.uint64(units)
    return displaced(pattern, hours, values, of, level=0.01, confidence=0.95)


@pytest.mark.parametrize("ahead", [-8, -5, -1, 1, 5, 8, 12])
@pytest.mark.parametrize("dose", [0.1, 0.4, 1.0])
def test_a_clock_that_is_hours_off_is_found_in_a_part_of_the_rows(ahead: int, dose: float) -> None:
    rng = np.random.default_rng([ahead % 24, int(dose * 10)])
    hours = window(rng, 4000, NIGHT)
    moved = rng.random(hours.size) < dose
    found = told(hours, part(np.where(moved, hours + ahead, hours)))
    assert found is not None
    assert found.shown
    assert found.hours[0] == ahead
    assert found.fit == 1.0
    visible = moved & (part(hours + ahead) != part(hours))
    assert found.off == pytest.approx(visible.mean())
    assert found.low < found.off < found.high or dose == 1.0
    np.testing.assert_array_equal(found.which, visible)


def test_more_rows_at_night_are_on_the_right_clock() -> None:
    hours = window(np.random.default_rng(3), 4000, NIGHT**3)
    assert told(hours, part(hours)) is None


def test_values_at_random_are_no_clock() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        hours = window(rng, 3000)
        values = np.where(rng.random(3000) < 0.3, rng.integers(0, 4, 3000), part(hours))
        found = told(hours, values)
        assert found is not None
        assert not found.shown


def test_rare_errors_that_were_there_before_are_no_clock() -> None:
    rng = np.random.default_rng(5)
    learned, hours = window(rng, 5000), window(rng, 3000)
    wrong = [np.where(rng.random(h.size) < 0.01, part(h + 6), part(h)) for h in (learned, hours)]
    pattern = by_hour(learned, wrong[0], 4)
    assert pattern is not None
    assert pattern.off == pytest.approx(0.01, abs=0.006)
    units = np.arange(hours.size, dtype=np.uint64)
    found = displaced(pattern, hours, wrong[1], units, level=0.01, confidence=0.95)
    assert found is not None
    assert not found.shown


def test_of_two_values_the_other_one_is_always_another_clock_s() -> None:
    rng = np.random.default_rng(6)
    hours = window(rng, 3000)
    found = told(hours, part(np.where(rng.random(3000) < 0.3, hours + 12, hours), 2), parts=2)
    assert found is not None
    assert found.by_chance == pytest.approx(1.0)
    assert not found.shown


def test_one_unit_is_not_enough() -> None:
    rng = np.random.default_rng(7)
    hours = window(rng, 1000)
    found = told(hours, part(hours + 8), units=1)
    assert found is not None
    assert not found.shown


def test_hours_that_the_reference_never_held_contradict_nothing() -> None:
    rng = np.random.default_rng(8)
    day = np.array([0.0] * 5 + [1.0] * 19)
    learned = window(rng, 5000, day)
    hours = window(rng, 3000, day)
    found = told(hours, part(np.where(rng.random(3000) < 0.4, hours + 8, hours)), before=learned)
    assert found is not None
    assert found.shown
    assert found.hours[0] == 8
    night = np.zeros(500, dtype=np.int64)
    assert told(night, night, before=learned) is None


def test_where_the_hour_does_not_tell_the_value_nothing_is_asked() -> None:
    rng = np.random.default_rng(9)
    hours = window(rng, 5000)
    assert by_hour(hours, rng.integers(0, 4, 5000), 4) is None
    assert by_hour(hours, np.where(rng.random(5000) < 0.05, part(hours + 6), part(hours)), 4) is None, (
        "one in twenty off"
    )
    rare = (rng.random(5000) < 0.005).astype(np.int64)
    assert by_hour(hours, rare, 2) is None, "a column that is nearly constant follows from anything"
    assert by_hour(hours, np.zeros(5000, dtype=np.int64), 1) is None
    few = np.repeat(np.arange(4), 100)
    assert by_hour(few, part(few, 24), 24) is None, "four hours of the day"
