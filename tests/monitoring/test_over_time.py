"""Worse over many windows: each counted once, late labels as a batch of their own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Monitor, TriagePacket
from dawnwatch.model.over_time import OverTime
from dawnwatch.monitoring.history import read_history
from dawnwatch.monitoring.over_time import late_batch
from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.sequential import Batch, worsening
from dawnwatch.store.files import ResultsFolder
from tests.monitoring.days import START, checked, monitor, rides

DAY = timedelta(days=1)
WORSE = 1.1
"""An `effect` at which the AUC is about 0.07 lower than at 1.5: one window of 1,000 rows does not make sure of it."""


@pytest.fixture(scope="module")
def watch() -> Monitor:
    return monitor(thresholds={"auc_drop": {"max": 0.02, "because": "weighed"}})


def told(packet: TriagePacket) -> OverTime:
    assert packet.performance.over_time is not None
    return packet.performance.over_time


def test_what_no_window_shows_alone_several_show_together(watch: Monitor, tmp_path: Path) -> None:
    packets = []
    for day in range(10):
        packets.append(checked(watch, rides(START + day * DAY, effect=WORSE, rows=1000), tmp_path))
        if told(packets[-1]).worse:
            break
    found = told(packets[-1])
    assert found.worse
    assert (found.windows, found.batches, found.left_out, found.notes) == (len(packets), len(packets), 0, [])
    assert found.fired == packets[-1].id
    assert found.fired_at == START + (len(packets) - 1) * DAY
    assert found.low is not None
    assert found.low > 0.02
    assert f"Over {len(packets)} windows: worse by more than 0.02 since 2026-03-0" in found.text
    assert found.text in [finding.text for finding in packets[-1].diagnosis.findings]
    assert len(packets) > 2
    assert not told(packets[-2]).worse
    # It stays, and is dated as it was.
    after = told(checked(watch, rides(START + 10 * DAY, rows=1000), tmp_path))
    assert (after.worse, after.fired, after.since) == (True, found.fired, found.since)


def test_it_is_what_the_statistics_give_of_the_packets(watch: Monitor, tmp_path: Path) -> None:
    packets = [checked(watch, rides(START + day * DAY, effect=1.3, rows=1000), tmp_path) for day in range(4)]
    reference = packets[-1].performance.reference
    assert reference.value is not None
    assert reference.variance is not None
    batches = []
    for packet in packets:
        now = packet.performance.current
        assert now.value is not None
        assert now.variance is not None
        batches.append(Batch(packet.id, reference.value - now.value, now.variance, now.n))
    found = worsening(batches, tolerance=0.02, reference_variance=reference.variance, level=0.01)
    assert found is not None
    assert told(packets[-1]).low == pytest.approx(found.low, abs=1e-12)
    assert told(packets[-1]).drop == pytest.approx(found.drop, abs=1e-12)


def test_a_good_model_is_not_called_worse(watch: Monitor, tmp_path: Path) -> None:
    for day in range(6):
        packet = checked(watch, rides(START + day * DAY), tmp_path)
    assert not told(packet).worse
    assert "Over 6 windows: not shown to be worse by more than 0.02" in told(packet).text


def test_a_window_checked_again_counts_once(watch: Monitor, tmp_path: Path) -> None:
    table = rides(START, effect=WORSE)
    for _ in range(5):
        packet = checked(watch, table, tmp_path)
    assert (told(packet).windows, told(packet).batches) == (1, 1)


def test_of_windows_that_overlap_those_count_that_were_judged_first(watch: Monitor, tmp_path: Path) -> None:
    """Else which windows count would depend on when one looks."""
    for day in (0, 0.5, 1, 1.5, 2):
        packet = checked(watch, rides(START + day * DAY, seed=int(2 * day)), tmp_path)
    assert (told(packet).windows, told(packet).left_out) == (3, 2)


def test_another_version_of_the_model_starts_anew(watch: Monitor, tmp_path: Path) -> None:
    checked(watch, rides(START), tmp_path)
    other = monitor(project={"name": "Another"})
    assert told(checked(other, rides(START + DAY), tmp_path)).windows == 1


def test_labels_that_come_late_are_one_more_batch(watch: Monitor, tmp_path: Path) -> None:
    half = rides(START, labels=0.5)
    whole = rides(START)  # the same rows, all labelled
    known = half["label"].is_valid().to_numpy()
    first = checked(watch, half, tmp_path)
    checked(watch, half, tmp_path)
    second = checked(watch, whole, tmp_path)
    assert first.provenance.current.fingerprint_without_label == second.provenance.current.fingerprint_without_label
    assert (told(second).windows, told(second).batches) == (1, 2)
    assert "1 window and 1 batch of late labels" in told(second).text
    # The late batch is the newly labelled rows alone.
    history = read_history(ResultsFolder(tmp_path), second.provenance.current, lambda packet: True)
    before, _, after = (run.window(watch.observe(whole).current.plan) for run in history.judged)
    found = late_batch(before, after, 20)
    assert not isinstance(found, str)
    late = whole.filter(pa.array(~known))
    labels, scores = late["label"].to_numpy(), late["score"].to_numpy()
    order = np.argsort(scores)
    alone = auc_from_counts(1 - labels[order], labels[order])
    assert alone is not None
    assert found[0] == pytest.approx(alone.value, abs=2e-3)
    assert found[2] == late.num_rows
    # A third run on the same labels adds nothing.
    assert told(checked(watch, whole, tmp_path)).batches == 2


def test_labels_that_were_changed_are_no_new_ones(watch: Monitor, tmp_path: Path) -> None:
    table = rides(START)
    checked(watch, table, tmp_path)
    turned = pa.array(1 - table["label"].to_numpy())
    packet = checked(watch, table.set_column(6, "label", turned), tmp_path)
    assert told(packet).batches == 1
    assert "labels were changed or taken back, not only added" in told(packet).notes[0]


def test_few_late_labels_wait(watch: Monitor, tmp_path: Path) -> None:
    checked(watch, rides(START, labels=0.98), tmp_path)
    packet = checked(watch, rides(START), tmp_path)
    assert told(packet).batches == 1
    assert "hold fewer than 20 of one class" in told(packet).notes[0]


def test_windows_without_labels_or_of_too_few_riders_are_left_out(watch: Monitor, tmp_path: Path) -> None:
    checked(watch, rides(START, labels=0.0), tmp_path)
    few = rides(START + DAY)
    checked(watch, few.set_column(1, "rider", pa.array(np.arange(few.num_rows) % 20)), tmp_path)
    packet = checked(watch, rides(START + 2 * DAY, rows=1000), tmp_path)
    assert (told(packet).windows, told(packet).left_out) == (1, 2)
    unlabelled = checked(watch, rides(START + 3 * DAY, labels=0.0), tmp_path)
    assert unlabelled.performance.over_time is None


def test_where_nobody_asks_for_history_nothing_is_said(watch: Monitor) -> None:
    assert watch.check(rides(START)).performance.over_time is None


def test_without_times_that_windows_may_share_rows_is_said(tmp_path: Path) -> None:
    private = monitor(columns={"at": {"private": True}})
    for day in range(2):
        packet = checked(private, rides(START + day * DAY), tmp_path)
    assert told(packet).windows == 2
    assert told(packet).notes == ["some windows' times are not known, so whether they share rows cannot be told"]


def test_counts_that_are_gone_leave_late_labels_uncounted(watch: Monitor, tmp_path: Path) -> None:
    checked(watch, rides(START, labels=0.5), tmp_path)
    for path in (tmp_path / "profiles").iterdir():
        path.unlink()
    packet = checked(watch, rides(START), tmp_path)
    assert told(packet).batches == 1
    assert "no such profile" in told(packet).notes[0]
