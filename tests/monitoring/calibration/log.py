"""A log of independent rows in order of time, or of riders who sit together, and what is watched of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch import Config

SHARES = (0.4, 0.3, 0.2, 0.1)
VALUES = np.array(["a", "b", "c", "d"])


def log(rows: int, seed: int, *, per_unit: int = 1, effect: float = 1.0, shares: Any = SHARES) -> pa.Table:
    """Rows a minute apart, `per_unit` to a unit and alike in `kind`; the score says `effect` of the label."""
    rng = np.random.default_rng(seed)
    units = -(-rows // per_unit)
    kind = np.repeat(rng.choice(VALUES, units, p=shares), per_unit)[:rows]
    label = (rng.random(rows) < 0.4).astype(np.int64)
    return pa.table(
        {
            "at": pa.array(np.arange(rows) * 60_000_000, pa.timestamp("us")),
            "rider": np.repeat(np.arange(units), per_unit)[:rows] + 10_000_000 * seed,
            "kind": kind,
            "note": [None if gone else "x" for gone in rng.random(rows) < 0.02],
            "label": label,
            "score": 1 / (1 + np.exp(-effect * label - rng.normal(size=rows))),
        }
    )


def config(*, unit: bool = False, **tables: Any) -> Config:
    found: dict[str, Any] = {
        "project": {"name": "shop", "seed": 3},
        "roles": {"timestamp": "at", "label": "label", "score": "score", **({"unit": "rider"} if unit else {})},
        "columns": {"kind": {"monitor": True}},
    }
    for name, table in tables.items():
        found[name] = table if isinstance(table, list) else found.get(name, {}) | table
    return Config.from_dict(found)
