"""Windows as cases: which runs are one window, and what was said of it."""

from __future__ import annotations

import pytest

from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import HumanDecision
from dawnwatch.triage.cases import cases
from tests.triage.ledgers import DAY, HOUR, START, day, said


def test_every_window_is_one_case_in_order() -> None:
    found = cases([day(2), day(0, "high"), day(1)], [])
    assert [case.packet.id for case in found] == ["day 0", "day 1", "day 2"]
    assert [case.paged for case in found] == [True, False, False]


def test_the_same_rows_judged_twice_page_once_and_share_what_was_said() -> None:
    quiet, loud, again = day(0, window="w"), day(1, "critical", window="w"), day(2, "high", window="w")
    (case,) = cases([again, loud, quiet], [said("day 2", decision="wait"), said("day 0", alarm="real")])
    assert case.packet is loud
    assert [run.id for run in case.runs] == ["day 0", "day 1", "day 2"]
    assert case.decided is not None
    assert (case.decided.decision, case.alarm) == ("wait", "real")


def test_labels_that_came_later_do_not_make_other_rows() -> None:
    first, later = day(0, "high"), day(1, "high")
    rows = [
        p.model_copy(
            update={
                "provenance": p.provenance.model_copy(
                    update={"current": p.provenance.current.model_copy(update={"fingerprint_without_label": "w"})}
                )
            }
        )
        for p in (first, later)
    ]
    assert len(cases(rows, [])) == 1


def test_other_projects_are_other_windows() -> None:
    assert len(cases([day(0, window="w"), day(1, window="w", project="other")], [])) == 2


def test_the_newest_word_counts_and_the_first_decision_is_timed() -> None:
    entries = [
        said("day 0", after=5 * HOUR, decision="rollback"),
        said("day 0", after=2 * HOUR, decision="wait", alarm="real"),
        # Said of two in the night, and written down the day after.
        said("day 0", after=1.5 * HOUR, recorded=DAY, alarm="false_alarm"),
    ]
    (case,) = cases([day(0, "high")], entries)
    assert case.decided is not None
    assert case.decided.decision == "rollback"
    assert case.alarm == "false_alarm"
    assert case.hours_to_decision == pytest.approx(2)


def test_a_decision_at_the_keyboard_is_one_too_and_a_later_one_replaces_it() -> None:
    human = HumanDecision(decision="wait", by="Ada", note="look again", at=START + HOUR / 2)
    packet = day(0, "high", human_decision=human)
    (case,) = cases([packet], [])
    assert case.decided is not None
    assert (case.decided.decision, case.decided.by, case.decided.note) == ("wait", "Ada", "look again")
    (case,) = cases([packet], [said("day 0", decision="retrain")])
    assert case.decided is not None
    assert case.decided.decision == "retrain"
    assert case.hours_to_decision == pytest.approx(0.5)


def test_nothing_said_and_a_clock_gone_wrong_give_no_time() -> None:
    (case,) = cases([day(0, "high")], [said("day 7", decision="wait")])
    assert (case.decided, case.alarm, case.hours_to_decision) == (None, None, None)
    (case,) = cases([day(0, "high")], [said("day 0", after=-HOUR, decision="wait")])
    assert case.hours_to_decision is None


def test_what_pages_is_for_the_reader_to_say() -> None:
    assert [c.paged for c in cases([day(0, "medium"), day(1)], [], page_at=Severity.MEDIUM)] == [True, False]
