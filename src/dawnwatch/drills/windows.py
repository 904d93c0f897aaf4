"""Windows of whole units, drawn from a pool with replacement."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.drills.data.base import seconds_of

__all__ = ["COPIES", "Drawer", "Pool", "alias", "in_order", "window_of_time", "window_of_units"]

COPIES = 32
"""How often a window may hold one unit; a further draw of it is made again."""


def alias(unit: str, copy: int) -> str:
    """Return the name a unit bears when drawn for the `copy`-th time, so that keys stay unique.

    Examples
    --------
    >>> alias("N14228", 0), alias("N14228", 1)
    ('N14228', 'N14228~2')
    """
    return unit if copy == 0 else f"{unit}~{copy + 1}"


@dataclass(frozen=True)
class Pool:
    """Rows that windows are drawn from.

    Attributes
    ----------
    unit, time : columns of the independent things and of the time; no time where the data have none
    """

    table: pa.Table
    unit: str
    time: str | None

    @cached_property
    def names(self) -> NDArray[np.str_]:
        """The units, sorted."""
        return np.unique(self._units)

    @cached_property
    def rows_of(self) -> list[NDArray[np.intp]]:
        """Row positions of each of `names`, in the order of the table."""
        order = np.argsort(self._units, kind="stable")
        starts = np.searchsorted(self._units[order], self.names)
        return np.split(order, starts[1:])

    @cached_property
    def _units(self) -> NDArray[np.str_]:
        return np.asarray(self.table[self.unit].to_numpy(zero_copy_only=False), dtype=np.str_)


class Drawer:
    """Draws whole units of a pool with replacement; one drawn again bears another name."""

    def __init__(self, pool: Pool, rng: np.random.Generator) -> None:
        self._pool, self._rng = pool, rng
        self._drawn: Counter[int] = Counter()

    def take(self, rows: int) -> pa.Table:
        """Return this many rows of drawn units, the last unit cut to fit; fewer once every name is used up."""
        positions: list[NDArray[np.intp]] = [np.empty(0, dtype=np.intp)]
        names: list[str] = []
        held = 0
        while held < rows and (unit := self._next()) is not None:
            where = self._pool.rows_of[unit][: rows - held]
            positions.append(where)
            names += [alias(str(self._pool.names[unit]), self._drawn[unit] - 1)] * len(where)
            held += len(where)
        table = self._pool.table.take(np.concatenate(positions))
        at = table.schema.get_field_index(self._pool.unit)
        return table.set_column(at, table.schema.field(at), pa.array(names, pa.string()))

    def _next(self) -> int | None:
        """Draw a unit that has a name left."""
        if sum(self._drawn.values()) >= COPIES * len(self._pool.names):
            return None
        while True:
            unit = int(self._rng.integers(len(self._pool.names)))
            if self._drawn[unit] < COPIES:
                self._drawn[unit] += 1
                return unit


def in_order(table: pa.Table, time: str | None, rng: np.random.Generator) -> pa.Table:
    """Return the rows as a log has them: by time, or mixed where there is none."""
    if time is None:
        return table.take(rng.permutation(table.num_rows))
    return table.take(np.argsort(seconds_of(table, time), kind="stable"))


def window_of_units(pool: Pool, rows: int, seed: int) -> tuple[pa.Table, Drawer]:
    """Return a window of whole units, drawn with replacement, and what can draw more of them."""
    rng = np.random.default_rng([seed, 2])
    drawer = Drawer(pool, rng)
    return in_order(drawer.take(rows), pool.time, rng), drawer


def window_of_time(pool: Pool, rows: int, seed: int) -> pa.Table:
    """Return so many rows of a pool in order of time that follow upon each other, from a random one on."""
    first = np.random.default_rng([seed, 2]).integers(pool.table.num_rows - rows + 1)
    return pool.table.slice(int(first), rows)
