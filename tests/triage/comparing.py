"""Runs to compare: one window judged under several settings, read once each."""

from __future__ import annotations

from functools import cache
from typing import Any

from dawnwatch import Config, Monitor, TriagePacket
from dawnwatch.model.comparison import Step
from dawnwatch.monitoring.observation import Observation
from dawnwatch.triage.compare import compare
from tests.monitoring.windows import LEANING, SHIFTED, config, reference, replaced, window

WINDOWS: dict[str, dict[str, Any]] = {
    "healthy": {},
    "shifted": {"device": SHIFTED},
    "leaning": {"device": LEANING},
    "worse": {"effect": 0.4, "seed": 2},
    "few": {"effect": 0.75, "rows": 400, "seed": 3},
    "both": {"device": SHIFTED, "effect": 0.4, "seed": 4},
    "shifted_again": {"device": SHIFTED, "seed": 6},
}


@cache
def monitor() -> Monitor:
    return Monitor(settings()).fit(reference())


def settings(**tables: Any) -> Config:
    """The usual configuration; its columns are named so that one may have thresholds of its own."""
    return config(**{"columns": {"device": {}, "age": {}}} | tables)


@cache
def observed(name: str) -> Observation:
    if name == "gaps":  # 8% of one column is missing
        table = window(seed=5)
        return monitor().observe(
            replaced(table, "age", [None if i % 12 == 0 else v for i, v in enumerate(ages(table))])
        )
    return monitor().observe(window(**WINDOWS[name]))


def ages(table: Any) -> list[float]:
    return list(table["age"].to_pylist())


def judged(name: str, **tables: Any) -> TriagePacket:
    """The packet of a window under other settings; nothing is read again."""
    return monitor().judge(observed(name), config=settings(**tables), label=name)


def step(before: TriagePacket, after: TriagePacket) -> Step:
    """What the comparison says of two runs."""
    (only,) = compare([before, after]).steps
    return only


def psi(red: float, **more: float) -> dict[str, Any]:
    return {"psi": {"red": red, "because": "tested", **more}}


def auc(most: float) -> dict[str, Any]:
    return {"auc_drop": {"max": most, "because": "tested"}}
