"""Small generated windows and their configuration, for every test that needs a packet."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch import Config, Monitor, TriagePacket

ROWS = 3000
SHIFTED = (0.75, 0.15, 0.10)
"""Shares of devices that put `device` into the RED band."""
LEANING = (0.53, 0.25, 0.22)
"""Shares of devices that put `device` into the YELLOW band."""

TABLES: dict[str, Any] = {
    "project": {"name": "Demo", "owner": "on-call", "notify": ["#demo"]},
    "roles": {
        "label": "label",
        "score": "score",
        "score_kind": "probability",
        "keys": ["event"],
        "slices": ["device"],
        "unit": "user",
    },
    "model": {"features": ["device", "age"]},
    "thresholds": {name: {"because": "weighed"} for name in ("psi", "missing", "auc_drop", "range", "duplicates")},
}


@cache
def window(
    *,
    rows: int = ROWS,
    seed: int = 1,
    device: tuple[float, float, float] = (0.34, 0.33, 0.33),
    effect: float = 1.0,
    age: float = 40.0,
) -> pa.Table:
    """A prediction log; `effect` is by how many standard deviations the scores of the two classes lie apart."""
    rng = np.random.default_rng(seed)
    devices = rng.choice(["mobile", "desktop", "tablet"], rows, p=device)
    label = (rng.random(rows) < 0.4).astype(np.int64)
    score = 1 / (1 + np.exp(-rng.normal(size=rows) - effect * (label - 0.4)))
    return pa.table(
        {
            "event": np.arange(rows),
            "user": rng.integers(0, 300, rows),
            "device": devices,
            "age": np.round(rng.normal(age, 10, rows), 3),
            "score": score,
            "label": label,
        }
    )


def reference() -> pa.Table:
    return window(seed=0)


def config(**tables: Any) -> Config:
    """The usual configuration with some settings replaced; None leaves a whole table out."""
    merged = copy.deepcopy(TABLES)
    for name, value in tables.items():
        merged[name] = merged.get(name, {}) | value if isinstance(value, dict) else value
    return Config.from_dict({name: value for name, value in merged.items() if value is not None})


def replaced(table: pa.Table, name: str, values: Any) -> pa.Table:
    """The table with one column's values replaced, of whatever type."""
    array = values if isinstance(values, pa.Array) else pa.array(values)
    return table.set_column(table.schema.names.index(name), name, array)


def check(current: pa.Table, **tables: Any) -> TriagePacket:
    """The packet of a current window against the usual reference."""
    return Monitor(config(**tables)).fit(reference()).check(current)
