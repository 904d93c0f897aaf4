"""The pipeline map: every registered check has its place, and each place shows this run."""

from __future__ import annotations

from typing import get_args

import pytest

from dawnwatch.checks.registry import all_checks
from dawnwatch.explain.example import example
from dawnwatch.explain.pages import page
from dawnwatch.explain.pipeline import checkpoints
from dawnwatch.explain.readings import FEED, readings
from dawnwatch.explain.stages import MEANING, STAGES, stage_of
from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.self_watch import WatchName
from tests.checks.windows import log, packet
from tests.explain.packets import metropulse, with_policy
from tests.report import sample_packet, watched_packet
from tests.report.html_page import Page


def outcomes(packet: TriagePacket) -> dict[str, Outcome | None]:
    return {point.name: point.outcome for point in checkpoints(packet)}


def test_every_registered_check_is_on_the_map_once_with_its_meaning() -> None:
    names = [point.name for point in checkpoints(example())]
    assert len(names) == len(set(names))
    for spec in all_checks():
        assert spec.name in names
        assert stage_of(spec) in STAGES
        assert len(MEANING.get(spec.name, "")) > 60, f"{spec.name}: say what its failure means"
    assert not set(MEANING) - {spec.name for spec in all_checks()}


def test_every_stage_has_a_checkpoint_in_the_pipelines_order() -> None:
    stages = [point.stage for point in checkpoints(example())]
    assert list(dict.fromkeys(stages)) == list(STAGES)


def test_a_checkpoint_shows_this_run() -> None:
    found = outcomes(example())
    assert found["drift.psi"] is Outcome.FAILED
    assert found["performance.auc_drop"] is Outcome.FAILED
    assert found["quality.missing"] is Outcome.PASSED
    assert found["quality.pattern"] is None, "no column of MetroPulse has a pattern"
    assert found["novelty"] is None


def test_what_failed_comes_first_and_says_on_which_column() -> None:
    packet = with_policy(sample_packet.failed_quality())
    point = next(p for p in checkpoints(packet) if p.name == "quality.range")
    failed = [c for c in packet.quality.checks if c.name == "quality.range" and c.outcome is not Outcome.PASSED]
    assert point.outcome is Outcome.FAILED
    assert {line.subject for line in point.lines[: len(failed)]} == {str(c.column) for c in failed}


def test_thresholds_stand_with_their_reason() -> None:
    point = next(p for p in checkpoints(example()) if p.name == "drift.psi")
    threshold = next(t for t in example().thresholds if t.name == "psi")
    assert point.thresholds == [("yellow 0.1, red 0.2", threshold.because)]
    text = Page(page("pipeline", example())).text
    for kept in example().thresholds:
        assert kept.because is not None
        assert kept.because in text


def test_a_columns_own_threshold_is_named() -> None:
    base = metropulse()
    own = base.thresholds[0].model_copy(update={"column": "hour_bucket", "value": {"yellow": 0.2, "red": 0.4}})
    packet = base.model_copy(update={"thresholds": [own, *base.thresholds]})
    point = next(p for p in checkpoints(packet) if p.name == "drift.psi")
    assert [value for value, _ in point.thresholds] == ["yellow 0.1, red 0.2", "yellow 0.2, red 0.4 for hour_bucket"]


def test_a_check_that_is_not_registered_here_has_its_place_too() -> None:
    base = example()
    check = base.quality.checks[0].model_copy(
        update={"name": "tides", "kind": "duplicates", "outcome": Outcome.FAILED, "column": None}
    )
    packet = base.model_copy(
        update={"quality": base.quality.model_copy(update={"checks": [*base.quality.checks, check]})}
    )
    point = next(p for p in checkpoints(packet) if p.name == "quality.tides")
    assert (point.stage, point.outcome) == ("sources", Outcome.FAILED)


@pytest.mark.parametrize("variant", sorted(sample_packet.VARIANTS))
def test_no_pass_is_claimed_where_nothing_was_judged(variant: str) -> None:
    packet = sample_packet.VARIANTS[variant]()
    found = outcomes(packet)
    if packet.performance.outcome is Outcome.NOT_COMPUTED:
        assert found["performance.auc_drop"] is not Outcome.PASSED
    if not packet.drift.features:
        assert found["drift.psi"] is None


def test_each_check_of_performance_has_its_own_outcome() -> None:
    packet = with_policy(sample_packet.metropulse())
    points = {point.name: point.outcome for point in checkpoints(packet)}
    assert packet.performance.serving is None
    assert packet.performance.versions == []
    assert points["performance.auc_drop"] is packet.performance.drop.outcome
    assert (points["performance.rescore"], points["performance.version_gap"]) == (None, None)


def test_serving_and_the_feed_are_checkpoints_where_the_packet_has_them() -> None:
    found = outcomes(watched_packet.rescored())
    assert found["performance.rescore"] is Outcome.FAILED
    found = outcomes(watched_packet.doubtful())
    assert found["performance.symptoms"] is Outcome.FAILED
    assert "performance.symptoms" not in outcomes(metropulse())
    found = outcomes(watched_packet.late_feed())
    assert (found["self_watch.rows"], found["self_watch.labels"]) == (Outcome.FAILED, Outcome.PASSED)
    # Asked by no setting: idle, and no pass. Not happened: no place.
    assert found["self_watch.reference"] is None
    assert "self_watch.blinded" not in found
    assert found["self_watch.checks"] is Outcome.FAILED


def test_a_version_stands_with_its_interval() -> None:
    point = next(p for p in checkpoints(watched_packet.mixed_versions()) if p.name == "performance.version_gap")
    assert [line.text for line in point.lines] == [
        "59% of the rows, AUC 0.765: better by 0.266 (95% interval 0.229 to 0.303)",
        "40% of the rows, AUC 0.499: worse by 0.265 (95% interval 0.228 to 0.302) than the performance baseline",
        "not computed: 12 rows, and 100 or more are needed",
    ]


def test_causes_and_weak_slices_are_read_and_not_judged() -> None:
    packet = sample_packet.with_causes()
    points = {point.name: point for point in checkpoints(packet)}
    causes = points["causes"]
    assert causes.outcome is None
    assert next(line.reading for line in causes.lines) == "shown"
    assert [line.text for line in causes.lines] == [cause.text for cause in packet.diagnosis.causes]
    weak = {point.name: point for point in checkpoints(example())}["weak slices"]
    assert weak.outcome is None
    assert weak.found.startswith("None was found.") is (not example().diagnosis.weak_slices)
    assert not {"causes", "weak slices"} & {point.name for point in checkpoints(metropulse())}


def test_every_thing_the_monitor_looks_at_has_its_place() -> None:
    places = [name for _, names, _ in FEED.values() for name in names]
    assert sorted(places) == sorted(get_args(WatchName))
    assert {stage for stage, _, _ in FEED.values()} <= set(STAGES)


def test_estimates_are_read_as_such_and_not_judged() -> None:
    (found,) = [point for point in readings(example()) if point.name == "estimates"]
    assert (found.outcome, found.lines) == (None, [])
    assert found.found.startswith("Metrics cannot be estimated without labels: 85% of the sampled rows lie where")
    rows = log(3000, 2)
    (told,) = [point for point in readings(packet(rows, log(3000, 1))) if point.name == "estimates"]
    assert told.found.startswith("Estimated from 3,000 scores alone")
    assert [(line.subject, line.outcome, line.reading) for line in told.lines] == [("AUC", None, "estimate")]
    assert told.lines[0].text.endswith("is realised")
