"""The record of earlier estimates: what they were, and what their windows' labels came to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from dawnwatch import TriagePacket
from dawnwatch.model.estimates import EstimateRecord
from tests.monitoring.days import START, checked, monitor, rides

DAY = timedelta(days=1)


def record(packet: TriagePacket) -> EstimateRecord | None:
    assert packet.performance.estimates is not None
    return packet.performance.estimates.record


def unlabelled(table: pa.Table, share: float = 1.0) -> pa.Table:
    at = table.schema.get_field_index("label")
    lost = round(share * table.num_rows)
    kept = table["label"].to_pylist()[lost:]
    return table.set_column(at, "label", pa.array([None] * lost + kept, table.schema.field(at).type))


def test_each_window_counts_once_with_its_first_estimate_and_its_labels(tmp_path: Path) -> None:
    watch = monitor()
    days = [rides(START + day * DAY, rows=1500) for day in range(4)]
    assert record(checked(watch, unlabelled(days[0]), tmp_path)) is None
    first = checked(watch, unlabelled(days[1]), tmp_path)
    # Nothing is realised of a window half of whose labels have come.
    checked(watch, unlabelled(days[0], 0.5), tmp_path)
    assert record(checked(watch, days[2], tmp_path)) is None
    assert first.performance.estimates is not None
    came = checked(watch, days[1], tmp_path)
    found = record(checked(watch, days[3], tmp_path))
    assert found is not None
    assert found.windows[0].packet == first.id
    assert len(found.windows) == 2
    assert first.performance.estimates.chosen is not None
    auc = first.performance.estimates.chosen.metric("auc")
    assert auc is not None
    assert (found.windows[0].value, found.windows[0].realised) == (auc.value, came.performance.current.value)
    assert found.held == sum(one.held for one in found.windows)
    times = {0: "never", 1: "once", 2: "twice"}[found.held]
    assert found.text.startswith(
        f"In the last 2 windows whose labels have come its 95% interval held the realised AUC {times}; it was off by"
    )
