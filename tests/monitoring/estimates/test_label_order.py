"""Windows of which some labels have come: evenly, or of positives first; where nothing changed, and where it did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.lines import performance_lines
from tests.checks.windows import config, log, packet, put

N = 6000


def judged(current: pa.Table, **tables: Any) -> TriagePacket:
    model = {"features": ["device", "fare", "stops"], "categorical": ["device"], "threshold": 0.5}
    return packet(current, log(N, 1), config(model=model, roles={"score_kind": "probability"}, **tables))


def labelled(current: pa.Table, positives: float, negatives: float) -> pa.Table:
    """Of each class this share has its label."""
    label: NDArray[np.int64] = current["label"].to_numpy()
    came = np.random.default_rng(7).random(N) < np.where(label == 1, positives, negatives)
    return put(current, label=pa.array([int(y) if c else None for y, c in zip(label, came, strict=True)], pa.int64()))


def flipped(seed: int) -> pa.Table:
    current = log(N, seed)
    return put(current, label=1 - current["label"].to_numpy())


def test_positives_first_ring_no_alarm_and_ask_for_no_recalibration() -> None:
    found = judged(labelled(log(N, 2), positives=0.9, negatives=0.5))
    section = found.performance
    assert section.estimates is not None
    assert section.calibration is not None
    assert section.operating_point is not None
    assert not section.estimates.gap
    assert "estimate_gap" not in found.facts
    assert not section.calibration.changed
    assert "times as often as a negative by now would explain it" in section.calibration.message
    assert not any(one.changed for one in section.operating_point.metrics)
    assert "on the rows that have a label" in section.operating_point.message
    assert not any("ecalibrate" in one.action for one in found.actions)
    assert not any("moved" in line or "no longer" in line for line in performance_lines(found))


def test_the_same_labels_all_there_are_a_changed_base_rate() -> None:
    """What a missing label could explain, none explains once they are there."""
    current = log(N, 2)
    kept = np.random.default_rng(7).random(N) < np.where(current["label"].to_numpy() == 1, 0.9, 0.5)
    found = judged(current.filter(pa.array(kept)))
    assert found.performance.calibration is not None
    assert found.performance.calibration.changed
    assert "estimate_gap" in found.facts


@pytest.mark.parametrize("tables", [{}, {"labels": {"expected": "late"}}])
def test_a_changed_concept_rings_on_half_of_the_labels_announced_late_or_not(tables: dict[str, Any]) -> None:
    found = judged(labelled(flipped(2), positives=0.5, negatives=0.5), **tables)
    estimates = found.performance.estimates
    assert estimates is not None
    assert estimates.labelled == pytest.approx(N / 2, rel=0.05)
    assert "estimate_gap" in found.facts
    assert estimates.beside in [one.text for one in found.diagnosis.findings]
    line = next(line for line in performance_lines(found) if "realised on" in line)
    assert "estimated for all: 0.7" in line
    assert line.endswith("scores no longer mean what they meant")


def test_estimate_and_realised_metric_stand_side_by_side_where_labels_are_partial() -> None:
    found = judged(labelled(log(N, 2), positives=0.5, negatives=0.5))
    line = next(line for line in performance_lines(found) if "realised on" in line)
    assert line.startswith("AUC 0.7")
    assert "% of rows; estimated for all: 0.7" in line
    assert "no longer" not in line


def test_where_the_auc_agrees_the_metric_that_does_not_is_named() -> None:
    """Positives that became more frequent among the rows of every score move precision, and no ranking."""
    current = log(N, 2)
    scores = current["score"].to_numpy()
    odds = 2.0 * np.exp(-0.5) * scores / (1 - scores)  # of a positive, twice what they were
    label = (np.random.default_rng(5).random(N) < odds / (1 + odds)).astype(int)
    found = judged(labelled(put(current, label=label), positives=0.97, negatives=0.97))
    estimates = found.performance.estimates
    assert estimates is not None
    assert estimates.gap
    assert estimates.apart is not None
    assert estimates.apart.name != "auc"
    line = next(line for line in performance_lines(found) if "realised on" in line)
    assert f"; {estimates.apart.name} 0." in line
    assert line.endswith("estimated on the same rows: scores no longer mean what they meant")


def test_rows_without_a_score_count_among_those_that_nothing_is_realised_on() -> None:
    current = labelled(log(N, 2), positives=0.98, negatives=0.98)
    scores = log(N, 2)["score"].to_numpy().copy()
    scores[N // 2 :] = np.nan
    line = next(line for line in performance_lines(judged(put(current, score=scores))) if "realised on" in line)
    assert "realised on 49% of rows; estimated for all with a score: 0." in line


def test_alone_every_estimate_has_its_interval() -> None:
    found = judged(put(log(N, 2), label=None), labels={"expected": "late"})
    line = next(line for line in performance_lines(found) if line.startswith("estimated from"))
    for name in ("accuracy", "precision", "recall", "F1"):
        assert f"{name} 0." in line
    assert line.count(" to ") == 5


def of_one_class(share: float) -> pa.Table:
    """Positives only, of all rows; this share of them has a label."""
    kept = np.random.default_rng(8).random(N) < share
    return put(log(N, 2), label=pa.array([1 if c else None for c in kept], pa.int64()))


def test_labels_of_one_class_tell_accuracy_and_recall_and_no_auc() -> None:
    found = judged(of_one_class(1.0))
    estimates = found.performance.estimates
    assert estimates is not None
    assert estimates.chosen is not None
    assert estimates.labelled == N
    real = {one.name: one.realised for one in estimates.chosen.metrics}
    share = float((log(N, 2)["score"].to_numpy() >= 0.5).mean())
    assert real["auc"] is None
    assert real["accuracy"] == pytest.approx(share)
    assert real["recall"] == pytest.approx(share)
    assert estimates.gap, "all labels are there, and nothing like what was expected"
    assert "only labels can tell" not in estimates.message
    assert any(f"accuracy {share:.3f} (estimated for all: 0." in line for line in performance_lines(found))


def test_labels_of_one_class_while_others_are_to_come_show_no_gap() -> None:
    found = judged(labelled(log(N, 2), positives=0.9, negatives=0.0))
    estimates = found.performance.estimates
    assert estimates is not None
    assert "estimate_gap" not in found.facts
    assert "too few of them of one class" in (estimates.beside or "")
    assert any("too few of them of one class for an AUC: accuracy 0." in line for line in performance_lines(found))


def test_rows_without_a_score_are_a_finding_with_their_count() -> None:
    scores = log(N, 2)["score"].to_numpy().copy()
    scores[::25] = np.nan
    found = judged(put(log(N, 2), score=scores))
    said = (
        "240 of 6,000 rows (4.0%) have no score (on the performance baseline 0%), so no AUC and no estimate holds them"
    )
    assert found.performance.unscored == said
    assert said in [one.text for one in found.diagnosis.findings]
    assert said in performance_lines(found)
    assert found.severity.value == "low"
    assert judged(log(N, 2)).performance.unscored is None
