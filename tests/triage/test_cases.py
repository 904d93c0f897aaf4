"""Windows as cases: which runs are one window, and what was said of it."""

from __future__ import annotations

import pytest

from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import HumanDecision, Verdict
from dawnwatch.model.replay import Advice, Replay
from dawnwatch.triage.cases import cases
from dawnwatch.triage.incident import incident
from tests.report.sample_replay import FOUND
from tests.triage.ledgers import DAY, HOUR, START, day, said


def test_every_window_is_one_case_in_order() -> None:
    found = cases([day(2), day(0, "high"), day(1)], [])
    assert [case.packet.id for case in found] == ["day 0", "day 1", "day 2"]
    assert [case.paged for case in found] == [True, False, False]


def test_the_same_rows_judged_twice_page_once_and_share_what_was_said() -> None:
    quiet, loud, again = day(0, window="w"), day(1, "critical", window="w"), day(2, "high", window="w")
    (case,) = cases([again, loud, quiet], [said("day 2", decision="wait"), said("day 0", alarm="real")])
    # The newest run tells what is so; who was called, and when, is the first page's.
    assert case.packet is again
    assert (case.page, case.at, case.paged, case.pages_now) == (loud, loud.created_at, True, True)
    assert [run.id for run in case.runs] == ["day 0", "day 1", "day 2"]
    assert case.decided is not None
    assert (case.decided.decision, case.alarm) == ("wait", "real")


def test_a_page_that_judging_again_silences_was_one_all_the_same() -> None:
    loud, calm = day(0, "high", window="w"), day(1, window="w")
    (case,) = cases([loud, calm], [said("day 0", after=HOUR, decision="wait")])
    assert (case.packet, case.paged, case.pages_now) == (calm, True, False)
    assert case.hours_to_decision == pytest.approx(1)


def test_another_version_of_the_model_is_another_case() -> None:
    runs = [day(0, "high", window="w"), day(1, "high", window="w")]
    versions = [
        run.model_copy(update={"provenance": run.provenance.model_copy(update={"model_version": name})})
        for run, name in zip(runs, ("7", "8"), strict=True)
    ]
    assert len(cases(versions, [])) == 2


def test_advice_is_what_was_known_at_the_time() -> None:
    first, again = day(0, "high", window="w"), day(1, "high", window="w")
    advice = Advice(verdict="retrain", candidate="retrain on current", text="Retrain on current")
    update = {"packet": "day 1", "created_at": again.created_at + HOUR, "advice": advice}
    (case,) = cases([first, again], [], replays=[FOUND.model_copy(update=update), FOUND])
    assert (case.replay is not None, len(case.replays)) == (True, 1)
    assert case.advice().verdict == "retrain"
    assert case.advice(again.created_at + HOUR / 2) == again.decision
    assert case.advice(first.created_at - HOUR) == first.decision


def test_a_replay_that_tried_less_does_not_displace_one_that_tried_more_and_every_one_is_kept() -> None:
    page = day(1, "high", window="w")

    def at(hours: float, verdict: Verdict, tried: slice = slice(None), *, instead: bool = False) -> Replay:
        return FOUND.model_copy(
            update={
                "packet": "day 1",
                "created_at": page.created_at + hours * HOUR,
                "advice": Advice(verdict=verdict, text=verdict),
                "candidates": FOUND.candidates[tried],
                "instead": instead,
            }
        )

    fuller, plain = at(1, "retrain"), at(2, "cannot_tell", slice(1))
    (case,) = cases([page], [], replays=[plain, fuller])
    assert len(case.replays) == 2
    assert (case.replay, case.advice().verdict) == (fuller, "retrain")
    # What was known is what stood then, whatever was replayed since.
    (case,) = cases([page], [], replays=[plain, fuller, at(3, "wait")])
    assert (case.advice().verdict, case.advice(page.created_at + 2.5 * HOUR).verdict) == ("wait", "retrain")
    (case,) = cases([page], [], replays=[fuller, at(2, "wait", slice(1), instead=True)])
    assert case.advice().verdict == "wait"
    every = cases([page], [said("day 1", after=1.5 * HOUR, decision="retrain")], replays=[fuller, plain])
    told = incident(every[0], every)
    assert (told.replay and told.replay.created_at, len(told.other_replays)) == (fuller.created_at, 1)
    assert [moment.text for moment in told.timeline if "replayed" in moment.text] == [
        "actions replayed by dawnwatch decide (retrain, rollback): retrain",
        f"actions replayed by dawnwatch decide (nothing): {page.decision.verdict}; another replay stands",
    ]


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
