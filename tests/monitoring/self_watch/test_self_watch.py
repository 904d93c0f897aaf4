"""The monitor's own feed: each thing that goes wrong with it is a finding with a severity, and a whole feed is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, ConfigError, Monitor, TriagePacket
from dawnwatch.checks import registry
from dawnwatch.model.self_watch import Watch
from dawnwatch.monitoring.judging import judge
from dawnwatch.monitoring.saved_run import load_run, save_run
from tests.checks.windows import config, log, put

N = 1200
HOUR = 3600.0
ASKED = ["freshness", "ahead", "row_count", "row_rate", "reference_age", "label_feed"]


def timed(hours_ago: float, *, spans: float = 24.0, seed: int = 0) -> pa.Table:
    """A log whose rows came evenly over so many hours and ended so long ago, riders mixed."""
    end = datetime.now(UTC) - timedelta(hours=hours_ago)
    at = np.linspace(end.timestamp() - spans * HOUR, end.timestamp(), N)
    return put(log(seed=seed), at=pa.array((at * 1e6).astype(np.int64), pa.timestamp("us", "UTC")))


def judged(current: pa.Table, reference: pa.Table | None = None, **tables: Any) -> TriagePacket:
    settings = config(**({"roles": {"timestamp": "at"}} | tables))
    return Monitor(settings).fit(timed(24 * 40) if reference is None else reference).check(current)


def named(packet: TriagePacket, name: str) -> Watch:
    return next(one for one in packet.self_watch if one.name == name)


def test_a_whole_feed_says_nothing_but_that_it_was_looked_at() -> None:
    schedule = {
        "max_age": "6h",
        "min_rows": 1000,
        "min_rate": 0.5,
        "label_gap": "2h",
        "reference_max_age": "90d",
        "because": "rows are due every hour",
    }
    packet = judged(timed(1), feed=schedule)
    found = {one.name: one.outcome.value for one in packet.self_watch}
    assert found == dict.fromkeys(
        ["freshness", "ahead", "row_count", "row_rate", "reference_age", "label_feed"], "passed"
    )
    assert (packet.severity.value, packet.could_not_judge) == ("low", [])


def test_nothing_is_asked_that_the_schedule_does_not_say() -> None:
    assert {one.name for one in judged(timed(24 * 365)).self_watch} == {"label_feed"}


CASES: dict[str, tuple[Any, dict[str, Any], str, str, str, str]] = {
    "late": (lambda: timed(30), {"max_age": "26h"}, "data_late", "high", "freshness", "the newest row is 30 hours old"),
    "few rows": (
        lambda: timed(1),
        {"min_rows": 2000},
        "rows_missing",
        "medium",
        "row_count",
        "holds 1,200 rows, and 2,000",
    ),
    "slow": (
        lambda: timed(1, spans=96),
        {"min_rate": 0.5},
        "rows_missing",
        "medium",
        "row_rate",
        "25% of the reference's",
    ),
    "old reference": (
        lambda: timed(1),
        {"reference_max_age": "30d"},
        "reference_stale",
        "low",
        "reference_age",
        "40 days ago",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_schedule_does_not_let_pass_is_told(case: str) -> None:
    window, schedule, fact, severity, name, words = CASES[case]
    packet = judged(window(), feed=schedule | {"because": "said by a person"})
    one = named(packet, name)
    assert (one.outcome.value, one.fact) == ("failed", fact)
    assert words in one.message
    assert (packet.rule, packet.severity.value) == (fact, severity)
    assert any(finding.text.lower() == one.message.lower() for finding in packet.diagnosis.findings)
    assert one.message[10:] in packet.headline
    verdicts = {"reference_stale": "wait", "rows_missing": "cannot_tell"}
    assert packet.decision.verdict == verdicts.get(fact, "fix_pipeline")


@pytest.mark.parametrize("schedule", [{"max_age": "26h"}, {"min_rate": 0.5}, {"reference_max_age": "9d"}])
def test_a_question_without_times_is_not_computed_and_no_pass(schedule: dict[str, Any]) -> None:
    packet = judged(log(seed=1), log(), roles={}, feed=schedule | {"because": "said"})
    assert packet.rule == "check_not_judged"
    assert "is not known: [roles] timestamp names no column of times" in packet.could_not_judge[0]


def stopped(table: pa.Table, share: float) -> pa.Table:
    """The newest rows have no label."""
    labels = table["label"].to_pylist()
    kept = round(N * (1 - share))
    return put(table, label=pa.array([*labels[:kept], *[None] * (N - kept)], pa.int64()))


@pytest.mark.parametrize(("share", "outcome"), [(0.05, "passed"), (0.09, "passed"), (0.11, "failed"), (0.5, "failed")])
def test_a_label_feed_that_stopped_is_told_from_a_tenth_of_the_rows_on(share: float, outcome: str) -> None:
    packet = judged(stopped(timed(1), share), thresholds={"missing": {"max": 1.0}})
    one = named(packet, "label_feed")
    assert one.outcome.value == outcome
    assert (packet.rule == "label_feed_stopped") is (outcome == "failed")
    if outcome == "failed":
        assert f"({round(share * 100)}% of the rows, where 100% had one before)" in one.message


def test_rows_need_not_be_in_order() -> None:
    table = stopped(timed(1), 0.3)
    mixed = table.take(np.random.default_rng(1).permutation(N))
    assert named(judged(mixed), "label_feed").outcome.value == "failed"


def test_labels_missing_here_and_there_are_no_stopped_feed() -> None:
    gaps = np.random.default_rng(2).random(N) < 0.5
    labels = [None if gap else label for gap, label in zip(gaps, log()["label"].to_pylist(), strict=True)]
    assert named(judged(put(timed(1), label=pa.array(labels, pa.int64()))), "label_feed").outcome.value == "passed"


@pytest.mark.parametrize(("gap", "outcome"), [("1h", "failed"), ("12h", "passed")])
def test_late_labels_have_a_gap_of_their_own(gap: str, outcome: str) -> None:
    late = {"labels": {"expected": "late"}, "feed": {"label_gap": gap, "because": "rated within the hour"}}
    window = stopped(timed(1, spans=48), 0.1)  # the last 4.8 hours
    assert named(judged(window, **late), "label_feed").outcome.value == outcome
    without = judged(window, labels={"expected": "late"})
    assert "label_feed" not in {one.name for one in without.self_watch}


def test_without_a_sample_the_share_of_labels_tells() -> None:
    roles = {"timestamp": None, "unit": None, "keys": []}
    one = named(judged(stopped(log(seed=1), 0.95), log(), roles=roles), "label_feed")
    assert (one.outcome.value, one.message) == (
        "failed",
        "5.0% of the rows have a label, where 100.0% had one in the performance baseline",
    )


def test_an_empty_column_is_told_even_where_missing_values_are_let_pass() -> None:
    columns = {"stops": {"monitor": True, "missing": {"max": 1.0, "because": "optional"}}}
    packet = judged(put(timed(1), stops=pa.nulls(N, pa.int64())), columns=columns)
    assert (
        named(packet, "empty_column").message == "stops holds no value in any of 1,200 rows, and the reference's does"
    )
    assert {"feed_broken", "pillar_blinded"} <= set(packet.facts)


def nulls(column: str, share: float) -> pa.Table:
    table = timed(1)
    values = table[column].to_pylist()
    gone = round(N * share)
    return put(table, **{column: pa.array([*[None] * gone, *values[gone:]], table.schema.field(column).type)})


@pytest.mark.parametrize(("share", "blind"), [(0.5, False), (0.51, True), (0.9, True)])
def test_a_watched_column_that_is_mostly_null_blinds_drift(share: float, blind: bool) -> None:
    packet = judged(nulls("fare", share), thresholds={"missing": {"max": 1.0}, "psi": {"red": 99}})
    assert ("pillar_blinded" in packet.facts) is blind
    if blind:
        one = named(packet, "blinded")
        assert (packet.rule, packet.severity.value, one.subject) == ("pillar_blinded", "high", "drift")
        assert one.message.startswith("drift and accuracy are blinded in fare: ")
        assert packet.diagnosis.summary.endswith("What is not seen may be as bad as what is.")
        assert packet.decision.verdict == "fix_pipeline"


def test_a_column_that_always_was_mostly_null_blinds_nothing_anew() -> None:
    packet = judged(nulls("fare", 0.9), nulls("fare", 0.8), thresholds={"missing": {"max": 1.0}, "psi": {"red": 99}})
    assert "pillar_blinded" not in packet.facts


def test_missing_and_constant_scores_blind_performance() -> None:
    loose = {"missing": {"max": 1.0}, "auc_drop": {"max": 1.0}}
    missing = judged(nulls("score", 0.6), thresholds=loose)
    assert "60.0% of the rows have no score" in named(missing, "blinded").message
    constant = judged(put(timed(1), score=[0.5] * 1100 + log()["score"].to_pylist()[1100:]), thresholds=loose)
    assert "of the scores are one and the same" in named(constant, "blinded").message
    for packet in (missing, constant):
        assert (packet.rule, named(packet, "blinded").subject) == ("pillar_blinded", "performance")


def rescaled(factor: float) -> pa.Table:
    table = timed(1)
    return put(table, score=table["score"].to_numpy() * factor)


# Beyond so many rows the scores themselves are not kept, and those of the sample stand in for them.
@pytest.mark.parametrize("exact_rows", [5_000_000, 0])
def test_scores_on_another_scale_are_no_single_score(exact_rows: int) -> None:
    asked = {"performance": {"exact_rows": exact_rows}}
    percent = judged(rescaled(100.0), roles={"timestamp": "at", "score_kind": "probability"}, **asked)
    outside = next(c for c in percent.quality.checks if c.name == "score_range")
    assert (percent.rule, outside.outcome.value) == ("quality_failed", "failed")
    assert outside.message.endswith("they look like percentages, so divide them by 100")
    margin = judged(rescaled(100.0), **asked)
    assert margin.rule != "pillar_blinded"
    assert [s.outcome.value for s in margin.performance.symptoms if s.name == "spike"] == ["passed"]
    for packet in (percent, margin):
        assert not [one for one in packet.self_watch if one.name == "blinded"]
        assert packet.performance.estimates is not None
        assert "one and the same" not in packet.performance.estimates.message
    constant = judged(put(timed(1), score=[100.0] * N), **asked)
    assert "pillar_blinded" in constant.facts
    assert named(constant, "blinded").value == 1


def test_a_check_that_faults_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(reference: object, current: object) -> None:
        raise RuntimeError("out of numbers")

    spec = next(s for s in registry.all_checks() if s.name == "quality.duplicates")
    monkeypatch.setitem(registry._REGISTERED, spec.name, replace(spec, function=broken))
    packet = judged(timed(1))
    assert packet.rule == "check_errored"
    finding = next(f for f in packet.diagnosis.findings if "Quality.duplicates did not run" in f.text)
    assert "RuntimeError: out of numbers" in finding.text


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ({"max_age": "soon"}, 'feed.max_age: must be a number with h, d or w, such as "24h", or "none"'),
        ({"max_agee": "24h"}, "unknown key 'feed.max_agee'. Did you mean 'max_age'?"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(schedule: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        Config.from_dict({"feed": schedule})
    assert message in str(error.value)


def test_a_schedule_without_a_reason_is_said_to_have_none() -> None:
    assert "feed" in Config.from_dict({"feed": {"max_age": "24h"}}).unjustified()
    assert "feed" not in Config.from_dict({"feed": {"max_age": "24h", "because": "x"}}).unjustified()


def test_a_kept_run_grows_no_older(tmp_path: Any) -> None:
    """What-if answers judge the window as of the run's start, so nothing becomes late by asking later."""
    settings = config(roles={"timestamp": "at"}, feed={"max_age": "6h", "because": "hourly"})
    monitor = Monitor(settings).fit(timed(900))
    seen = monitor.observe(timed(1))
    save_run(seen, settings, tmp_path / "run.profile")
    kept, loaded = load_run(tmp_path / "run.profile")
    late = replace(kept, started_at=kept.started_at + timedelta(hours=12))
    packets = [judge(one, one.run(loaded), label=None, step=lambda step: None) for one in (kept, late)]
    assert [named(packet, "freshness").outcome.value for packet in packets] == ["passed", "failed"]


