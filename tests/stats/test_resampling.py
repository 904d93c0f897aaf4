"""Drawn windows against the distributions they must have: the PSI's null, and a variance between days that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from dawnwatch.stats.divergence import psi
from dawnwatch.stats.resampling import Apart, Cells, Draw, RowDraw, TimeEffect, UnitDraw, time_effect
from dawnwatch.stats.shift import clustered_shift, shift

SHARES = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
ROWS, BLOCKS, LENGTH, GROUPS = 24_000, 48, 4, 64
Ints = NDArray[np.int64]


def cells(rng: np.random.Generator, *, by_unit: bool, days: float = 0.0, sittings: bool = False) -> Cells:
    """Rows at random times; `days` is by how much the first value's share varies from one stretch to the next."""
    shares = np.tile(SHARES, (BLOCKS, 1))
    moves = np.repeat(rng.normal(0, days, BLOCKS // LENGTH), LENGTH) if days else np.zeros(BLOCKS)
    shares[:, 0] += moves
    shares[:, 1] -= moves
    counts = np.zeros((BLOCKS, GROUPS, 5), np.int64)
    for block, at in enumerate(shares):
        if sittings:  # ten rows of one value each
            units = rng.multinomial(ROWS // BLOCKS // 10, np.full(GROUPS, 1 / GROUPS))
            counts[block] = 10 * np.stack([rng.multinomial(n, at) for n in units])
        else:
            rows = rng.multinomial(ROWS // BLOCKS, np.full(GROUPS, 1 / GROUPS))
            counts[block] = np.stack([rng.multinomial(n, at) for n in rows])
    return Cells(counts if by_unit else counts.sum(axis=1, keepdims=True))


def draws(rng: np.random.Generator, *, by_unit: bool, times: int) -> Iterator[Draw]:
    for _ in range(times):
        common = LENGTH * int(rng.integers(BLOCKS // LENGTH))
        if by_unit:
            yield UnitDraw.of(rng, blocks=BLOCKS, length=LENGTH, groups=GROUPS, common=common)
        else:
            yield RowDraw(rng, LENGTH, common)


def psis(of: Cells, found: Iterator[Draw], share: float = 0.0) -> NDArray[np.float64]:
    pairs = ((draw.reference(of, share), draw.current(of, share)) for draw in found)
    return np.array([psi(then.sum(axis=0), now.sum(axis=0)) for then, now in pairs])


def effect(of: Cells) -> TimeEffect:
    whole = of.whole()
    apart = []
    for start in range(0, BLOCKS, LENGTH):
        run = of.run(start, LENGTH)
        one = clustered_shift((whole - run).T, run.T) if of.groups > 1 else shift((whole - run)[0], run[0])
        assert one is not None
        apart.append(Apart(one.statistic, one.noise, one.degrees))
    found = time_effect(apart)
    assert found is not None
    return found


@pytest.mark.parametrize("by_unit", [True, False])
def test_the_psi_of_drawn_windows_has_its_null_where_rows_are_independent(by_unit: bool) -> None:
    """(1/n + 1/m) χ²(bins - 1), whose quantiles a drawn 2,000 must meet to what chance leaves open."""
    rng = np.random.default_rng(3)
    n, m = ROWS, ROWS * LENGTH / BLOCKS
    found = np.concatenate(
        [psis(cells(rng, by_unit=by_unit), draws(rng, by_unit=by_unit, times=250)) for _ in range(8)]
    )
    expected = (1 / n + 1 / m) * chi2.ppf([0.5, 0.8, 0.95, 0.99], 4)
    assert np.quantile(found, [0.5, 0.8, 0.95, 0.99]) == pytest.approx(expected, rel=0.1)


def test_units_that_sit_together_are_drawn_together() -> None:
    """Ten rows of one value a sitting make the PSI ten times as large by chance."""
    rng = np.random.default_rng(4)
    of = [cells(rng, by_unit=True, sittings=True) for _ in range(8)]
    found = np.concatenate([psis(one, draws(rng, by_unit=True, times=100)) for one in of])
    assert found.mean() == pytest.approx(10 * 4 * (1 / ROWS + BLOCKS / LENGTH / ROWS), rel=0.12)


@pytest.mark.parametrize("by_unit", [True, False])
def test_windows_vary_as_the_stretches_of_the_reference_do(by_unit: bool) -> None:
    """The share of the first value varies by a season's standard deviation and the rows' own, each counted once."""
    rng = np.random.default_rng(5)
    found, wanted, season = [], [], 0.03
    for _ in range(12):
        of = cells(rng, by_unit=by_unit, days=season)
        share = effect(of).share
        assert share > 0.5
        now = [draw.current(of, share).sum(axis=0) for draw in draws(rng, by_unit=by_unit, times=150)]
        found += [counts[0] / counts.sum() for counts in now]
        wanted += [of.whole().sum(axis=0)[0] / of.whole().sum()] * len(now)
    rows = ROWS * LENGTH / BLOCKS
    truth = season**2 * (1 - LENGTH / BLOCKS) + 0.4 * 0.6 / rows
    assert np.mean((np.array(found) - np.array(wanted)) ** 2) == pytest.approx(truth, rel=0.25)


def test_no_season_is_found_where_there_is_none() -> None:
    rng = np.random.default_rng(6)
    seen = [effect(cells(rng, by_unit=False)).share > 0 for _ in range(100)]
    assert sum(seen) <= 12  # 5 expected; more than 12 comes once in a thousand


def test_the_time_effect_is_an_analysis_of_variance() -> None:
    """Equal days of normal values: the ratio is that of the days' means, each against all others."""
    rng = np.random.default_rng(7)
    days = rng.normal(size=(9, 400))
    noise = 1 / 400 + 1 / 3200
    apart = [Apart((day.mean() - np.delete(days, i, 0).mean()) ** 2, noise, 1.0) for i, day in enumerate(days)]
    found = time_effect(apart)
    fisher = 400 * days.mean(axis=1).var(ddof=1)
    assert found is not None
    assert found.ratio == pytest.approx(fisher)
    assert found.p_value == pytest.approx(chi2.sf(8 * fisher, 8), rel=1e-6)


def test_a_season_in_one_direction_is_known_less_well() -> None:
    """Its distances are chi-squared with one degree of freedom, whatever the number of bins: √(2 / stretches)."""
    rng = np.random.default_rng(8)
    errors = []
    for _ in range(200):
        apart = [Apart(100 * rng.standard_normal() ** 2, 4.0, 4.0) for _ in range(50)]
        found = time_effect(apart)
        assert found is not None
        errors.append(found.error)
    assert np.mean(errors) == pytest.approx((2 / 50) ** 0.5, rel=0.1)


def test_one_stretch_says_nothing_of_seasons() -> None:
    assert time_effect([Apart(1.0, 1.0, 1.0)]) is None


def test_stretches_go_round() -> None:
    of = Cells(np.arange(1, 7).reshape(6, 1, 1))
    assert of.run(np.array([4, 0, 5]), 3, np.array([0, 0, 0])).ravel().tolist() == [5 + 6 + 1, 1 + 2 + 3, 6 + 1 + 2]


def test_a_unit_that_stays_has_no_row_in_both_windows() -> None:
    counts = np.random.default_rng(8).integers(1, 9, (BLOCKS, GROUPS, 3))
    draw = UnitDraw.of(np.random.default_rng(9), blocks=BLOCKS, length=LENGTH, groups=GROUPS, staying=1.0)
    of = Cells(counts)
    together = draw.reference(of, 0.3) + draw.current(of, 0.3)
    assert (together == of.whole()[draw.groups[:, 0]]).all()


def test_a_draw_is_the_same_for_every_table() -> None:
    """Two features of the same rows are drawn as the same rows."""
    counts = np.random.default_rng(8).integers(0, 9, (BLOCKS, GROUPS, 4))
    draw = UnitDraw.of(np.random.default_rng(9), blocks=BLOCKS, length=LENGTH, groups=GROUPS, fills=3)
    halves = draw.current(Cells(counts), 0.4)
    both = draw.current(Cells(counts[:, :, :2] + counts[:, :, 2:]), 0.4)
    assert (halves[:, :2] + halves[:, 2:] == both).all()


Drawn = Callable[[np.random.Generator], Draw]


@pytest.mark.parametrize(
    "drawn",
    [
        lambda rng: UnitDraw.of(rng, blocks=BLOCKS, length=LENGTH, groups=GROUPS, common=5),
        lambda rng: RowDraw(rng, LENGTH, 5),
    ],
)
def test_a_window_that_is_all_of_one_stretch_holds_its_values_only(drawn: Drawn) -> None:
    counts = np.zeros((BLOCKS, GROUPS, 2), np.int64)
    counts[:, :, 0] = 3
    counts[5 : 5 + LENGTH] = [[0, 3]]
    draw = drawn(np.random.default_rng(1))
    of = Cells(counts if isinstance(draw, UnitDraw) else counts.sum(axis=1, keepdims=True))
    assert draw.current(of, 1.0).sum(axis=0).tolist() == [0, LENGTH * GROUPS * 3]


def test_more_of_one_stretch_makes_windows_vary_more() -> None:
    rng = np.random.default_rng(2)
    of = cells(rng, by_unit=True, days=0.05)
    means = [psis(of, draws(np.random.default_rng(1), by_unit=True, times=80), share).mean() for share in (0, 0.5, 1)]
    assert all(less < more for less, more in pairwise(means))


def test_tables_side_by_side_are_drawn_as_each_by_itself() -> None:
    counts = np.random.default_rng(8).integers(0, 9, (BLOCKS, GROUPS, 3, 4))
    shares = np.array([0.0, 0.5, 1.0])
    draw = UnitDraw.of(
        np.random.default_rng(9), blocks=BLOCKS, length=LENGTH, groups=GROUPS, fills=3, staying=0.5, common=8
    )
    together = (draw.current_of_each(Cells(counts), shares), draw.reference_of_each(Cells(counts), shares))
    for at, share in enumerate(shares.tolist()):
        alone = Cells(counts[:, :, at])
        for all_, one in zip(together, (draw.current(alone, share), draw.reference(alone, share)), strict=True):
            assert (all_[:, at] == one).all()
