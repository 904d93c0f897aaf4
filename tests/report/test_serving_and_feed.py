"""What the report says of serving, of versions and of the monitor's own feed, where there is something to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.report import sample_packet, watched_packet
from tests.report.html_page import Page

from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.feed import feed_rows, not_asked
from dawnwatch.report.html import to_html


def said(packet: TriagePacket) -> str:
    return Page(to_html(packet)).text


def test_scores_that_are_not_the_models_stand_with_interval_limit_and_reading() -> None:
    text = said(watched_packet.rescored())
    assert watched_packet.STALE in text
    assert "41.1% (95% interval 36.7% to 45.7%); in the performance baseline 0.0%. More than 1% fails" in text
    assert "lagged : scores of earlier rows: a cache, or a join that is late" in text
    assert f"device_type = {sample_packet.ATTACK}" in text
    assert "1 example row" in text


def test_a_model_that_could_not_be_asked_says_why() -> None:
    text = said(watched_packet.rescored(Outcome.NOT_COMPUTED))
    assert "The model could not be asked again: only 12 sampled rows could be scored again" in text
    assert "Scores that differ" not in text


def test_signs_in_the_log_stand_where_no_model_is_at_hand() -> None:
    text = said(watched_packet.doubtful())
    assert "The model was not asked again: no model is at hand ([model] path)" in text
    assert "link 49.8% 46.1% to 53.5% 20% The scores follow the features" in text


def test_scores_that_the_run_itself_gave_need_no_second_asking() -> None:
    text = said(sample_packet.metropulse())
    assert "The model was not asked again: the scores are this run's own" in text
    assert "Versions of the model" not in text
    assert "Signs in the log" not in text


def test_each_version_stands_beside_the_others() -> None:
    text = said(watched_packet.mixed_versions())
    assert "better by 0.266 (95% interval 0.229 to 0.303)" in text
    assert "worse by 0.265 (95% interval 0.228 to 0.302) than the performance baseline" in text
    assert "Without it the AUC would be within 0.05 of the baseline's" in text
    assert "not computed: 12 rows, and 100 or more are needed" in text
    assert sample_packet.ATTACK in text


def test_the_feed_stands_with_what_its_failing_raises() -> None:
    packet = watched_packet.late_feed()
    rows = {row.title: row for row in feed_rows(packet)}
    late, fault, labels = rows.values()
    assert (late.measured, late.limit, str(late.severity)) == ("30 hours", "26 hours", "high")
    assert [rule.name for rule in fault.rules] == ["check_errored"]
    assert (labels.measured, labels.limit, str(labels.severity)) == ("0%", "10%", "medium")
    text = said(packet)
    assert "The monitor's own feed ✗ failed" in text
    assert "number of rows (min_rows), rows a day (min_rate), age of the reference (reference_max_age)" in text
    assert "age of the newest row (max_age)" not in text


def test_a_rule_that_asks_for_more_is_not_what_a_failing_raises_alone() -> None:
    packet = watched_packet.late_feed()
    rules = [rule.model_copy(update={"all": [*rule.all, "red_drift"]}) for rule in packet.policy]
    assert {row.severity for row in feed_rows(packet.model_copy(update={"policy": rules}))} == {None}


def test_a_feed_nobody_looked_at_is_said_to_be_so() -> None:
    packet = sample_packet.metropulse()
    assert not packet.self_watch
    assert len(not_asked(packet)) == 5
    assert "Nothing of it was looked at in this run" in said(packet)


@pytest.mark.parametrize("make", [watched_packet.rescored, watched_packet.mixed_versions])
def test_what_the_log_says_stays_text(make: Callable[[], TriagePacket]) -> None:
    page = Page(to_html(make()))
    assert len(page.scripts) == 3
