"""The windows: real rows, cut by unit or by time, with a known kind of shift between them and the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.inject import inject
from dawnwatch.drills.registry import find_kind
from dawnwatch.drills.split import Split, by_time, by_unit
from dawnwatch.drills.windows import window_of_time
from dawnwatch.errors import UsageError

__all__ = ["KINDS", "ROWS", "SEEDS", "THRESHOLDS", "Case", "cases", "split_of", "window_of"]

ROWS = 5000
SEEDS = range(10, 18)
TIMES = 2
"""Windows in order of time of each split."""
Division = Literal["units", "time", "blind"]
"""By unit; by time; by unit, with a model that lacks a feature."""
THRESHOLDS = {"movielens": 0.5, "flights": 0.3, "lectures": 0.5}
"""From which score on the answer is yes; late flights are a quarter of all."""
STRANGE = 0.7
"""Share of the rows whose category is one that was never seen."""
TILT = 1.2
"""By how much the log odds that a row is drawn rise with a standard deviation of the tilted feature."""
KINDS = {
    "units": "none",
    "time": "time order, whatever moved",
    "tilted": "covariate",
    "blind": "covariate, of a feature the model lacks",
    "mobile_surge": "covariate",
    "night_concentration": "covariate",
    "cold_start": "new units",
    "strange": "values the baseline never held",
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
    def split(self) -> Division:
        """How the data are divided for it."""
        return "time" if self.work == "time" else "blind" if self.work == "blind" else "units"

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
            elif work in {"units", "tilted", "blind", "strange", "turned"} or find_kind(work).applies(data):
                yield Case(data.name, work, seed, seed)


@lru_cache(maxsize=2)
def split_of(data: DataSet, seed: int, division: Division) -> Split:
    """Return the split of a seed; the last ones are kept."""
    if division == "time":
        return by_time(data, seed)
    return by_unit(_blind(data) if division == "blind" else data, seed)


def _blind(data: DataSet) -> DataSet:
    """Return the data with a model that does not read one of its best features, which is logged and watched."""
    columns = dict(data.settings["columns"])
    columns[data.served] = {**columns[data.served], "monitor": True}
    features = tuple(name for name in data.features if name != data.served)
    return replace(data, features=features, settings={**data.settings, "columns": columns})


def window_of(split: Split, case: Case) -> pa.Table:
    """Return a case's rows, scored. Raises UsageError where the data cannot show it."""
    if case.work == "time":
        return window_of_time(split.pool, ROWS, case.window)
    if case.work in {"units", "turned"}:
        window = _units(split, ROWS, case.seed)
        return window if case.work == "units" else _turned(window, split.data.label)
    if case.work == "strange":
        return _strange(split, _units(split, ROWS, case.seed), case.seed)
    if case.work in {"tilted", "blind"}:
        return _tilted(split, split.data.number if case.work == "tilted" else split.data.served, case.seed)
    try:
        return inject(split, find_kind(case.work), "strong", seed=case.seed, rows=ROWS).table
    except UsageError:
        return inject(split, find_kind(case.work), "middle", seed=case.seed, rows=ROWS).table


def _turned(table: pa.Table, label: str) -> pa.Table:
    """Return rows whose labels are the other way round: nothing but the concept changed."""
    at = table.schema.get_field_index(label)
    turned = pa.array(1 - table[label].to_numpy(), table.schema.field(at).type)
    return table.set_column(at, table.schema.field(at), turned)


def _strange(split: Split, table: pa.Table, seed: int) -> pa.Table:
    """Return rows of which most have a category that nobody has seen, scored by the model as it would score them."""
    at = table.schema.get_field_index(split.data.category)
    new = np.random.default_rng([seed, 8]).random(table.num_rows) < STRANGE
    values = pc.if_else(pa.array(new), "never seen", table[split.data.category])
    return split.scored(table.set_column(at, table.schema.field(at), values))


def _units(split: Split, rows: int, seed: int) -> pa.Table:
    """Return whole units drawn without replacement, until they have so many rows: none stands twice."""
    pool = split.pool
    order = np.random.default_rng([seed, 6]).permutation(len(pool.names))
    held = np.cumsum([len(pool.rows_of[unit]) for unit in order])
    kept = np.concatenate([pool.rows_of[unit] for unit in order[: int(np.searchsorted(held, rows)) + 1]])
    return pool.table.take(np.sort(kept))


def _tilted(split: Split, feature: str, seed: int) -> pa.Table:
    """Return rows drawn the more often the larger a feature is: the labels of rows alike stay as they are."""
    wide = _units(split, 3 * ROWS, seed)
    values = wide[feature].to_numpy().astype(np.float64)
    rng = np.random.default_rng([seed, 7])
    standard = (values - values.mean()) / max(float(values.std()), 1e-12)
    chance = np.exp(TILT * np.clip(standard, -3, 3))
    kept = rng.choice(len(values), min(ROWS, len(values) // 2), replace=False, p=chance / chance.sum())
    return wide.take(np.sort(kept))
