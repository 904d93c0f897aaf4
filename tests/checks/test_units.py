"""Units enough to judge by: how many, and whether a few hold nearly all rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, Monitor
from dawnwatch.checks.units import _effective, in_parts
from dawnwatch.model.enough_units import few_units
from dawnwatch.model.measurement import Clustering
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.unit_counts import UnitCounts

UNITS = 400


def log(seed: int, heavy: float = 0.0, units: int = UNITS, rows: int = 4000) -> pa.Table:
    """A log whose units differ in `x`; unit 0 has `heavy` of the rows beside its own."""
    rng = np.random.default_rng(seed)
    own = rng.normal(0, 1, units)
    unit = np.where(rng.random(rows) < heavy, 0, rng.integers(0, units, rows))
    score = 1 / (1 + np.exp(-rng.normal(size=rows)))
    columns = {"x": own[unit] + rng.normal(size=rows), "score": score, "label": (rng.random(rows) < score).astype(int)}
    return pa.table({"user": [f"s{seed}u{i}" for i in unit], **columns})


def judged(current: pa.Table) -> TriagePacket:
    roles = {"label": "label", "score": "score", "unit": "user"}
    config = Config.from_dict({"roles": roles, "columns": {"x": {"monitor": True}}})
    return Monitor(config).fit(log(0, rows=8000)).check(current)


@pytest.mark.parametrize("heavy", [0.8, 0.95])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_unit_with_nearly_all_rows_is_not_judged(seed: int, heavy: float) -> None:
    packet = judged(log(seed, heavy))
    feature = packet.drift.features[0]
    for found in (feature.significance, packet.performance.drop.significance):
        assert found is not None
        assert found.significant is None
        assert found.p_value is None
        assert found.reason is not None
        assert "one user value holds" in found.reason
        assert found.units_in_effect == pytest.approx(1 / heavy**2, rel=0.05)
    assert packet.severity in {"low", "medium"}
    assert packet.diagnosis.weak_slices == []


def test_a_unit_with_a_fifth_of_the_rows_is_judged() -> None:
    found = judged(log(1, 0.2)).drift.features[0].significance
    assert found is not None
    assert found.significant is False
    assert found.units_in_effect == pytest.approx(1 / (0.2**2 + 0.8**2 / UNITS), rel=0.1)


def test_units_in_effect_are_told_from_their_groups() -> None:
    rng = np.random.default_rng(0)
    for rows in (np.r_[5000, np.full(300, 10)], np.r_[900, 900, np.full(300, 5)], np.full(30, 10)):
        exact = UnitCounts(np.arange(rows.size, dtype=np.uint64), rows).effective
        told = [1 / _effective(np.bincount(rng.integers(0, 64, rows.size), rows, 64).astype(int)) for _ in range(400)]
        assert 1 / np.mean(told) == pytest.approx(exact, rel=0.05)


def test_a_part_that_one_unit_fills_has_few() -> None:
    groups = np.full((64, 2), 2)
    groups[3] = 5000
    even = Clustering("user", 300, 0.01, 250.0, 0.01)
    found = in_parts(even, [(None, np.full((64, 2), 80)), (None, groups)])
    assert found.effective == pytest.approx(1.05, abs=0.05)
    assert found.uneven == pytest.approx(0.97, abs=0.02)
    assert few_units("user", 300, found.effective, found.uneven, 50) is not None


@pytest.mark.parametrize(
    ("units", "effective", "about", "says"),
    [
        (48, 40.0, True, "too few units to judge: about 48 rider values (of 50 needed)"),
        (1, 1.0, False, "too few units to judge: 1 rider value (of 50 needed)"),
        (200, 9.9, False, "too few units to judge: 200 rider values weigh as much as 9.9 of equal size (of 10 needed)"),
        (200, 10.0, False, None),
        (200, None, False, None),
    ],
)
def test_it_says_what_is_lacking(units: int, effective: float | None, about: bool, says: str | None) -> None:
    found = few_units("rider", units, effective, 0.3, 50, about=about)
    assert found is None if says is None else found is not None and found.startswith(says)
