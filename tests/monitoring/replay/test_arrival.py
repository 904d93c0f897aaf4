"""A replay on labels that are still to come: rows of one age, and no level learned where one class may be ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import DataError
from dawnwatch.monitoring.replay.arrival import Arrival, arrival_of
from dawnwatch.monitoring.replay.replay import replay
from tests.monitoring.replay.logs import DAY, START, config, log

LATE = {"expected": "late"}
END = datetime.fromtimestamp(START + 100 * DAY, UTC)


def coming(positives: float, negatives: float, **how: float) -> pa.Table:
    """A log of which such shares of either class have their label."""
    rows = log(**how)  # type: ignore[arg-type]
    labels = rows["label"].to_numpy()
    lost = np.random.default_rng(5).random(labels.size) > np.where(labels == 1, positives, negatives)
    return rows.set_column(rows.column_names.index("label"), "label", pa.array(labels, mask=lost))


def test_positives_that_come_first_are_no_reason_to_recalibrate() -> None:
    rows = coming(0.9, 0.4)
    found = replay(config(labels=LATE), current=rows)
    assert found.advice.verdict == "cannot_tell"
    assert "Cannot tell whether to recalibrate: " in found.advice.text
    assert "of the rows have no label yet" in found.advice.text
    assert "Ask again once they are there" in found.advice.text
    # The same figures where nothing says that labels are still to come: half of them is all there will be.
    assert replay(config(), current=rows).advice.verdict == "recalibrate"


def test_a_lifted_level_is_told_once_the_labels_are_there() -> None:
    assert replay(config(labels=LATE), current=coming(0.99, 0.98, lifted=1.0)).advice.verdict == "recalibrate"
    old = config(labels={**LATE, "mature_after": "5d"})  # rows old enough, whose labels lack for good
    assert replay(old, current=coming(0.5, 0.5, lifted=1.0)).advice.verdict == "recalibrate"


def test_rows_too_young_for_their_labels_are_neither_learned_from_nor_judged() -> None:
    ages = config(labels={"mature_after": "30d"})
    found = replay(ages, current=log(), arrival=arrival_of(ages, None, as_of=END))
    assert found.judged_to <= END - timedelta(days=30)
    assert found.labelled_rows == pytest.approx(4200, abs=150)
    assert any("left out: their labels have not had the time to come" in note for note in found.notes)
    with pytest.raises(DataError, match="is old enough for labels of either class to have come"):
        replay(ages, current=log(), arrival=arrival_of(ages, None, as_of=END - timedelta(days=90)))


def test_what_a_packet_found_is_of_its_own_window_alone() -> None:
    packets = Arrival(hours=48.0, window_end=END, window="a window", judged_until=END, biased="one class is ahead")
    assert (packets.last("a window"), packets.last("another")) == (END, None)
    found = replay(config(), current=coming(0.9, 0.4), arrival=packets)
    own = replay(
        config(), current=coming(0.9, 0.4), arrival=Arrival(hours=48.0, window_end=END, window=found.window, biased="b")
    )
    assert (found.advice.verdict, own.advice.verdict) == ("recalibrate", "cannot_tell")
    assert "Ask again from 2024-02-24 22:13 UTC on, when all rows of the window are 2 days old" in own.advice.text


def test_a_ranking_that_turned_is_no_matter_of_calibration() -> None:
    rows = log()
    turned = rows.set_column(rows.column_names.index("score"), "score", pa.array(1 - rows["score"].to_numpy()))
    found = replay(config(), current=turned)
    assert found.advice.verdict == "cannot_tell"
    assert "the order turned, which is a changed concept" in found.advice.text
    assert all(one.reason for one in found.candidates[1:])
