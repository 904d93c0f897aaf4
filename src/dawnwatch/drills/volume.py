"""How many rows a window brings, and what whoever configured the monitor expects of it.

A window is cut where so many rows are reached, and a feed whose windows all held as many rows would never raise a false
alarm. So a drill's window holds what so many units bring: as many come as ever, some with more rows than others. The
expectation is what one would write down after a few earlier windows, not knowing the law they came by.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.drills.windows import Pool
from dawnwatch.model.numbers import count

__all__ = ["EARLIER", "expected", "rows_of_window"]

EARLIER = 20
"""Earlier windows that the expectation is read off."""
SIGMAS = 3
"""Standard deviations of their rows below their mean, down to which a window is no news."""


def rows_of_window(pool: Pool, rows: int, seed: int) -> int:
    """Return the rows of one window of as many units as bring `rows` on average."""
    return int(_drawn(pool, _units(pool, rows), np.random.default_rng([seed, 6])).sum())


def expected(earlier: Pool, rows: int) -> dict[str, Any]:
    """Return the table `[feed]` after `EARLIER` windows of as many units as bring `rows` on average.

    Parameters
    ----------
    earlier : rows of units that the windows to come do not hold, dealt out alike
    """
    units = _units(earlier, rows)
    found = [int(_drawn(earlier, units, np.random.default_rng([draw, 7])).sum()) for draw in range(EARLIER)]
    least = max(int(np.mean(found) - SIGMAS * np.std(found, ddof=1)), 1)
    because = (
        f"{EARLIER} earlier windows held {count(min(found))} to {count(max(found))} rows; fewer than "
        f"{SIGMAS} standard deviations below their mean is no chance."
    )
    return {"min_rows": least, "because": because}


def _units(pool: Pool, rows: int) -> int:
    return max(round(rows * len(pool.names) / int(pool.table.num_rows)), 1)


def _drawn(pool: Pool, units: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return the rows of each of so many units, drawn with replacement."""
    sizes = np.array([len(rows) for rows in pool.rows_of], dtype=np.intp)
    return rng.choice(sizes, units)
