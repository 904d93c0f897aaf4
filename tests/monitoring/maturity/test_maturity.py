"""Labels withheld by age, by slice and by class, with known truth: what is judged, and what is told."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, Monitor
from dawnwatch.errors import ConfigError, UsageError
from dawnwatch.model.enums import Outcome
from dawnwatch.model.numbers import short_share
from dawnwatch.monitoring.saved_run import load_run, save_run
from dawnwatch.report.lines import performance_lines
from tests.monitoring.maturity.rides import AS_OF, DAY, FIRST, auc_of, config, fitted, told_when, week

LATE = {"label_time": None}
BY_PART = (0.9, 0.15, 0.6)


def test_nothing_changes_where_every_row_has_its_label() -> None:
    packet = fitted().check(week(2), as_of=AS_OF)
    assert packet.performance.maturity is None
    assert packet.performance.method == "exact, from the rows"


def test_the_raw_auc_is_of_record_unless_asked_and_the_weighted_one_says_what_it_assumes() -> None:
    rows = told_when(week(2, keep=BY_PART), LATE)
    packet = fitted(**LATE).check(rows, as_of=AS_OF)
    found = packet.performance.maturity
    assert found is not None
    assert found.weighted is not None
    assert (found.of_record, packet.performance.auc_title) == ("all", "AUC")
    assert packet.performance.current.value == pytest.approx(found.weighted.raw)
    assert found.weighted.value != pytest.approx(found.weighted.raw, abs=0.01)
    assert "the raw one is judged; the weighted one holds only if rows alike in" in found.message
    assert "weighted" not in packet.headline


def test_a_class_that_may_come_first_takes_trust_from_the_weighted_auc() -> None:
    # Positives have their labels three times as often, in one part less than in the others.
    rows = week(2, rows=9000)
    rng, label = np.random.default_rng(5), rows["truth"].to_numpy()
    keep = np.where(label == 1, 0.9, 0.3) * np.where(rows["part"].to_numpy(zero_copy_only=False) == "android", 0.4, 1)
    late = np.where(rng.random(label.size) < keep, label, np.nan)
    rows = rows.set_column(rows.schema.get_field_index("label"), "label", pa.array(late, from_pandas=True))
    for how in ("beside", "judge"):
        section = fitted(**LATE, weighting=how).check(told_when(rows, LATE), as_of=AS_OF).performance
        found = section.maturity
        assert found is not None
        assert found.weighted is not None
        assert found.of_record == "all"
        assert found.weighted.excess_positives_interval is not None
        assert found.weighted.excess_positives_interval[0] > 0
        assert "the raw one is judged, and the weighted one is not to be trusted" in found.message


def test_labels_withheld_by_slice_are_weighted_and_the_weighted_auc_is_judged_where_asked() -> None:
    rows = told_when(week(2, keep=BY_PART), LATE)
    packet = fitted(**LATE, weighting="judge").check(rows, as_of=AS_OF)
    section = packet.performance
    assert section.auc_title == "weighted AUC"
    assert "weighted AUC went from" in packet.headline
    assert any("now, weighted," in line for line in performance_lines(packet))
    assert section.estimates is not None
    assert "is realised, weighted by the inverse chance of a label" in (section.estimates.beside or "")
    found = section.maturity
    assert found is not None
    assert found.of_record == "weighted"
    assert found.weighted is not None
    assert section.current.value == found.weighted.value
    assert section.current.interval == pytest.approx(found.weighted.interval)
    truth = auc_of(rows)
    low, high = found.weighted.interval
    assert low <= truth <= high
    low, high = found.weighted.raw_interval
    assert not low <= truth <= high
    assert found.weighted.effective_rows < found.weighted.rows
    assert "the weighted one is judged" in found.message
    assert section.drop.value == pytest.approx(section.reference.value - found.weighted.value, abs=1e-9)


def test_parts_of_a_fall_of_the_weighted_auc_add_up_to_it() -> None:
    rows = week(2, keep=BY_PART)
    broken = rows["score"].to_numpy().copy()
    broken[::2] = np.random.default_rng(0).random(broken[::2].size)
    rows = told_when(rows.set_column(rows.schema.get_field_index("score"), "score", [broken]), LATE)
    packet = fitted(**LATE, weighting="judge").check(rows, as_of=AS_OF)
    assert packet.performance.maturity is not None
    assert packet.performance.maturity.of_record == "weighted"
    assert packet.performance.outcome is Outcome.FAILED
    parts = packet.diagnosis.causes
    assert "maturity" not in {part.cause for part in parts}
    assert sum(part.amount for part in parts) == pytest.approx(packet.performance.drop.value, abs=1e-9)


def test_it_stands_beside_the_raw_one_only_or_not_at_all_where_asked() -> None:
    rows = told_when(week(2, keep=BY_PART), LATE)
    beside, off = (fitted(**LATE, weighting=how).check(rows, as_of=AS_OF).performance for how in ("beside", "off"))
    assert beside.maturity is not None
    assert off.maturity is not None
    assert (beside.maturity.of_record, off.maturity.of_record) == ("all", "all")
    assert beside.maturity.weighted is not None
    assert off.maturity.weighted is None
    assert beside.current.value == off.current.value == pytest.approx(beside.maturity.weighted.raw)


def test_of_a_slice_without_any_label_nothing_can_be_told() -> None:
    rows = told_when(week(2, keep=(0.9, 0.0, 0.5)), LATE)
    found = fitted(**LATE).check(rows, as_of=AS_OF).performance.maturity
    assert found is not None
    assert found.cannot_tell == ["part = android"]
    assert found.of_record == "all"
    assert "no weight can stand for it" in (found.not_weighted or "")
    assert "cannot tell for part = android" in found.message


def test_labels_missing_by_chance_alone_leave_the_raw_auc_of_record() -> None:
    rows = told_when(week(2, keep=(0.6, 0.6, 0.6)), LATE)
    found = fitted(**LATE).check(rows, as_of=AS_OF).performance.maturity
    assert found is not None
    assert found.weighted is not None
    assert not found.weighted.biased
    assert found.of_record == "all"


def test_only_rows_that_are_old_enough_are_judged_by_labels_and_drift_takes_all() -> None:
    rows = told_when(week(2, delay=(1.0, 1.0)), LATE)
    packet = fitted((1.0, 1.0), **LATE, mature_after="3d").check(rows, as_of=AS_OF)
    found, time = packet.performance.maturity, rows["at"].to_numpy()
    old = time <= AS_OF.timestamp() - 3 * DAY
    assert found is not None
    assert (found.rows, found.judged_rows) == (rows.num_rows, int(old.sum()))
    assert found.of_record == "mature"
    assert found.mature_after_from == "configured"
    assert packet.performance.current.n == found.judged_labelled
    assert packet.performance.current.value == pytest.approx(auc_of(rows, old), abs=0.01)
    assert sum(part.current for part in packet.drift.features[0].bins) == pytest.approx(1)
    assert packet.drift.features[0].current_rows == rows.num_rows
    assert [one.mature for one in found.cohorts] == [True] * 4 + [False] * 3
    assert "the older 4 of 7 days" in found.message
    # Labels that are only not there yet are no fault.
    assert [check.name for check in packet.quality.checks if check.outcome is not Outcome.PASSED] == []


def test_the_age_follows_from_how_long_the_baselines_labels_took() -> None:
    rows = week(2, delay=(1.0, 1.0))
    found = fitted((1.0, 1.0)).check(rows, as_of=AS_OF).performance.maturity
    assert found is not None
    assert found.mature_after_from == "baseline"
    assert found.mature_after_hours == pytest.approx(24 * np.log(20), rel=0.1)
    assert found.curve_of == "current"
    shares = [point.share for point in found.curve]
    assert shares == sorted(shares)
    assert all(point.interval[0] <= point.share <= point.interval[1] for point in found.curve)


def test_where_hardly_a_row_is_that_old_all_are_judged_unless_people_asked_to_wait() -> None:
    rows = week(2, delay=(3.0, 0.5))
    derived = fitted((3.0, 0.5)).check(rows, as_of=AS_OF).performance
    asked = fitted((3.0, 0.5), mature_after="9d").check(rows, as_of=AS_OF)
    assert derived.maturity is not None
    assert derived.maturity.of_record == "all"
    assert "rows of any age are judged" in derived.maturity.message
    assert derived.current.value is not None
    assert asked.performance.maturity is not None
    assert asked.performance.maturity.of_record == "none"
    assert asked.performance.drop.value is None
    assert asked.performance.reason == "no row is 9 days old yet ([labels] mature_after)"
    assert asked.could_not_judge == []


def test_positives_that_come_first_are_weighted_by_class_and_age() -> None:
    rows = week(2, delay=(3.0, 0.5), rows=9000)
    found = fitted((3.0, 0.5), mature_after="none").check(rows, as_of=AS_OF).performance.maturity
    assert found is not None
    assert found.weighted is not None
    assert found.weighted.by_class
    assert found.curve[-1].positives is not None
    assert found.curve[-1].negatives is not None
    assert found.curve[5].positives > found.curve[5].negatives  # type: ignore[operator]
    low, high = found.weighted.interval
    assert low <= auc_of(rows) <= high


def test_labels_that_came_after_the_moment_asked_had_not_come_by_then() -> None:
    now, later = week(2, delay=(1.0, 1.0)), week(2, delay=(1.0, 1.0))
    came = later["truth"].to_numpy()
    arrives = np.where(np.isfinite(now["label_at"].to_numpy()), now["label_at"].to_numpy(), AS_OF.timestamp() + DAY)
    later = later.set_column(later.schema.get_field_index("label"), "label", pa.array(came))
    later = later.set_column(later.schema.get_field_index("label_at"), "label_at", pa.array(arrives))
    monitor = fitted((1.0, 1.0))
    then, again = (monitor.check(rows, as_of=AS_OF).performance for rows in (now, later))
    assert again.maturity is not None
    assert again.maturity == then.maturity
    assert again.current == then.current
    assert again.maturity.labelled == int(np.isfinite(now["label"].to_numpy()).sum())


def test_a_moment_before_the_first_row_is_refused() -> None:
    with pytest.raises(UsageError, match=r"as of 2026-02-27 00:00 UTC the current window had no row yet: its first is"):
        fitted().observe(week(2, rows=500), as_of=AS_OF - timedelta(days=10))


def test_the_auc_comes_from_the_rows_with_a_score_and_a_label() -> None:
    rows = told_when(week(2, keep=(0.8, 0.8, 0.8)), LATE)
    score = rows["score"].to_numpy().copy()
    score[np.random.default_rng(3).random(score.size) < 0.9] = np.nan
    rows = rows.set_column(rows.schema.get_field_index("score"), "score", pa.array(score, from_pandas=True))
    section = fitted(**LATE).check(rows, as_of=AS_OF).performance
    found = section.maturity
    assert found is not None
    both = np.isfinite(score) & np.isfinite(rows["label"].to_numpy())
    assert found.auc_rows == section.current.n == int(both.sum())
    assert f"The AUC comes from {short_share(both.mean())} of the rows" in found.message


def test_nothing_is_said_of_an_auc_that_was_not_computed() -> None:
    rows = told_when(week(2, rows=30, keep=(0.2, 0.2, 0.2)), LATE)
    section = fitted(**LATE).check(rows, as_of=AS_OF).performance
    assert section.current.value is None
    assert section.maturity is not None
    assert section.maturity.auc_rows == 0
    assert "AUC" not in section.maturity.message


def test_an_age_is_told_to_the_hour_and_a_day_that_is_cut_through_by_its_moment() -> None:
    rows = told_when(week(2, delay=(1.0, 1.0)), LATE)
    found = fitted((1.0, 1.0), **LATE, mature_after="89h").check(rows, as_of=AS_OF).performance.maturity
    assert found is not None
    assert [one.mature for one in found.cohorts] == [True] * 3 + [False] * 4
    assert "those up to 2026-03-05 07:00 UTC" in found.message
    assert "younger than 89 hours" in found.message


def test_where_scores_end_before_the_cut_it_is_told_until_when_they_reach() -> None:
    rows = told_when(week(2, delay=(1.0, 1.0)), LATE)
    score = rows["score"].to_numpy().copy()
    score[rows["at"].to_numpy() >= FIRST + 2 * DAY] = np.nan
    rows = rows.set_column(rows.schema.get_field_index("score"), "score", pa.array(score, from_pandas=True))
    found = fitted((1.0, 1.0), **LATE, mature_after="89h").check(rows, as_of=AS_OF).performance.maturity
    assert found is not None
    assert "those up to 2026-03-04 00:00 UTC, since no later one that is old enough has a score" in found.message


def test_the_newest_labels_are_told_with_their_counts_and_of_enough_rows_only() -> None:
    rows = told_when(week(2, delay=(2.0, 2.0)), LATE)
    told = fitted(**LATE).check(rows, as_of=AS_OF).performance.maturity
    few = fitted(**LATE).check(rows.take(np.arange(0, rows.num_rows, 150)), as_of=AS_OF).performance.maturity
    assert told is not None
    assert few is not None
    newest = [one for one in told.cohorts if one.share < 0.5 * max(every.share for every in told.cohorts)]
    labelled, number = sum(one.labelled for one in newest), sum(one.rows for one in newest)
    assert f"{short_share(labelled / number)} there ({labelled:,} of {number:,} sampled rows)" in told.message
    assert "there (" not in few.message


def test_a_week_later_every_row_is_old_enough() -> None:
    rows = told_when(week(2), LATE)
    found = fitted(**LATE, mature_after="3d").check(rows, as_of=AS_OF + timedelta(days=7))
    assert found.performance.maturity is None


def test_a_kept_run_judges_the_same_rows_again(tmp_path) -> None:
    rows = told_when(week(2, delay=(1.0, 1.0), keep=BY_PART), LATE)
    monitor = fitted((1.0, 1.0), **LATE, mature_after="3d")
    seen = monitor.observe(rows, as_of=AS_OF)
    packet = monitor.judge(seen)
    save_run(seen, monitor.config, tmp_path / "run.profile")
    again, settings = load_run(tmp_path / "run.profile")
    kept = Monitor(settings)
    kept._baselines = again.baselines
    assert kept.judge(again).performance.maturity == packet.performance.maturity
    assert kept.judge(again).performance.current == packet.performance.current


def test_a_profile_is_counts_and_cannot_be_cut(tmp_path) -> None:
    rows = told_when(week(2, delay=(1.0, 1.0)), LATE)
    monitor = fitted((1.0, 1.0), **LATE, mature_after="3d")
    monitor.profile(rows, tmp_path / "week.profile")
    found = monitor.check(tmp_path / "week.profile", as_of=AS_OF).performance.maturity
    assert found is not None
    assert found.of_record in {"all", "weighted"}
    assert "which cannot be cut by age" in found.message


def test_threshold_metrics_are_weighted_too() -> None:
    tables = config(**dict(LATE))
    tables["model"]["threshold"] = 0.5
    rows = told_when(week(2, keep=BY_PART), LATE)
    packet = Monitor(tables).fit(told_when(week(1, start=-7), LATE)).check(rows, as_of=AS_OF)
    found = packet.performance.maturity
    assert found is not None
    assert found.weighted is not None
    assert [metric.name for metric in found.weighted.metrics] == ["precision", "recall", "f1"]
    truth = rows["truth"].to_numpy()[rows["score"].to_numpy() >= 0.5].mean()
    precision = found.weighted.metrics[0]
    assert precision.interval[0] <= truth <= precision.interval[1]
    assert abs(precision.value - truth) < abs(precision.raw - truth)


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(ConfigError, match="label_time says when a label came, and without timestamp"):
        Config.from_dict({"roles": {"label": "y", "label_time": "at"}})
    with pytest.raises(ConfigError, match="label_time names 'y', which plays another part"):
        Config.from_dict({"roles": {"label": "y", "timestamp": "at", "label_time": "y"}})
    with pytest.raises(ConfigError, match="must be a number with h, d or w"):
        Config.from_dict({"labels": {"mature_after": "soon"}})
    with pytest.raises(UsageError, match="has no time zone"):
        fitted().observe(week(2, rows=100), as_of=AS_OF.replace(tzinfo=None))


def test_what_labels_realise_beside_the_estimates_is_weighted_alike() -> None:
    rows = told_when(week(2, keep=BY_PART), LATE)
    weighted, raw = (fitted(**LATE, weighting=how).check(rows, as_of=AS_OF).performance for how in ("judge", "beside"))
    assert weighted.estimates is not None
    assert raw.estimates is not None
    real, other = (next(m for one in of.methods for m in one.metrics) for of in (weighted.estimates, raw.estimates))
    assert real.realised == pytest.approx(weighted.current.value, abs=0.02)
    assert other.realised == pytest.approx(raw.current.value, abs=1e-6)
    # Estimated of scores alone, both are what the AUC of all rows is; labels of some rows rather than others are not.
    assert abs(real.error) < abs(other.error)
    gaps = [section.expected_auc.gap for section in (weighted, raw)]  # type: ignore[union-attr]
    assert abs(gaps[0]) < abs(gaps[1])


def test_where_no_row_has_a_label_there_is_nothing_to_tell_of_them() -> None:
    rows = told_when(week(2, rows=1000, keep=(0.0, 0.0, 0.0)), LATE)
    assert fitted(**LATE).check(rows, as_of=AS_OF).performance.maturity is None
