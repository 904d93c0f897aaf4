"""Days of a log with a time and riders, and a folder in which each day was checked."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch import Monitor, TriagePacket

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
TABLES: dict[str, Any] = {
    "project": {"name": "Days"},
    "roles": {"label": "label", "score": "score", "unit": "rider", "timestamp": "at", "keys": ["ride"]},
    "model": {"features": ["device", "hour"]},
    "thresholds": {name: {"because": "weighed"} for name in ("psi", "missing", "auc_drop", "range", "duplicates")},
}


def rides(
    begin: datetime,
    *,
    rows: int = 1500,
    last: timedelta = timedelta(days=1),
    mobile: float = 0.4,
    night: float = 0.3,
    effect: float = 1.5,
    missing: float = 0.0,
    seed: int = 0,
    labels: float = 1.0,
) -> pa.Table:
    """Rides of one window in order of time.

    Parameters
    ----------
    mobile, night : shares of `device` and `hour`
    effect : by how many standard deviations the scores of the two labels lie apart
    missing : share of rides whose device is null
    labels : share of rides whose label is known
    """
    rng = np.random.default_rng([seed, int(begin.timestamp())])
    label = (rng.random(rows) < 0.4).astype(np.int64)
    score = 1 / (1 + np.exp(-rng.normal(size=rows) - effect * (label - 0.4)))
    device = np.where(rng.random(rows) < mobile, "mobile", np.where(rng.random(rows) < 0.5, "desktop", "tablet"))
    hour = np.where(rng.random(rows) < night, "night", "day")
    return pa.table(
        {
            "ride": int(begin.timestamp()) + np.arange(rows),
            "rider": rng.integers(0, 700, rows),
            "at": int(begin.timestamp()) + np.linspace(0, last.total_seconds() - 1, rows).astype(np.int64),
            "device": pa.array(device, mask=rng.random(rows) < missing),
            "hour": hour,
            "score": score,
            "label": pa.array(label, mask=rng.random(rows) >= labels),
            "fare": 1 + 50 * score,
        }
    )


def monitor(**tables: Any) -> Monitor:
    """A monitor whose reference is the month before `START`."""
    settings = copy.deepcopy(TABLES)
    for name, more in tables.items():
        settings[name] = {**settings.get(name, {}), **more}
    reference = rides(START - timedelta(days=30), rows=6000, last=timedelta(days=29), seed=99)
    return Monitor(settings).fit(reference)


def checked(watch: Monitor, window: pa.Table, folder: Path, **more: Any) -> TriagePacket:
    """Check a window beside its history and keep it there."""
    seen = watch.observe(window, history=folder)
    packet = watch.judge(seen, **more)
    watch.keep(packet, seen, folder)
    return packet
