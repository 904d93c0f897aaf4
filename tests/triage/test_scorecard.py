"""The scorecard's numbers, each counted by hand."""

from __future__ import annotations

from typing import Any

import pytest
from scipy.stats import binomtest

from dawnwatch import TriagePacket
from dawnwatch.model.enums import Severity
from dawnwatch.model.ledger import Entry
from dawnwatch.model.packet import Decision
from dawnwatch.model.scorecard import Scorecard
from dawnwatch.triage.cases import cases
from dawnwatch.triage.scorecard import scorecard
from tests.triage.ledgers import DAY, HOUR, START, day, said


def card(packets: list[TriagePacket], entries: list[Entry], **more: Any) -> Scorecard:
    level = more.get("page_at", Severity.HIGH)
    return scorecard(cases(packets, entries, page_at=level), "MetroPulse", **more)


def page(number: float, advised: str = "wait", red: tuple[str, ...] = ("device",), **more: Any) -> TriagePacket:
    decision = Decision.model_validate({"verdict": advised, "reasons": [], "would_change": []})
    return day(number, "high", red=red, decision=decision, **more)


def test_precision_counts_what_was_judged_and_says_what_was_not() -> None:
    pages = [page(number) for number in range(16)]
    verdicts = ["real"] * 9 + ["false_alarm"] * 3 + ["unclear"] * 2
    found = card(pages, [said(f"day {n}", alarm=verdict) for n, verdict in enumerate(verdicts)])
    assert (found.windows, found.real, found.false, found.unclear, found.unjudged) == (16, 9, 3, 2, 2)
    assert (found.precision.hits, found.precision.of, found.precision.value) == (9, 12, 0.75)
    theirs = binomtest(9, 12).proportion_ci(method="wilson")
    assert found.precision.interval == pytest.approx((theirs.low, theirs.high))
    assert [p.packet for p in found.pages] == [f"day {n}" for n in reversed(range(16))]


def test_below_ten_there_is_no_rate_but_a_reason() -> None:
    pages = [page(number) for number in range(9)]
    found = card(pages, [said(f"day {n}", alarm="real", decision="wait") for n in range(9)])
    assert (found.precision.value, found.precision.interval) == (None, None)
    assert found.precision.reason == "not enough pages judged: 9 of at least 10"
    assert found.followed.reason == "not enough advised pages decided: 9 of at least 10"


def test_nothing_judged_at_all() -> None:
    found = card([day(0)], [])
    assert (found.windows, found.pages, found.checks, found.to_decision.decided) == (1, [], [], 0)
    assert card([], []).windows == 0


def test_time_to_decision_is_that_of_pages() -> None:
    hours = {0: 1.0, 1: 2.0, 2: 9.0}
    entries = [said(f"day {n}", after=h * HOUR, decision="wait") for n, h in hours.items()]
    entries.append(said("day 4", after=99 * HOUR, decision="wait"))
    found = card([page(0), page(1), page(2), page(3), day(4)], entries)
    times = found.to_decision
    assert (times.decided, times.median, times.shortest, times.longest) == (3, 2, 1, 9)
    assert (found.undecided, found.decided_without_page) == (1, 1)


def test_advice_followed_not_followed_and_none_given() -> None:
    packets, entries = [], []
    for number in range(12):  # a page, and a quiet window after it
        advised = "cannot_tell" if number == 11 else "wait"
        packets += [page(2 * number, advised), day(2 * number + 1)]
        decided = "rollback" if number in {3, 7} else "wait"
        entries.append(said(f"day {2 * number}", decision=decided))
    found = card(packets, entries)
    assert (found.followed.hits, found.followed.of) == (9, 11)
    counts = {one.kind: (one.pages, one.recovered.hits, one.recovered.of, one.not_known) for one in found.advice}
    assert counts == {"followed": (9, 9, 9, 0), "not_followed": (2, 2, 2, 0), "no_advice": (1, 1, 1, 0)}


def test_what_is_not_known_yet_is_in_no_rate() -> None:
    found = card([page(0), page(1)], [said(f"day {n}", decision="wait") for n in range(2)])
    followed = found.advice[0]
    assert (followed.pages, followed.recovered.hits, followed.recovered.of, followed.not_known) == (2, 0, 1, 1)
    assert [p.recovery.status for p in found.pages] == ["no_later_window", "not_recovered"]


def test_checks_behind_false_pages_come_first_with_their_values() -> None:
    packets = [page(0, red=("device", "hour")), page(1), page(2, red=("hour",)), page(3)]
    judged = {0: "false_alarm", 1: "real", 2: "false_alarm", 3: "unclear"}
    found = card(packets, [said(f"day {n}", alarm=verdict) for n, verdict in judged.items()])
    counts = {r.name: (r.false, r.alone, r.real) for r in found.checks}
    assert list(counts) == ["drift of hour", "drift of device"]
    assert counts == {"drift of hour": (2, 1, 0), "drift of device": (1, 0, 1)}
    hour = found.checks[0]
    assert (hour.threshold, hour.limit, hour.false_values, hour.real_values) == ("psi", 0.2, (0.4, 0.4), None)


def test_since_counts_later_windows_alone_and_still_sees_what_came_of_them() -> None:
    packets = [page(0), page(2), day(3)]
    entries = [said("day 0", alarm="real"), said("day 2", alarm="false_alarm")]
    found = card(packets, entries, since=START + DAY)
    assert (found.windows, found.real, found.false) == (2, 0, 1)
    assert found.pages[0].recovery.status == "recovered"


def test_missed_incidents_other_projects_and_runs_again() -> None:
    packets = [day(0), day(1, "high", project="other"), day(2), day(3, window="day 2")]
    found = card(packets, [said("day 0", alarm="real"), said("day 1", alarm="real")])
    assert (found.windows, found.again, found.missed, found.real) == (2, 1, 1, 0)


def test_what_pages_is_for_the_reader_to_say() -> None:
    packets = [day(0, "medium"), page(1)]
    assert len(card(packets, [], page_at=Severity.MEDIUM).pages) == 2
    assert len(card(packets, [], page_at=Severity.CRITICAL).pages) == 0