def test_a_tiny_window_is_not_said_to_blind_anything() -> None:
    assert "pillar_blinded" not in judged(put(timed(1).slice(0, 99), score=[0.5] * 99)).facts


def dated(row: int, when: datetime, table: pa.Table) -> pa.Table:
    times = table["at"].to_pylist()
    times[row] = when
    return put(table, at=pa.array(times, pa.timestamp("us", "UTC")))


DAILY = {"max_age": "24h", "because": "rows are due every hour"}


@pytest.mark.parametrize("year", [2099, 9999])
def test_one_row_of_the_future_hides_no_feed_that_stopped(year: int) -> None:
    packet = judged(dated(7, datetime(year, 1, 1, tzinfo=UTC), timed(96)), feed=DAILY)
    fresh, ahead = named(packet, "freshness"), named(packet, "ahead")
    assert (fresh.outcome.value, packet.rule) == ("failed", "data_late")
    assert fresh.message.startswith("the newest sampled row dated before the run is 4 days old")
    assert (ahead.outcome.value, ahead.fact) == ("failed", "feed_broken")
    assert f"up to {year}-01-01 00:00 UTC (1 of 1,200 sampled rows are)" in ahead.message


def test_one_row_of_the_future_in_a_feed_on_time_is_a_finding_alone() -> None:
    packet = judged(dated(7, datetime(2099, 1, 1, tzinfo=UTC), timed(1)), feed=DAILY | {"min_rate": 0.5})
    assert [named(packet, name).outcome.value for name in ("freshness", "row_rate", "ahead")] == [
        "passed",
        "passed",
        "failed",
    ]
    assert (packet.rule, packet.severity.value) == ("feed_broken", "medium")


