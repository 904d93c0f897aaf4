"""Whether new units keep coming: of populations that are open, closed and used up."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.stats.newcomers import keep_coming


@pytest.mark.parametrize(("population", "coming"), [(100, False), (800, False), (3000, False), (10**9, True)], ids=str)
def test_a_closed_population_runs_out(population: int, coming: bool) -> None:
    rng = np.random.default_rng(0)
    units = rng.integers(0, population, 3000).astype(np.uint64)
    order = rng.permutation(3000)
    seconds = np.arange(3000.0)
    assert keep_coming(units[order], seconds[order], 0.0, 2999.0) is coming


def test_few_units_tell_nothing() -> None:
    rows = np.arange(49)
    assert not keep_coming(rows.astype(np.uint64), rows.astype(float), 0.0, 48.0)
    assert keep_coming(np.arange(60, dtype=np.uint64), np.arange(60.0), 0.0, 59.0)
