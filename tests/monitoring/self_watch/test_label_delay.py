"""Labels that are still to come are told from a join that broke: the newer a row, the more often it has none yet."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import TriagePacket
from dawnwatch.model.enums import Outcome
from dawnwatch.model.self_watch import Watch
from dawnwatch.report.lines import performance_lines
from tests.checks.windows import config, packet, put
from tests.checks.windows import log as rows

N = 4000
BEGAN = 1_767_225_600_000_000
"""Microseconds since 1970, of the beginning of 2026."""
PROBABLE = config(roles={"timestamp": "at", "unit": "rider", "score_kind": "probability"})
TIMED = config(roles={"timestamp": "at", "unit": "rider"})


def log(seed: int) -> pa.Table:
    """Rows of 400 riders, one a minute."""
    riders = np.random.default_rng(seed + 100).integers(0, 400, N)
    return put(rows(N, seed), rider=riders, at=pa.array(BEGAN + np.arange(N) * 60_000_000, pa.timestamp("us", "UTC")))


def without(lacking: np.ndarray[Any, Any]) -> TriagePacket:
    table = log(1)
    labels = [None if gone else label for gone, label in zip(lacking, table["label"].to_pylist(), strict=True)]
    return packet(put(table, label=pa.array(labels, pa.int64())), log(0), TIMED)


def told(found: TriagePacket) -> list[Watch]:
    return [one for one in found.self_watch if one.name == "label_delay"]


CHANCE, AGE = np.random.default_rng(3).random(N), np.arange(N)[::-1]


def test_labels_that_take_their_time_are_waited_for() -> None:
    found = without(np.exp(-AGE / 800) > CHANCE)
    (one,) = told(found)
    assert (one.outcome, one.subject) == (Outcome.WARNED, "label")
    assert "the newer a row, the more often it has no label yet" in one.message
    assert "quality_failed" in found.facts
    assert (found.decision.verdict, found.decision.rule) == ("wait", "labels to come")
    assert found.actions[0].action == "Judge again once the labels are there"
    assert not any("Trace" in step.action for step in found.actions)


@pytest.mark.parametrize("since", [0, N // 3, N // 2])
def test_labels_lost_evenly_from_one_moment_on_are_a_fault(since: int) -> None:
    found = without((np.arange(N) >= since) & (CHANCE < 0.3))
    (one,) = told(found)
    assert one.outcome is Outcome.PASSED
    assert (found.decision.verdict, found.decision.rule) == ("fix_pipeline", "invalid data")


def test_a_few_labels_that_always_lack_are_passed_over() -> None:
    lost = (np.arange(N) >= N // 2) & (CHANCE < 0.3)
    assert told(without(lost | (CHANCE > 0.99)))[0].outcome is Outcome.PASSED


def test_nothing_is_told_where_labels_are_there() -> None:
    assert told(without(np.zeros(N, dtype=bool))) == []
    assert told(without(CHANCE < 0.005)) == []


def test_labels_to_come_are_no_moment_at_which_something_began() -> None:
    (one,) = [o for o in without(np.exp(-AGE / 800) > CHANCE).diagnosis.onsets if o.check == "missing"]
    assert one.at is None
    assert (
        one.reason
        == "labels that are still to come lack in every window, the newer a row the more often, so nothing began"
    )
    lost = without((np.arange(N) >= N // 2) & (CHANCE < 0.3)).diagnosis.onsets
    assert next(o for o in lost if o.check == "missing").at is not None


def test_without_a_time_nobody_can_tell_labels_to_come_from_labels_lost() -> None:
    table = log(1)
    gone = np.exp(-AGE / 800) > CHANCE
    labels = [None if lacks else label for lacks, label in zip(gone, table["label"].to_pylist(), strict=True)]
    found = packet(put(table, label=pa.array(labels, pa.int64())), log(0), config())
    (one,) = told(found)
    assert one.outcome is Outcome.NOT_COMPUTED
    assert f"{gone.sum():,} rows lack label" in one.message
    assert (found.decision.verdict, found.decision.rule) == ("cannot_tell", "labels lacking")
    assert found.could_not_judge == []
    assert any("timestamp" in change for change in found.decision.would_change)
    assert found.actions[0].action == "Ask whether label is still to come for these rows, or lost"
    # A second fault is a fault, whenever its rows are of.
    also = put(table, label=pa.array(labels, pa.int64()), fare=[None] * N)
    assert packet(also, log(0), config()).decision.rule == "invalid data"


@pytest.mark.parametrize(("age", "counted"), [(800, False), (20, True), (0, True)])
def test_a_level_moved_where_no_label_that_lacks_could_account_for_it(age: int, counted: bool) -> None:
    # Scores that promise 0.09 less than they did. Labels of a fifth of the rows could make up for that, of 20 rows not.
    lacking = np.exp(-AGE / max(age, 1)) > CHANCE if age else np.zeros(N, dtype=bool)
    table = log(1)
    table = put(table, score=table["score"].to_numpy() * 0.85)
    labels = [None if gone else label for gone, label in zip(lacking, table["label"].to_pylist(), strict=True)]
    found = packet(put(table, label=pa.array(labels, pa.int64())), log(0), PROBABLE)
    level = found.performance.calibration
    assert level is not None
    assert level.changed is counted
    assert ("of the rows that have a label" in level.message) is (age == 800)
    assert ("no change is counted" in level.message or "so no change is shown" in level.message) is not counted
    assert any("calibration moved" in line for line in performance_lines(found)) is counted
    assert ("promise" in found.headline) is counted


def test_what_missing_labels_can_move_is_said_and_true() -> None:
    """The bound is what the level comes to where all labels that lack are filled with the one class."""
    lacking = np.arange(N) >= N - 60
    table = log(1)
    scores, label = table["score"].to_numpy() * 0.65, table["label"].to_numpy()
    table = put(table, score=scores, label=pa.array([None if g else y for g, y in zip(lacking, label, strict=True)]))
    level = packet(table, log(0), PROBABLE).performance.calibration
    assert level is not None
    as_it_is = scores[~lacking].mean() - label[~lacking].mean()
    extremes = [scores.mean() - np.where(lacking, filled, label).mean() for filled in (0, 1)]
    most = max(abs(extreme - as_it_is) for extreme in extremes)
    said = re.search(r"the 60 rows without a label can move this by ([0-9.]+) at most", level.message)
    assert said is not None
    assert float(said[1]) == pytest.approx(most, abs=1e-3)
    assert level.changed
