"""A feature that comes a fixed number of rows late is told from a changed concept, and mended before retraining."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import TriagePacket
from tests.checks.windows import config, packet, put

N, UNITS, LAG = 4000, 300, 200
SETTINGS = config(roles={"timestamp": "at", "unit": "rider"}, model={"features": ["fare", "stops", "device"]})


def log(seed: int) -> pa.Table:
    """Rows a minute apart, whose label follows `fare`."""
    rng = np.random.default_rng(seed)
    fare = np.round(rng.uniform(1, 99, N), 1)
    return pa.table(
        {
            "event": np.arange(N),
            "rider": rng.integers(0, UNITS, N),
            "at": pa.array(np.arange(N) * 60_000_000, pa.timestamp("us", "UTC")),
            "device": rng.choice(["mobile", "desktop", "tablet"], N),
            "city": rng.choice(["rome", "oslo"], N),
            "fare": fare,
            "stops": rng.integers(1, 30, N),
            "label": (rng.random(N) < fare / 100).astype(int),
            "score": fare / 100,
        }
    )


def late(share: float, *names: str) -> pa.Table:
    """A log in whose later part these features hold the values of the row so many rows before; the scores follow."""
    table, rng = log(1), np.random.default_rng(2)
    rows = np.flatnonzero((np.arange(N) > N // 4) & (rng.random(N) < share))
    for name in names:
        values = np.array(table[name].to_pylist())
        values[rows] = values[rows - LAG]
        table = put(table, **{name: values})
    return put(table, score=table["fare"].to_numpy() / 100)


def judged(current: pa.Table, settings: Any = SETTINGS) -> TriagePacket:
    model = lambda batch: batch["fare"].to_numpy() / 100  # noqa: E731
    return packet(current, log(0), settings, model=model)


@pytest.mark.parametrize("share", [0.25, 0.6])
def test_it_is_named_with_its_lag_and_mended_first(share: float) -> None:
    found = judged(late(share, "fare"))
    (one,) = [one for one in found.self_watch if one.name == "lagged_feature"]
    assert (one.subject, one.fact) == ("fare", "feature_lagged")
    assert one.message.startswith("the values of fare come late: ")
    assert "hold that of the row 200 rows before, " in one.message
    # A difference of two shares is in points, and no share of one of them.
    assert f", {100 * one.value:.0f} percentage points more than at any lag next to it" in one.message
    assert (found.decision.verdict, found.decision.rule) == ("fix_pipeline", "lagging feature")
    assert any(step.action == "Find the job or the join that is behind with the feature" for step in found.actions)


def test_what_it_costs_is_a_part_with_whatever_else_changed() -> None:
    found = judged(late(0.6, "fare"))
    assert "performance_degraded" in found.facts
    (part,) = [cause for cause in found.diagnosis.causes if cause.cause == "quality"]
    assert (part.column, part.resolvable) == ("fare", False)
    assert part.text.startswith("The lag of fare and whatever else changed")
    assert "concept" not in {cause.cause for cause in found.diagnosis.causes}


def test_rows_that_come_back_whole_are_no_lagging_feature() -> None:
    assert "feature_lagged" not in judged(late(0.6, "fare", "stops", "device")).facts


def test_features_of_their_own_rows_have_no_lag() -> None:
    assert "feature_lagged" not in judged(log(3)).facts
