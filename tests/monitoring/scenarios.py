"""What can happen to a window, and what must come of it: one line a scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch import TriagePacket
from tests.monitoring.windows import LEANING, ROWS, SHIFTED, check, replaced, window


@dataclass(frozen=True)
class Scenario:
    """A current window under some settings, with the severity, rule, verdict and exit code 3 it must lead to."""

    current: Callable[[], pa.Table]
    severity: str
    rule: str
    verdict: str
    blind: bool = False
    """Whether something could unexpectedly not be judged."""
    settings: dict[str, Any] = field(default_factory=dict)


LATE = {"labels": {"expected": "late"}}
STRICT_AUC = {"thresholds": {"auc_drop": {"max": 0.02, "because": "weighed"}}}
RED, YELLOW, WORSE = {"device": SHIFTED}, {"device": LEANING}, {"effect": 0.2}


def without(*names: str, **how: Any) -> Callable[[], pa.Table]:
    return lambda: window(**how).drop_columns(list(names))


def with_values(name: str, values: Any, **how: Any) -> Callable[[], pa.Table]:
    return lambda: replaced(window(**how), name, values)


def healthy(**how: Any) -> Callable[[], pa.Table]:
    return lambda: window(**how)


def replayed(**how: Any) -> Callable[[], pa.Table]:
    return lambda: pa.concat_tables([window(**how), window(**how).slice(0, 7)])


def one_slice_fell() -> pa.Table:
    table = window(rows=6000, seed=3)
    scores, tablet = table["score"].to_numpy().copy(), np.array(table["device"].to_pylist()) == "tablet"
    scores[tablet] = np.random.default_rng(1).random(int(tablet.sum()))
    return replaced(table, "score", scores)


SCENARIOS: dict[str, Scenario] = {
    "identical": Scenario(healthy(seed=0), "low", "all_checks_pass", "wait"),
    "healthy": Scenario(healthy(), "low", "all_checks_pass", "wait"),
    "better": Scenario(healthy(effect=2.0), "low", "all_checks_pass", "wait"),
    "yellow": Scenario(healthy(**YELLOW), "medium", "yellow_drift", "wait"),
    "red": Scenario(healthy(**RED), "high", "red_drift", "wait"),
    "both red": Scenario(healthy(**RED, age=60.0), "high", "red_drift", "wait"),
    "worse": Scenario(healthy(**WORSE), "high", "performance_degraded", "retrain"),
    "worse and red": Scenario(healthy(**WORSE, **RED), "critical", "degraded_and_red_drift", "retrain"),
    "worse and yellow": Scenario(healthy(**WORSE, **YELLOW), "high", "performance_degraded", "retrain"),
    "one slice fell": Scenario(
        one_slice_fell,
        "high",
        "performance_degraded",
        "retrain",
        settings={"thresholds": {"auc_drop": {"max": 0.15, "because": "weighed"}}},
    ),
    "within noise": Scenario(
        healthy(rows=300, seed=11, effect=0.85), "medium", "drop_within_noise", "wait", settings=STRICT_AUC
    ),
    "noise not asked for": Scenario(
        healthy(rows=300, seed=11, effect=0.85),
        "high",
        "performance_degraded",
        "cannot_tell",
        settings=STRICT_AUC | {"significance": {"judge": "off"}},
    ),
    "too few for slices": Scenario(healthy(rows=90, seed=4), "low", "all_checks_pass", "wait"),
    "late labels": Scenario(without("label"), "low", "accuracy_not_judged", "wait", settings=LATE),
    "late labels that are there": Scenario(healthy(), "low", "accuracy_not_judged", "wait", settings=LATE),
    "late labels and yellow": Scenario(
        without("label", **YELLOW), "medium", "yellow_drift", "cannot_tell", settings=LATE
    ),
    "late labels and red": Scenario(without("label", **RED), "high", "red_drift", "cannot_tell", settings=LATE),
    "late labels and duplicates": Scenario(
        lambda: replayed()().drop_columns(["label"]), "medium", "quality_failed", "fix_pipeline", settings=LATE
    ),
    "no label": Scenario(without("label"), "medium", "quality_failed", "fix_pipeline", blind=True),
    "label null": Scenario(
        with_values("label", pa.nulls(ROWS, pa.int64())), "medium", "quality_failed", "fix_pipeline", blind=True
    ),
    "label of one value": Scenario(
        with_values("label", [1] * ROWS), "medium", "quality_failed", "fix_pipeline", blind=True
    ),
    "label of three values": Scenario(
        with_values("label", np.arange(ROWS) % 3), "medium", "quality_failed", "fix_pipeline", blind=True
    ),
    "label of another type": Scenario(
        with_values("label", ["yes"] * ROWS), "medium", "quality_failed", "fix_pipeline", blind=True
    ),
    "no score": Scenario(without("score"), "high", "pillar_blinded", "fix_pipeline", blind=True),
    "score null": Scenario(with_values("score", pa.nulls(ROWS)), "high", "pillar_blinded", "fix_pipeline", blind=True),
    "score of one value": Scenario(with_values("score", [0.5] * ROWS), "high", "performance_degraded", "fix_pipeline"),
    "score outside": Scenario(
        with_values("score", np.linspace(-1, 2, ROWS)), "medium", "quality_failed", "fix_pipeline", blind=True
    ),
    "score of another type": Scenario(
        with_values("score", ["high"] * ROWS), "high", "pillar_blinded", "fix_pipeline", blind=True
    ),
    "score infinite": Scenario(
        with_values("score", [float("inf")] * ROWS), "high", "pillar_blinded", "fix_pipeline", blind=True
    ),
    "no feature": Scenario(without("device"), "high", "pillar_blinded", "fix_pipeline", blind=True),
    "no features at all": Scenario(without("device", "age"), "high", "pillar_blinded", "fix_pipeline", blind=True),
    "feature null": Scenario(with_values("device", pa.nulls(ROWS)), "high", "red_drift", "fix_pipeline"),
    "feature NaN": Scenario(with_values("age", [float("nan")] * ROWS), "high", "red_drift", "fix_pipeline"),
    "feature of one value": Scenario(with_values("age", [40.0] * ROWS), "high", "red_drift", "fix_pipeline"),
    "feature of another type": Scenario(
        with_values("age", ["old"] * ROWS), "high", "pillar_blinded", "fix_pipeline", blind=True
    ),
    "feature a list": Scenario(
        with_values("age", [[1, 2]] * ROWS), "high", "pillar_blinded", "fix_pipeline", blind=True
    ),
    "feature a time": Scenario(
        with_values("device", [dt.datetime(2026, 1, 1)] * ROWS), "high", "pillar_blinded", "fix_pipeline", blind=True
    ),
    "unseen values": Scenario(with_values("device", ["watch"] * ROWS), "high", "red_drift", "fix_pipeline"),
    "no unit": Scenario(without("user"), "medium", "quality_failed", "fix_pipeline", blind=True),
    "no key": Scenario(without("event"), "medium", "quality_failed", "fix_pipeline", blind=True),
    "optional key gone": Scenario(
        without("event"),
        "medium",
        "check_not_judged",
        "cannot_tell",
        blind=True,
        settings={"columns": {"event": {"required": False}}},
    ),
    "replayed": Scenario(replayed(), "medium", "quality_failed", "fix_pipeline"),
    "replayed, worse and red": Scenario(replayed(**WORSE, **RED), "critical", "degraded_and_red_drift", "fix_pipeline"),
    "extra column": Scenario(
        lambda: window().append_column("new", pa.array([1] * ROWS)), "medium", "quality_failed", "fix_pipeline"
    ),
    "all strangers": Scenario(
        with_values("user", np.arange(ROWS) + 10_000, **WORSE), "high", "performance_degraded", "cannot_tell"
    ),
    "private": Scenario(
        healthy(**RED), "high", "red_drift", "wait", settings={"columns": {"device": {"private": True}}}
    ),
    "one row": Scenario(lambda: window().slice(0, 1), "medium", "too_few_units", "cannot_tell", blind=True),
    "few rows": Scenario(lambda: window(seed=2).slice(0, 70), "medium", "red_within_noise", "wait"),
    "few riders": Scenario(
        lambda: replaced(window(**RED), "user", [i % 40 for i in range(ROWS)]), "medium", "too_few_units", "wait"
    ),
    "nothing configured": Scenario(
        healthy(), "low", "accuracy_not_judged", "wait", settings={"roles": None, "model": None, "thresholds": None}
    ),
    "own severity table": Scenario(
        replayed(),
        "critical",
        "any_flaw",
        "fix_pipeline",
        settings={
            "policy": [
                {"name": "any_flaw", "severity": "critical", "any": ["quality_failed", "yellow_drift"]},
                {"name": "rest", "severity": "low"},
            ]
        },
    ),
}


@cache
def packet_of(name: str) -> TriagePacket:
    """The packet of a scenario, made once."""
    scenario = SCENARIOS[name]
    return check(scenario.current(), **scenario.settings)
