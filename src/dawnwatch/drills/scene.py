"""Where an incident takes place: a clean window of scored rows, and what an injection may draw on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.drills.data.base import DataSet, seconds_of
from dawnwatch.drills.data.scorecard import Scorecard
from dawnwatch.drills.windows import Drawer

__all__ = ["Recipe", "Scene", "put"]


@dataclass(frozen=True)
class Scene:
    """A clean window before an injection.

    Attributes
    ----------
    table : shape (rows, columns), with logged scores, in order of time where the data have one
    onset : position of the first row that may be touched
    model : the deployed one, whose scores the rows have
    known : tells which of a column's units the model learned from
    drawer : draws further units of the pool, under names the window does not hold
    rng : decides which rows are touched
    """

    data: DataSet
    table: pa.Table
    onset: int
    model: Scorecard
    known: Callable[[pa.ChunkedArray], NDArray[np.bool_]]
    drawer: Drawer
    rng: np.random.Generator

    @property
    def rows(self) -> int:
        """Rows of the window."""
        return int(self.table.num_rows)

    def column(self, name: str) -> NDArray[Any]:
        """Return a copy of a column's values."""
        return np.array(self.table[name].to_numpy(zero_copy_only=False))

    def after(self, among: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
        """Return the positions from the onset on, in random order; of those `among` alone where given."""
        chosen = np.ones(self.rows, dtype=bool) if among is None else among.copy()
        chosen[: self.onset] = False
        return self.rng.permutation(np.flatnonzero(chosen))

    def spare(self, keep: Callable[[pa.Table], NDArray[np.bool_]], rows: int) -> pa.Table:
        """Draw whole units until `rows` of their rows are worth keeping and no earlier than the onset.

        Returns
        -------
        pyarrow.Table
            Those rows, units one after the other; fewer where the pool's units run out.
        """
        time, held = self.data.time, 0
        found: list[pa.Table] = []
        while held < rows and (drawn := self.drawer.take(max(rows - held, 256))).num_rows:
            fits = keep(drawn)
            if time is not None:
                fits = fits & (seconds_of(drawn, time) >= seconds_of(self.table, time)[self.onset])
            found.append(drawn.filter(pa.array(fits)))
            held += int(fits.sum())
        return pa.concat_tables(found).slice(0, rows) if found else self.table.slice(0, 0)

    def exchanged(self, out: NDArray[np.intp], spare: pa.Table) -> pa.Table:
        """Return the window with spare rows in the place of others; in order of time again where the data have one.

        Parameters
        ----------
        out : positions of the rows that go, as many as `spare` has
        """
        places = np.arange(self.rows)
        places[out] = self.rows + np.arange(len(out))
        return self._by_time(pa.concat_tables([self.table, spare]).take(places))

    def added(self, spare: pa.Table) -> pa.Table:
        """Return the window with spare rows besides, in order of time, or at its end where the data have none."""
        return self._by_time(pa.concat_tables([self.table, spare]))

    def _by_time(self, table: pa.Table) -> pa.Table:
        if self.data.time is None:
            return table
        return table.take(np.argsort(seconds_of(table, self.data.time), kind="stable"))


@dataclass(frozen=True)
class Recipe:
    """How an injection changes a window, as far as one wants it to.

    Attributes
    ----------
    apply : returns the window with the first so many of `most` rows touched, or as far gone where `touched` says so
    most : rows that can be touched; all of the window where the kind has no strength; else the largest dose
    told : what is done, in words that go before "in so many rows"
    """

    apply: Callable[[int], pa.Table]
    most: int
    told: str
    column: str | None = None
    value: str | None = None
    touched: int | None = None
    """Rows that any dose touches, where a dose is no number of rows."""
    first: int = 0
    """Position of the first row that can be touched at all, whenever the incident begins."""


def put(table: pa.Table, name: str, rows: NDArray[np.intp], values: Any) -> pa.Table:
    """Return the table with other values in these rows of a column; None among them becomes null.

    Parameters
    ----------
    values : one for all rows, or one for each of `rows`
    """
    field = table.schema.field(name)
    cells = np.array(table[name].to_pylist(), dtype=object)
    cells[rows] = values
    return table.set_column(table.schema.get_field_index(name), field, pa.array(cells, field.type))
