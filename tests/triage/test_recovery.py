"""Whether later windows recovered: every status, and what may not pass for a recovery."""

from __future__ import annotations

from typing import Any

import pytest

from dawnwatch import TriagePacket
from dawnwatch.model.enums import Outcome
from dawnwatch.model.ledger import Recovery
from dawnwatch.triage.cases import cases
from dawnwatch.triage.recovery import failed_checks, recovery
from tests.triage.ledgers import DAY, START, day, performance, quality_check, slice_of


def after(first: TriagePacket, *later: TriagePacket) -> Recovery:
    every = cases([first, *later], [])
    return recovery(next(case for case in every if case.runs[0] is first), every)


def missing(outcome: str) -> Any:
    quality = day(0).quality
    return quality.model_copy(update={"checks": [quality_check("missing", outcome, "age")]})


def test_the_failed_checks_have_names_and_where_none_failed_those_that_warned() -> None:
    packet = day(
        0,
        "critical",
        red=("device",),
        features={"hour": "YELLOW"},
        quality=missing("failed"),
        performance=performance(0.1, (0.05, 0.15), "failed", slices=[slice_of("device", "mobile", 0.2, "failed")]),
    )
    assert failed_checks(packet) == [
        "missing of age",
        "drift of device",
        "AUC overall",
        "AUC of device = mobile",
    ]
    assert failed_checks(day(0, "medium", features={"hour": "YELLOW"})) == ["drift of hour"]
    assert failed_checks(day(0)) == []


def test_a_drop_of_before_1_1_has_failed_though_it_has_no_outcome_of_its_own() -> None:
    old = performance(0.1, (0.05, 0.15), "failed")
    old = old.model_copy(update={"drop": old.drop.model_copy(update={"outcome": Outcome.NOT_COMPUTED})})
    assert failed_checks(day(0, "high", performance=old)) == ["AUC overall"]


def test_recovered_in_the_next_window() -> None:
    found = after(day(0, "high", red=("device",)), day(1))
    assert (found.status, found.after_windows, found.after_hours) == ("recovered", 1, 24)
    assert (found.packet, found.windows, found.failed_again_at) == ("day 1", 1, None)
    assert found.text == "recovered in the next window, after 24 hours"


def test_recovered_after_three_and_failed_again() -> None:
    red = ("device",)
    found = after(
        day(0, "high", red=red), day(1, "high", red=red), day(2, "high", red=red), day(3), day(4, "high", red=red)
    )
    assert (found.status, found.after_windows, found.after_hours, found.windows) == ("recovered", 3, 72, 4)
    assert found.failed_again_at == START + 4 * DAY
    assert found.text == "recovered 3 windows later, after 3 days; failed again since"


def test_not_recovered_while_the_check_fails_or_only_warns() -> None:
    first = day(0, "high", red=("device",))
    found = after(first, day(1, "high", red=("device",)))
    assert (found.status, found.still_failing) == ("not_recovered", ["drift of device"])
    found = after(first, day(1, "medium", features={"device": "YELLOW"}))
    assert found.status == "not_recovered"
    assert found.text == "not recovered in 1 later window: drift of device does not pass in the newest"


def test_not_recovered_while_something_else_pages() -> None:
    found = after(day(0, "high", red=("device",)), day(1, "high", red=("hour",)))
    assert (found.status, found.still_failing) == ("not_recovered", [])
    assert "the newest is high" in found.text


@pytest.mark.parametrize("gone", ["not computed", "not there"])
def test_what_could_not_be_judged_has_not_recovered(gone: str) -> None:
    blind = day(1, features={"device": None})
    if gone == "not there":
        kept = [f for f in blind.drift.features if f.name != "device"]
        blind = blind.model_copy(update={"drift": blind.drift.model_copy(update={"features": kept})})
    found = after(day(0, "high", red=("device",)), blind)
    assert (found.status, found.not_judged, found.still_failing) == ("not_judged", ["drift of device"], [])
    assert found.text == "not known after 1 later window: drift of device could not be judged in the newest"


def test_a_check_that_faults_in_the_window_fails_and_in_a_later_one_is_not_judged() -> None:
    found = after(day(0, "medium", quality=missing("errored")), day(1, quality=missing("errored")))
    assert (found.failed, found.status) == (["missing of age"], "not_judged")


def test_no_later_window() -> None:
    packet = day(3, "high", red=("device",))
    others = [day(0), day(9, project="other"), day(4, window="day 3")]
    assert after(packet, *others).status == "no_later_window"


def test_a_window_made_up_for_later_is_no_later_window() -> None:
    packet = day(3, "high", red=("device",), first_at=START, last_at=START + DAY)
    assert after(packet, day(4, first_at=START - DAY, last_at=START)).status == "no_later_window"
    assert after(packet, day(4, first_at=START + DAY, last_at=START + 2 * DAY)).status == "recovered"


def test_nothing_failed() -> None:
    assert after(day(0), day(1)).status == "nothing_failed"


def test_a_page_without_a_failed_check_recovers_with_its_severity() -> None:
    """A severity table of one's own may page for a fact that no single check stands for."""
    found = after(day(0, "high"), day(1, "high"), day(2))
    assert (found.status, found.failed, found.after_windows) == ("recovered", [], 2)
