"""A part of the day from another clock, from the rows to the packet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Monitor
from dawnwatch.model.packet import TriagePacket

PARTS = np.array(["night", "morning", "afternoon", "evening"])
START = 1_700_000_000 // 86_400 * 86_400


def table(seed: int, rows: int = 3000, *, ahead: int = 0, dose: float = 0.0, night: float = 1.0) -> pa.Table:
    rng = np.random.default_rng(seed)
    weights = np.where(np.arange(24) < 6, night, 1.0)
    hours = rng.choice(24, rows, p=weights / weights.sum())
    moved = np.where(rng.random(rows) < dose, hours + ahead, hours) % 24
    riders = rng.integers(0, 300, rows)
    return pa.table(
        {
            "rider": [f"r{rider}" for rider in riders],
            "at": START + rng.integers(0, 14, rows) * 86_400 + hours * 3600 + rng.integers(0, 3600, rows),
            "part": PARTS[moved // 6],
            "hour": moved.astype(float),
            "device": rng.choice(["mobile", "web"], rows),
        }
    )


def packet(current: pa.Table, **roles: Any) -> TriagePacket:
    config = {
        "roles": {"unit": "rider", "timestamp": "at"} | roles,
        "model": {"features": ["part", "hour", "device"]},
        "columns": {"hour": {"type": "number"}},
    }
    return Monitor(config).fit(table(0)).check(current)


def test_a_clock_eight_hours_ahead_is_a_fault_of_the_pipeline() -> None:
    found = packet(table(1, ahead=8, dose=0.4))
    clocks = {feature.name: feature.clock for feature in found.drift.features}
    assert clocks["device"] is None
    for name in ("part", "hour"):
        clock = clocks[name]
        assert clock is not None
        assert (clock.hours, clock.shown, clock.fit) == ([8], True, 1.0)
        assert clock.interval[0] < clock.share < clock.interval[1]
    assert "clock_displaced" in found.facts
    assert (found.decision.verdict, found.decision.rule) == ("fix_pipeline", "another clock")
    assert found.decision.reasons[0].startswith(
        "The values of hour do not go with the at of their rows in 38.9% of 3,000 rows"
    )
    # A column's name stands as it is written, also where a sentence begins.
    assert found.headline.startswith("The values of hour do not go with")
    assert "are right on a clock 8 hours ahead" in found.decision.reasons[0]
    assert any(finding.subject == "part" and "on a clock" in finding.text for finding in found.diagnosis.findings)
    assert any(step.action == "Find the job that takes hour from another clock" for step in found.actions)


@pytest.mark.parametrize("current", [table(2), table(3, night=6.0)], ids=["as before", "far more at night"])
def test_a_change_of_mix_is_none(current: pa.Table) -> None:
    found = packet(current)
    assert all(feature.clock is None for feature in found.drift.features)
    assert "clock_displaced" not in found.facts
    assert found.decision.verdict != "fix_pipeline"


def test_without_a_time_nothing_is_asked() -> None:
    found = packet(table(1, ahead=8, dose=0.4), timestamp=None)
    assert all(feature.clock is None for feature in found.drift.features)


def test_a_small_shift_that_no_band_shows_is_medium_by_its_own_rule() -> None:
    found = packet(table(4, ahead=-5, dose=0.06))
    assert (found.severity.value, found.rule) == ("medium", "clock_displaced")
    clock = next(feature.clock for feature in found.drift.features if feature.name == "hour")
    assert clock is not None
    assert "5 hours behind" in clock.message
