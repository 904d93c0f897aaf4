"""Splitting a data set: what the model learns from, what it is measured on, and what windows are drawn from.

Units are dealt out at random, so that the baseline and the windows share none and yet are alike. Most units have a
history that the model learned from (of riders, planes or students: their earlier rows), in the same share on either
side, as in production; the others are new to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dawnwatch.drills.data.base import DEPLOYED, SCORE, VERSION, DataSet
from dawnwatch.drills.data.rates import Rate, out_of_fold
from dawnwatch.drills.data.scorecard import Scorecard
from dawnwatch.drills.volume import expected
from dawnwatch.drills.windows import COPIES, Pool, alias, in_order
from dawnwatch.monitoring import Monitor
from dawnwatch.monitoring.baselines import Progress
from dawnwatch.sources import open_source

__all__ = ["CAP", "KNOWN", "PAST", "Split", "by_time", "by_unit"]

CAP = 24
"""Rows of a unit that the baseline or a pool holds at most: 5,000 rows then are of over 200 units."""
KNOWN = 0.7
"""Share of the units with a history in the training rows."""
PAST = 0.6
"""Share of the rows, by time, that lies before time-ordered windows."""
TRAINING_ROWS = 30_000


@dataclass(frozen=True)
class Split:
    """One way to divide a data set, and the model trained on it.

    Attributes
    ----------
    baseline : scored rows the model did not learn from; drift and performance baseline alike
    training : a row for every unit the model learned from, under every name it may bear in a window
    pool : scored rows that windows are drawn from
    """

    data: DataSet
    model: Scorecard
    baseline: pa.Table
    training: pa.Table
    pool: Pool

    def known(self, units: pa.ChunkedArray) -> NDArray[np.bool_]:
        """Return which of these names are of units that the model learned from."""
        return np.asarray(pc.is_in(units, value_set=self.training[self.data.unit]).to_numpy())

    def scored(self, table: pa.Table) -> pa.Table:
        """Return the rows with what the model gives for their features as the logged score."""
        return with_scores(table, self.model)

    def monitor(self, progress: Progress | None = None, *, rows: int | None = None) -> Monitor:
        """Return a monitor that has learned this split's baseline.

        Parameters
        ----------
        rows : of the usual window; None where windows are cut at a number of rows, of which nothing is to be expected
        """
        data = self.data
        feed = {} if rows is None else expected(Pool(self.baseline, data.unit, data.time), rows)
        monitor = Monitor(data.expecting(feed), model=_Served(self.model), progress=progress)
        baseline = open_source(self.baseline, name=f"{data.name} baseline")
        training = open_source(self.training, name=f"{data.name} training rows")
        return monitor.fit(baseline, holdout=baseline, training=training)


class _Served:
    """The model as it is served: a batch in, its scores out."""

    __name__ = f"scorecard {DEPLOYED} (a logistic regression)"
    """What packets call it."""

    def __init__(self, model: Scorecard) -> None:
        self._model = model

    def __call__(self, batch: pa.RecordBatch) -> NDArray[np.float64]:
        return self._model.score(pa.Table.from_batches([batch]))


def by_unit(data: DataSet, seed: int) -> Split:
    """Deal half of the units to the baseline and half to the pool."""
    rng = np.random.default_rng([seed, 0])
    units, at = np.unique(data.units, return_inverse=True)
    dealt = rng.permutation(len(units))
    known = np.isin(at, dealt[: round(KNOWN * len(units))])
    measured = np.isin(at, rng.permutation(len(units))[: len(units) // 2])
    place, size = _places(at, data.seconds, rng)
    earlier = place < size // 2
    later = ~earlier & (place < size // 2 + CAP)
    return _built(data, rng, known & earlier, later & measured, later & ~measured, copies=COPIES)


def by_time(data: DataSet, seed: int) -> Split:
    """Take the older rows for training and baseline, and the newer ones, in order of time, as the pool.

    Raises
    ------
    ValueError
        Where the data have no time.
    """
    if data.seconds is None:
        raise ValueError(f"{data.name} has no time to order its rows by")
    rng = np.random.default_rng([seed, 1])
    units, at = np.unique(data.units, return_inverse=True)
    past = data.seconds < np.sort(data.seconds)[round(PAST * len(at))]
    measured = np.isin(at, rng.permutation(len(units))[: len(units) // 2])
    known = np.isin(at, rng.permutation(len(units))[: round(KNOWN * len(units))])
    place, size = _places(np.where(past, at, len(units)), data.seconds, rng)
    earlier = place < size // 2
    training = past & (~measured | (known & earlier))
    baseline = past & measured & ~earlier & (place < size // 2 + CAP)
    return _built(data, rng, training, baseline, ~past, copies=1)


def _places(
    unit: NDArray[np.intp], seconds: NDArray[np.int64] | None, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return each row's place among those of its unit, by time or else at random, and how many the unit has."""
    order = np.lexsort((rng.permutation(len(unit)) if seconds is None else seconds, unit))
    size = np.bincount(unit)
    starts = np.cumsum(size) - size
    place = np.empty(len(unit), dtype=np.intp)
    place[order] = np.arange(len(unit)) - starts[unit[order]]
    return place, size[unit]