def test_a_window_all_of_the_future_is_neither_fresh_nor_late() -> None:
    packet = judged(timed(-24 * 200), feed=DAILY)
    assert named(packet, "freshness").outcome.value == "not_computed"
    assert "no sampled row is dated before the run" in named(packet, "freshness").message
    assert named(packet, "ahead").outcome.value == "failed"


def test_clocks_may_differ_by_minutes() -> None:
    assert named(judged(timed(-2 / 60), feed=DAILY), "ahead").outcome.value == "passed"


def test_rows_dated_ahead_without_a_sample_leave_freshness_open() -> None:
    roles = {"timestamp": "at", "unit": None, "keys": []}
    packet = judged(timed(-24), roles=roles, feed=DAILY)
    assert named(packet, "freshness").message.endswith("rows are dated after the run, none is sampled")
    assert (named(packet, "ahead").outcome.value, named(packet, "ahead").value) == ("failed", None)


@pytest.mark.parametrize("change", ["absent", "text"])
def test_an_absent_or_retyped_feature_blinds_as_a_null_one_does(change: str) -> None:
    table = timed(1)
    at = table.schema.get_field_index("fare")
    retyped = table.set_column(at, "fare", pa.array([f"{fare} NOK" for fare in table["fare"].to_pylist()]))
    packet = judged(table.drop_columns(["fare"]) if change == "absent" else retyped)
    one = named(packet, "blinded")
    assert (packet.rule, packet.severity.value, one.subject) == ("pillar_blinded", "high", "drift")
    said = "the column is absent" if change == "absent" else "hold no value that can be read (they are of type string)"
    assert said in one.message


def test_an_absent_column_that_is_not_required_blinds_nothing() -> None:
    columns = {"fare": {"required": False, "monitor": True, "because": "only in one app"}}
    assert "pillar_blinded" not in judged(timed(1).drop_columns(["fare"]), columns=columns).facts
