"""The windows: real rows, cut by unit or by time, with a known kind of shift between them and the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.inject import inject
from dawnwatch.drills.registry import find_kind
from dawnwatch.drills.split import Split, by_time, by_unit
from dawnwatch.drills.windows import window_of_time, window_of_units
from dawnwatch.errors import UsageError

__all__ = ["KINDS", "ROWS", "SEEDS", "THRESHOLDS", "Case", "cases", "split_of", "window_of"]

ROWS = 5000
SEEDS = range(10, 20)
TIMES = 2
"""Windows in order of time of each split."""
THRESHOLDS = {"movielens": 0.5, "flights": 0.3, "lectures": 0.5}
"""From which score on the answer is yes; late flights are a quarter of all."""
TILT = 1.2
"""By how much the log odds that a row is drawn rise with a standard deviation of the tilted feature."""
KINDS = {
    "units": "none",
    "time": "time order, whatever moved",
    "tilted": "covariate",
    "mobile_surge": "covariate",
    "night_concentration": "covariate",
    "cold_start": "new units",
    "prior_shift": "prior",
    "concept_flip": "concept (in a slice)",
    "turned": "concept (in all rows)",
}
"""How a window comes about, and the kind of shift it counts as."""


@dataclass(frozen=True)
class Case:
    """One window."""

    data: str
    work: str
    seed: int
    window: int

    @property
    def key(self) -> dict[str, Any]:
        """What its record is known by."""
        return {"scale": "full", "work": self.work, "group": self.data, "rows": ROWS, "round": self.window}


def cases(data: DataSet, seeds: range) -> Iterator[Case]:
    """Every kind that the data can show, seed by seed."""
    for seed in seeds:
        for work in KINDS:
            if work == "time":
                for window in range(TIMES) if data.time else ():
                    yield Case(data.name, work, seed, seed * TIMES + window)
            elif work in {"units", "tilted", "turned"} or find_kind(work).applies(data):
                yield Case(data.name, work, seed, seed)


@lru_cache(maxsize=2)
def split_of(data: DataSet, seed: int, *, timed: bool) -> Split:
    """Return the split of a seed; the last ones are kept."""
    return by_time(data, seed) if timed else by_unit(data, seed)


def window_of(split: Split, case: Case) -> pa.Table:
    """Return a case's rows, scored. Raises UsageError where the data cannot show it."""
    if case.work == "time":
        return window_of_time(split.pool, ROWS, case.window)
    if case.work == "units":
        return window_of_units(split.pool, ROWS, case.seed)[0]
    if case.work == "turned":
        return _turned(window_of_units(split.pool, ROWS, case.seed)[0], split.data.label)
    if case.work == "tilted":
        return _tilted(split, case.seed)
    try:
        return inject(split, find_kind(case.work), "strong", seed=case.seed, rows=ROWS).table
    except UsageError:
        return inject(split, find_kind(case.work), "middle", seed=case.seed, rows=ROWS).table


def _turned(table: pa.Table, label: str) -> pa.Table:
    """Return rows whose labels are the other way round: nothing but the concept changed."""
    at = table.schema.get_field_index(label)
    turned = pa.array(1 - table[label].to_numpy(), table.schema.field(at).type)
    return table.set_column(at, table.schema.field(at), turned)


def _tilted(split: Split, seed: int) -> pa.Table:
    """Return rows drawn the more often the larger a feature is: the labels of rows alike stay as they are."""
    wide = window_of_units(split.pool, 6 * ROWS, seed)[0]
    values = wide[split.data.number].to_numpy().astype(np.float64)
    rng = np.random.default_rng([seed, 7])
    standard = (values - values.mean()) / max(float(values.std()), 1e-12)
    chance = np.exp(TILT * np.clip(standard, -3, 3))
    kept = rng.choice(len(values), min(ROWS, len(values) // 2), replace=False, p=chance / chance.sum())
    return wide.take(np.sort(kept))
