"""A log whose world turns at a moment, and a deployed model that learned before it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch import Config

START = 1_700_000_000
DAY = 86_400
FEATURES = ["x", "z"]

TABLES: dict[str, Any] = {
    "project": {"name": "Shop", "seed": 3},
    "roles": {
        "label": "label",
        "score": "score",
        "score_kind": "probability",
        "timestamp": "at",
        "unit": "user",
        "slices": ["device"],
    },
    "model": {"features": FEATURES},
}


def config(**tables: dict[str, Any]) -> Config:
    """The configuration, with some settings in the place of its own."""
    merged = {name: {**TABLES.get(name, {}), **tables.get(name, {})} for name in {**TABLES, **tables}}
    return Config.from_dict(
        {name: {key: value for key, value in table.items() if value is not None} for name, table in merged.items()}
    )


def log(
    *, rows: int = 6000, seed: int = 0, turned: float = 0.0, lifted: float = 0.0, start: int = START, users: int = 300
) -> pa.Table:
    """A log over 100 days, shuffled. The deployed model takes x alone for what drives the label.

    Parameters
    ----------
    turned : how much of the label z drives instead of x, from 0 to 1
    lifted : added to the log odds of the label, which the model does not know of
    """
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, rows))
    logit = 1.5 * ((1 - turned) * x + turned * z) + lifted
    label = (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    return pa.table(
        {
            "event": np.arange(rows),
            "user": rng.integers(0, users, rows),
            "device": rng.choice(["mobile", "desktop"], rows),
            "x": x,
            "z": z,
            "at": start + np.sort(rng.integers(0, 100 * DAY, rows)),
            "label": label,
            "score": 1 / (1 + np.exp(-1.5 * x)),
        }
    ).take(rng.permutation(rows))


def logistic(learn: pa.Table, held: pa.Table) -> Any:
    """Train a logistic regression on x and z."""
    from sklearn.linear_model import LogisticRegression

    def matrix(table: pa.Table) -> Any:
        return np.column_stack([table[name].to_numpy() for name in FEATURES])

    model = LogisticRegression().fit(matrix(learn), learn["label"].to_numpy())
    return model.predict_proba(matrix(held))[:, 1]
