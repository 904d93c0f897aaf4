"""How many more labels or riders it takes, of real windows: against the formula written out, and by simulation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import norm

from dawnwatch import Config, Monitor, TriagePacket
from dawnwatch.model.needed import Needed

START = datetime(2026, 3, 1, tzinfo=UTC)


def log(rows: int, seed: int, apart: float = 1.2, riders: int = 300, days: float = 2.0) -> pa.Table:
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, rows)
    score = rng.normal(size=rows) + apart * label
    return pa.table(
        {
            "rider": rng.integers(0, riders, rows),
            "at": [START + timedelta(days=days * i / (rows - 1)) for i in range(rows)],
            "label": label,
            "score": 1 / (1 + np.exp(-score)),
        }
    )


def check(current: pa.Table, reference: pa.Table | None = None, **roles: Any) -> TriagePacket:
    tables = {"roles": {"label": "label", "score": "score", "timestamp": "at", **roles}}
    return Monitor(Config.from_dict(tables)).fit(log(8000, 0) if reference is None else reference).check(current)


def lacking(packet: TriagePacket) -> Needed:
    assert packet.performance.drop.needed is not None
    return packet.performance.drop.needed


def by_hand(packet: TriagePacket, size: float) -> float:
    """How many times as many labels: the fall over (two-sided z + power's z), squared, less the baseline's variance."""
    section = packet.performance
    assert section.drop.significance is not None
    errors = norm.isf(section.drop.significance.level / 2) + norm.isf(0.2)
    assert section.current.variance is not None
    assert section.reference.variance is not None
    return float(section.current.variance / ((size / errors) ** 2 - section.reference.variance))


def test_a_fall_within_noise() -> None:
    packet = check(log(400, 6, apart=0.95))
    section, found = packet.performance, lacking(packet)
    assert section.outcome == "warned"
    assert section.drop.value is not None
    assert (found.why, found.of, found.now, found.size) == ("within_noise", "label", 400, section.drop.value)
    assert found.more == pytest.approx(400 * (by_hand(packet, section.drop.value) - 1), abs=1)
    assert found.per_day == pytest.approx(200)
    assert found.by is not None
    assert found.by - START == pytest.approx(timedelta(days=2 + (found.more or 0) / 200), abs=timedelta(minutes=1))
    assert any(found.text in question for question in packet.diagnosis.unresolved)
    assert any(found.text in action.reason for action in packet.actions)


def test_as_many_as_it_says_do() -> None:
    """Windows of that many labels, which fall as far, are called degraded about four times in five."""
    fell = float(norm.cdf(1.2 / 2**0.5) - norm.cdf(0.9 / 2**0.5))
    reference = log(20_000, 0)
    found = next(
        found
        for seed in range(50)
        if (found := (packet := check(log(400, seed, apart=0.9), reference)).performance.drop.needed) is not None
        and found.why == "within_noise"
        and abs(found.size - fell) < 0.003
        and packet.performance.outcome == "warned"
    )
    assert found.more is not None
    enough = [check(log(400 + found.more, 100 + seed, apart=0.9), reference) for seed in range(60)]
    told = np.mean([p.performance.drop.significance.significant for p in enough if p.performance.drop.significance])
    assert told == pytest.approx(0.8, abs=3 * (0.8 * 0.2 / 60) ** 0.5)


def test_a_window_that_could_not_have_shown_the_tolerated_fall() -> None:
    packet = check(log(400, 1))
    found = lacking(packet)
    assert packet.performance.outcome == "passed"
    assert (found.why, found.size) == ("too_coarse", 0.05)
    assert found.more == pytest.approx(400 * (by_hand(packet, 0.05) - 1), abs=1)
    assert any("as much as is tolerated" in question for question in packet.diagnosis.unresolved)


def test_nothing_is_lacking_where_there_is_enough_or_a_fall_was_shown() -> None:
    assert check(log(20_000, 1)).performance.drop.needed is None
    shown = check(log(8000, 1, apart=0.6))
    assert shown.performance.outcome == "failed"
    assert shown.performance.drop.needed is None
    assert check(log(400, 1), reference=log(8000, 0)).performance.drop.needed is not None


def test_a_window_whose_interval_excludes_the_tolerance_lacks_nothing() -> None:
    """However large a fall it was sure to find: the one that would matter is shown not to be there."""
    rose = check(log(600, 2, apart=1.6))
    drop = rose.performance.drop
    assert drop.interval is not None
    assert drop.significance is not None
    assert drop.significance.detectable is not None
    assert drop.interval[1] < rose.performance.threshold < drop.significance.detectable
    assert drop.outcome == "passed"
    assert drop.needed is None
    assert not [question for question in rose.diagnosis.unresolved if "more" in question]


def test_size_alone_asks_for_nothing() -> None:
    tables = {"roles": {"label": "label", "score": "score"}, "significance": {"judge": "off"}}
    packet = Monitor(Config.from_dict(tables)).fit(log(8000, 0)).check(log(400, 6, apart=0.95))
    assert packet.performance.drop.needed is None


def test_with_a_unit_units_are_counted() -> None:
    found = lacking(check(log(600, 3, apart=0.95, riders=80), unit="rider"))
    assert (found.of, found.now, found.about) == ("rider", 80, False)
    # All 80 came in the first half of the window: how many more there are nobody knows.
    assert (found.per_day, found.by) == (None, None)
    assert found.text.endswith("beside the 80 there are, which this population may not have")


def test_units_that_keep_coming_have_a_day() -> None:
    window = log(600, 3, apart=0.95)
    coming = window.set_column(0, "rider", pa.array(np.arange(600) // 5))
    found = lacking(check(coming, unit="rider"))
    assert (found.of, found.now) == ("rider", 120)
    assert found.per_day == pytest.approx(60)
    assert found.by is not None
    assert "its second half brought as many new ones as its first" in found.text


def slices(window: pa.Table, reference: pa.Table) -> dict[str, Any]:
    tables = {"roles": {"label": "label", "score": "score", "timestamp": "at", "unit": "rider", "slices": ["city"]}}
    found = Monitor(Config.from_dict(tables)).fit(reference).check(window).performance.slices
    return {part.value: part for part in found}


def in_cities(rows: int, seed: int, apart: float, riders: int, share: float = 0.2) -> pa.Table:
    """A log with a city that has a share of the rows."""
    city = np.random.default_rng(seed + 100).choice(["oslo", "rome"], rows, p=[share, 1 - share])
    return log(rows, seed, apart, riders).append_column("city", pa.array(city))


def test_units_of_a_slice_are_counted_where_its_groups_do_not_tell_them() -> None:
    """Of 2,000 riders nearly all 64 groups are filled in every slice, which is not to say that all are in it."""
    window = in_cities(3000, 6, 1.0, riders=2000)
    found = slices(window, in_cities(12_000, 0, 1.2, riders=2000))
    rows = window["city"].to_numpy(zero_copy_only=False) == "oslo"
    there = np.unique(window["rider"].to_numpy()[rows]).size
    assert 300 < there < 700
    needed = found["oslo"].drop.needed
    assert (needed.now, needed.about) == (there, False)
    # Nor does the test show a number that only says that there are enough.
    assert found["oslo"].drop.significance.units is None


def test_units_of_a_slice_are_estimated_from_a_sample_that_leaves_some_out() -> None:
    window = in_cities(40_000, 6, 1.05, riders=20_000, share=0.03)
    found = slices(window, in_cities(60_000, 0, 1.2, riders=20_000, share=0.03))
    there = np.unique(window["rider"].to_numpy()[window["city"].to_numpy(zero_copy_only=False) == "oslo"]).size
    needed = found["oslo"].drop.needed
    assert needed.about
    assert needed.now == pytest.approx(there, rel=0.15)  # 274 sampled: 6%, one standard error
    assert f"about {needed.now:,}" in needed.text


def test_too_few_units_say_how_many_more() -> None:
    packet = check(log(600, 3, apart=0.7, riders=30), unit="rider")
    assert "too_few_units" in packet.facts
    found = lacking(packet)
    assert (found.why, found.now, found.more) == ("too_few_units", 30, 20)
    few = check(log(600, 3, apart=0.7), reference=log(8000, 0, riders=30), unit="rider")
    assert lacking(few).more is None


def test_where_the_baseline_is_at_fault_no_number_is_named() -> None:
    found = lacking(check(log(5000, 1), reference=log(300, 0)))
    assert found.more is None
    assert found.by is None
    assert "performance baseline itself needs more rows" in found.text


def test_without_a_time_there_is_no_day() -> None:
    tables = {"roles": {"label": "label", "score": "score"}}
    found = lacking(Monitor(Config.from_dict(tables)).fit(log(8000, 0)).check(log(400, 1)))
    assert (found.per_day, found.by) == (None, None)
