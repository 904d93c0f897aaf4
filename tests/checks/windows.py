"""Real windows for the checks: small tables through the real line, from a source to results or a packet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch import Config, Monitor, TriagePacket
from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.runner import Result, judge_all, measure
from dawnwatch.model.enums import Pillar

__all__ = ["CONFIG", "config", "context", "log", "packet", "put", "recalled", "results"]

CONFIG: dict[str, Any] = {
    "roles": {"label": "label", "score": "score", "keys": ["event"], "unit": "rider", "slices": ["device"]},
    "columns": {
        "device": {"monitor": True, "allowed": ["mobile", "desktop", "tablet"]},
        "city": {"pattern": "[a-z]+"},
        "fare": {"monitor": True, "range": {"min": 0, "max": 100}},
        "stops": {"monitor": True},
    },
}


def config(**tables: Any) -> Config:
    """`CONFIG` with some of its tables' keys replaced."""
    return Config.from_dict(CONFIG | {name: CONFIG.get(name, {}) | keys for name, keys in tables.items()})


def log(n: int = 1200, seed: int = 0) -> pa.Table:
    """A prediction log with nothing wrong in it; its AUC is about 0.76."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, n)
    return pa.table(
        {
            "event": np.arange(n),
            "rider": rng.integers(0, 60, n),
            "device": rng.choice(["mobile", "desktop", "tablet"], n),
            "city": rng.choice(["rome", "oslo", "lima"], n),
            "fare": rng.uniform(1, 99, n).round(2),
            "stops": rng.integers(1, 30, n),
            "label": label,
            "score": 1 / (1 + np.exp(-(rng.normal(size=n) + label))),
        }
    )


def recalled(batch: pa.RecordBatch) -> Any:
    """A model that gives every event the score that stands in `log()`, and other events 0.5."""
    scores = log()["score"].to_numpy()
    found = np.array([event if isinstance(event, int) else -1 for event in batch["event"].to_pylist()])
    return np.where((found >= 0) & (found < len(scores)), scores[np.clip(found, 0, len(scores) - 1)], 0.5)


def put(table: pa.Table, **columns: Any) -> pa.Table:
    """Replace or append columns; None drops one."""
    for name, values in columns.items():
        if values is None:
            table = table.drop_columns([name])
            continue
        array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
        at = table.schema.get_field_index(name)
        table = table.append_column(name, array) if at < 0 else table.set_column(at, name, array)
    return table


def context(current: Any, reference: Any | None = None, settings: Config | None = None, **fit: Any) -> RunContext:
    """Profile both windows and return what the checks read."""
    settings = settings or config()
    monitor = Monitor(settings, model=fit.pop("model", None)).fit(log() if reference is None else reference, **fit)
    seen = monitor.observe(current)
    return RunContext(settings, seen.baselines.drift, seen.baselines.performance, seen.current)


def results(current: Any, reference: Any | None = None, settings: Config | None = None, **fit: Any) -> list[Result]:
    """Every result of all three pillars."""
    run = context(current, reference, settings, **fit)
    return judge_all([found for pillar in Pillar for found in measure(run, pillar)], run.config)


def packet(current: Any, reference: Any | None = None, settings: Config | None = None, **fit: Any) -> TriagePacket:
    """The whole packet."""
    monitor = Monitor(settings or config(), model=fit.pop("model", None))
    return monitor.fit(log() if reference is None else reference, **fit).check(current)