def _built(
    data: DataSet,
    rng: np.random.Generator,
    training: NDArray[np.bool_],
    baseline: NDArray[np.bool_],
    pool: NDArray[np.bool_],
    *,
    copies: int,
) -> Split:
    learned = np.flatnonzero(training)
    if len(learned) > TRAINING_ROWS:
        learned = np.sort(rng.choice(learned, TRAINING_ROWS, replace=False))
    rows = data.log.take(learned)
    label = rows[data.label].to_numpy()
    others = [in_order(data.log.filter(pa.array(chosen)), data.time, rng) for chosen in (baseline, pool)]
    for name, key in data.rates.items():
        keys = _texts(rows, key)
        rate = Rate.learn(keys, label)
        rows = _added(rows, name, out_of_fold(keys, label, rng))
        others = [_added(table, name, rate.of(_texts(table, key))) for table in others]
    model = Scorecard.learn(rows, features=data.features, categorical=data.categorical, label=data.label)
    measured, drawn_from, rows = (_served(table, model) for table in (*others, rows))
    known = _aliased(rows, data.unit, copies)
    return Split(data, model, measured, known, Pool(drawn_from, data.unit, data.time))


def _served(table: pa.Table, model: Scorecard) -> pa.Table:
    """Return the rows as the deployed model leaves them in the log: scored, and with its version."""
    scored = with_scores(table, model)
    return scored.append_column(VERSION, pa.array([DEPLOYED] * table.num_rows, pa.string()))


def with_scores(table: pa.Table, model: Scorecard) -> pa.Table:
    """Return the rows with the model's scores in the score column, which is put last where it is new."""
    scores = pa.array(model.score(table))
    if SCORE in table.column_names:
        return table.set_column(table.schema.get_field_index(SCORE), SCORE, scores)
    return table.append_column(SCORE, scores)


def _aliased(rows: pa.Table, unit: str, copies: int) -> pa.Table:
    """Return one row for each name a unit may bear: whoever was known is known under a second name, too."""
    units, first = np.unique(_texts(rows, unit), return_index=True)
    names = [alias(name, copy) for copy in range(copies) for name in units.tolist()]
    table = rows.take(np.tile(first, copies))
    at = table.schema.get_field_index(unit)
    return table.set_column(at, table.schema.field(at), pa.array(names, pa.string()))


def _texts(table: pa.Table, name: str) -> NDArray[np.str_]:
    texts: NDArray[np.str_] = table[name].to_numpy(zero_copy_only=False).astype(np.str_)
    return texts


def _added(table: pa.Table, name: str, values: NDArray[np.float64]) -> pa.Table:
    return table.append_column(name, pa.array(values))
