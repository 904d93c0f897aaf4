"""A week of rides whose labels are still to come: of some slices rather than others, or of positives first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch import Monitor

__all__ = ["AS_OF", "DAY", "auc_of", "config", "fitted", "told_when", "week"]

DAY = 86_400
FIRST = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
AS_OF = datetime.fromtimestamp(FIRST + 7 * DAY, UTC)
"""The end of the current week."""
PARTS = np.array(["ios", "android", "web"], dtype=object)
SKILL, RATE = np.array([2.0, 0.4, 1.2]), np.array([0.3, 0.5, 0.2])


def week(
    seed: int, *, start: int = 0, rows: int = 6000, delay: tuple[float, float] = (0.0, 0.0), keep: Any = None
) -> pa.Table:
    """Return a week of rides as it is logged seven days after it began.

    Parameters
    ----------
    start : days after the first Monday
    delay : mean days until a label of 0, and of 1, comes
    keep : chance of a label to come at all, by part
    """
    rng = np.random.default_rng(seed)
    part = rng.integers(0, 3, rows)
    label = (rng.random(rows) < RATE[part]).astype(float)
    score = 1 / (1 + np.exp(-(rng.normal(0, 1, rows) + SKILL[part] * (label - 0.5))))
    time = FIRST + (start + np.sort(rng.random(rows)) * 7) * DAY
    arrives = time + rng.exponential(1.0, rows) * np.array(delay)[label.astype(int)] * DAY
    came = arrives <= FIRST + (start + 7) * DAY
    if start < 0:
        came = np.ones(rows, dtype=bool)  # looked at long after
    if keep is not None:
        came &= rng.random(rows) < np.asarray(keep)[part]
    return pa.table(
        {
            "rider": pa.array([f"r{at}" for at in rng.integers(0, 300, rows)]),
            "part": pa.array(PARTS[part]),
            "at": pa.array(time.astype(np.int64)),
            "score": score,
            "label": pa.array(np.where(came, label, np.nan), from_pandas=True),
            "label_at": pa.array(np.where(came, arrives, np.nan), from_pandas=True),
            "truth": label,
        }
    )


def auc_of(table: pa.Table, kept: NDArray[np.bool_] | None = None) -> float:
    """Return the AUC of these rows by the labels they will have."""
    score, truth = table["score"].to_numpy(), table["truth"].to_numpy()
    kept = np.ones(truth.size, bool) if kept is None else kept
    order = np.argsort(score[kept])
    ranks = np.empty(order.size)
    ranks[order] = np.arange(1, order.size + 1)
    positive = truth[kept] == 1
    m, n = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - m * (m + 1) / 2) / (m * n))


def config(**labels: Any) -> dict[str, Any]:
    """Return a configuration; `label_time=None` leaves the arrival times out."""
    times = {} if labels.pop("label_time", True) is None else {"label_time": "label_at"}
    roles = {"label": "label", "score": "score", "unit": "rider", "timestamp": "at", "slices": ["part"], **times}
    columns = {name: {"monitor": False, "because": "kept for the test"} for name in ("truth",)}
    return {"roles": roles, "labels": labels, "columns": columns, "model": {"features": ["part"]}}


def told_when(table: pa.Table, labels: dict[str, Any]) -> pa.Table:
    """Return the rows as they are logged where nobody notes when a label came."""
    return table.drop_columns(["label_at"]) if "label_time" in labels else table


def fitted(delay: tuple[float, float] = (0.0, 0.0), **labels: Any) -> Monitor:
    """Return a monitor that learned the week before, all of whose labels came."""
    return Monitor(config(**labels)).fit(told_when(week(1, start=-7, delay=delay), labels))
