"""Numbers beyond all that the reference held: told with their share, never of a few that chance brings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dawnwatch import TriagePacket
from dawnwatch.checks.drift.support import all_above
from dawnwatch.model.enums import Severity
from dawnwatch.report.lines import drift_lines
from tests.checks.windows import config, log, packet, put

OPEN = config(columns={"device": {"monitor": True}, "fare": {"monitor": True}, "stops": {"monitor": True}})
N = 1200


def judged(seed: int = 1, *, settings: Any = OPEN, **columns: Any) -> TriagePacket:
    return packet(put(log(N, seed), **columns), log(N, 0), settings)


def fares(share: float, value: float) -> list[float]:
    found = log(N, 1)["fare"].to_numpy().copy()
    found[np.random.default_rng(2).random(N) < share] = value
    return [float(value) for value in found]


def beyond(found: TriagePacket) -> dict[str, Any]:
    return {feature.name: feature.beyond for feature in found.drift.features if feature.beyond is not None}


@pytest.mark.parametrize(("value", "side"), [(-999.0, "below"), (9999.0, "above")])
def test_a_sentinel_is_told_with_its_share_and_raises_nothing(value: float, side: str) -> None:
    values = fares(0.06, value)
    found = judged(fare=values)
    one = beyond(found)["fare"]
    assert (one.side, one.furthest, one.rows) == (side, value, N)
    assert one.share == pytest.approx(values.count(value) / N)
    assert f"of fare lie {side} anything the reference held" in one.message
    assert one.message in [finding.text for finding in found.diagnosis.findings]
    assert any(one.message[:40] in line for line in drift_lines(found))
    assert found.severity is Severity.LOW
    assert found.facts == judged().facts


@pytest.mark.parametrize("share", [0.0, 0.005])
def test_a_few_rows_are_not_told(share: float) -> None:
    assert beyond(judged(fare=fares(share, -999.0))) == {}


def test_many_rows_of_one_unit_are_no_more_than_chance() -> None:
    table = log(N, 1)
    fare = np.where(table["rider"].to_numpy() == 7, 200.0, table["fare"].to_numpy())
    assert (fare == 200).mean() > 0.01
    assert beyond(judged(fare=fare)) == {}


def test_a_configured_range_has_its_own_check() -> None:
    assert beyond(judged(fare=fares(0.06, -999.0), settings=config())) == {}


def test_the_chance_is_that_of_drawing_units() -> None:
    rng = np.random.default_rng(4)
    drawn = np.array([np.argsort(rng.random(50))[-3:].max() < 20 for _ in range(20_000)])
    assert all_above(3, 20, 30) == pytest.approx(drawn.mean(), abs=0.01)
    assert (all_above(0, 20, 30), all_above(21, 20, 30)) == (1.0, 0.0)
