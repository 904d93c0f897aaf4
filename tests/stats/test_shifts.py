"""All tables at once are what `shift` and `clustered_shift` say of each."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from dawnwatch.stats import shifts as module
from dawnwatch.stats.clusters import spread, spreads
from dawnwatch.stats.divergence import psi
from dawnwatch.stats.shift import Shift, clustered_shift, shift
from dawnwatch.stats.shifts import Shifts, shifts
from tests.stats.test_shift import found

Ints = NDArray[np.int64]
TOL = 1e-9


def tables(seed: int, *, bins: int, groups: int, rows: float, tables: int = 40) -> tuple[Ints, Ints]:
    """Pairs of windows of units that differ, some bins empty in one or both, some tables moved."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(bins, 0.4), size=(tables, 1))
    shares = shares + rng.exponential(0.3, size=(tables, groups, bins)) * shares
    shares /= shares.sum(axis=2, keepdims=True)
    sizes = rng.poisson(rows, size=(2, tables, groups))
    pair = [rng.multinomial(size, shares).transpose(0, 2, 1) for size in sizes]
    pair[1][::3, 0] += rng.poisson(rows / 5, size=(len(range(0, tables, 3)), groups))
    return pair[0], pair[1]


def agrees(one: Shift | None, all_: Shifts, at: int) -> None:
    if one is None:
        assert np.isnan([part[at] for part in all_[1:]]).all()
        assert all_.error[at] == 0
        return
    denominator = inf if one.denominator is None else one.denominator
    expected = Shifts(*map(np.float64, (one.psi, one.p_value, one.statistic, one.noise, one.degrees, denominator)))  # type: ignore[arg-type]
    for name, value in expected._asdict().items():
        assert getattr(all_, name)[at] == pytest.approx(float(value), rel=TOL, abs=1e-300), name
    assert all_.error[at] == pytest.approx(float(expected.error), rel=TOL)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("bins", "groups"), [(2, 64), (11, 64), (90, 64), (5, 7)])
def test_units_are_tested_as_one_table_is(seed: int, bins: int, groups: int) -> None:
    reference, current = tables(seed, bins=bins, groups=groups, rows=[0.3, 3, 60][seed % 3])
    all_ = shifts(reference, current, clustered=True)
    for at, (before, after) in enumerate(zip(reference, current, strict=True)):
        agrees(clustered_shift(before, after), all_, at)


@pytest.mark.parametrize("rows", [4, 60, 5000])
def test_rows_are_tested_as_one_table_is(rows: float) -> None:
    """With few rows by permutation, which is the same draw."""
    reference, current = tables(3, bins=6, groups=1, rows=rows, tables=12)
    all_ = shifts(reference, current, clustered=False)
    for at, (before, after) in enumerate(zip(reference, current, strict=True)):
        agrees(shift(before[:, 0], after[:, 0]), all_, at)


def test_what_has_no_test_has_none_here() -> None:
    """No rows, one bin, rows in one group, groups that do not differ, and one that can be tested between them."""
    one_group, alike = np.zeros((3, 4), np.int64), np.full((3, 4), 5)
    one_group[:, 0] = 9
    one_bin = np.zeros((3, 4), np.int64)
    one_bin[1] = 7
    moved = np.arange(12).reshape(3, 4)
    current = np.stack([alike, np.zeros_like(alike), one_bin, one_group, alike, moved])
    reference = np.stack([alike, alike, one_bin, one_group, 2 * alike, alike])
    all_ = shifts(reference, current, clustered=True)
    assert np.isnan(all_.psi).tolist() == [False, True, False, False, False, False]
    for at in (0, 2, 3, 4, 5):
        agrees(clustered_shift(reference[at], current[at]), all_, at)
        assert all_.psi[at] == pytest.approx(psi(reference[at].sum(axis=1), current[at].sum(axis=1)))
    assert not np.isnan(found(clustered_shift(reference[4], current[4])).p_value)


def test_one_reference_stands_beside_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """In parts too, as where the tables are many."""
    reference, current = tables(5, bins=4, groups=8, rows=20)
    whole = shifts(reference[:1], current, clustered=True)
    monkeypatch.setattr(module, "CELLS", 100)
    parts = shifts(reference[:1], current, clustered=True)
    assert (np.array(whole) == np.array(parts)).all()
    for at in range(len(current)):
        agrees(clustered_shift(reference[0], current[at]), whole, at)
    with pytest.raises(ValueError, match="the same bins and groups"):
        shifts(reference[:1, :3], current, clustered=True)


def test_spreads_are_those_of_each() -> None:
    rng = np.random.default_rng(2)
    residuals = rng.normal(size=(9, 6, 12)) * rng.exponential(size=12)
    residuals[0, :, 1:] = 0  # one group only: no two have anything in common
    directions = np.full(9, 5.0)
    for transposed in (residuals, np.concatenate([residuals, residuals, residuals], axis=1)):
        all_ = spreads(transposed, directions)
        for at in range(9):
            one = spread(transposed[at], 5)
            assert (all_.total[at], all_.degrees[at], all_.groups[at]) == pytest.approx(one, rel=TOL)
    assert np.isfinite(all_.degrees).all()
