"""Labels that came no more, and labels dated as they cannot be, by the times at which they came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import TriagePacket
from dawnwatch.model.self_watch import Watch
from tests.monitoring.maturity.rides import AS_OF, DAY, FIRST, fitted, week

MONITOR = fitted(delay=(0.5, 0.5))


def checked(table: pa.Table, as_of: datetime = AS_OF) -> TriagePacket:
    return MONITOR.check(table, as_of=as_of)


def named(found: TriagePacket, name: str) -> Watch | None:
    return next((one for one in found.self_watch if one.name == name), None)


def columns(table: pa.Table, **values: np.ndarray[Any, Any]) -> pa.Table:
    for name, array in values.items():
        found = pa.array(array, from_pandas=True)
        table = table.set_column(table.schema.get_field_index(name), name, found)
    return table


def until(table: pa.Table, last: float) -> pa.Table:
    """Return the rows without the labels that came later than this, in days after the first Monday."""
    at = table["label_at"].to_numpy(zero_copy_only=False)
    kept = at <= FIRST + last * DAY
    labels = table["label"].to_numpy(zero_copy_only=False)
    return columns(table, label=np.where(kept, labels, np.nan), label_at=np.where(kept, at, np.nan))


LATE = week(2, delay=(0.5, 0.5))


def test_labels_that_still_come_are_waited_for() -> None:
    found = checked(LATE)
    assert named(found, "label_feed").outcome.value == "passed"  # type: ignore[union-attr]
    assert "label_feed_stopped" not in found.facts
    assert named(found, "label_time").outcome.value == "passed"  # type: ignore[union-attr]


@pytest.mark.parametrize(("last", "as_of"), [(5.0, 7.0), (7.0, 9.0)])
def test_a_feed_that_stopped_is_no_feed_whose_labels_are_to_come(last: float, as_of: float) -> None:
    found = checked(until(LATE, last), AS_OF + timedelta(days=as_of - 7))
    one = named(found, "label_feed")
    assert one is not None
    assert (one.outcome.value, one.fact, one.limit) == ("failed", "label_feed_stopped", 0.5)
    assert f"no label has come since {(AS_OF + timedelta(days=last - 7, minutes=-1)):%Y-%m-%d}" in one.message
    assert named(found, "label_delay") is None
    assert "still to come" not in found.headline
    if "quality_failed" in found.facts:
        assert found.headline.startswith("The label feed has stopped")
        assert found.headline.count("no label has come since") == 1
    assert found.decision.verdict == "fix_pipeline"
    assert found.actions[0].action == "Restore the label feed"
    assert not any("Trace" in step.action for step in found.actions)


def test_rows_too_young_for_a_label_are_no_stopped_feed() -> None:
    table = week(2, delay=(0.0, 0.0))
    at = table["at"].to_numpy()
    monitor = fitted(delay=(0.0, 0.0))
    before = week(1, start=-7)
    before = columns(before, label_at=before["at"].to_numpy() + 2.0 * DAY)
    monitor.fit(before)
    young = at > FIRST + 5 * DAY
    labels = np.where(young, np.nan, table["label"].to_numpy(zero_copy_only=False))
    table = columns(table, label=labels, label_at=np.where(young, np.nan, at + 2.0 * DAY))
    assert named(monitor.check(table, as_of=AS_OF), "label_feed").outcome.value == "passed"  # type: ignore[union-attr]
    stopped = named(monitor.check(table, as_of=AS_OF + timedelta(days=3)), "label_feed")
    assert stopped is not None
    assert stopped.outcome.value == "failed"


def _dated(case: str) -> pa.Table:
    table = week(2)
    at = table["at"].to_numpy().astype(float)
    if case == "before":
        return columns(table, label_at=at - 2 * 3600)
    if case == "after":
        ahead = datetime.now(UTC).timestamp() - at.max() + DAY
        return columns(table, label_at=at + ahead)
    return columns(table, label_at=np.where(np.arange(at.size) % 2 == 0, np.nan, at))


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("before", "of 6,000 sampled labels 6,000 are dated before their row:"),
        ("after", "are dated after the run:"),
        ("undated", "of 6,000 sampled labels 3,000 are not dated at all (0.0% in the baseline):"),
    ],
)
def test_labels_dated_as_they_cannot_be_are_a_finding(case: str, told: str) -> None:
    found = MONITOR.check(_dated(case))
    one = named(found, "label_time")
    assert one is not None
    assert (one.outcome.value, one.subject, one.fact) == ("failed", "label_at", "feed_broken")
    assert told in one.message
    assert one.value is not None
    assert one.limit is not None
    assert one.value > one.limit
    assert (found.severity.value, found.decision.verdict) == ("medium", "fix_pipeline")
    assert any(finding.subject == "label_at" for finding in found.diagnosis.findings)


def test_nothing_is_asked_without_the_role() -> None:
    found = fitted(label_time=None).check(LATE.drop_columns(["label_at"]), as_of=AS_OF)
    assert named(found, "label_time") is None
