"""An incident put together: what is told, in which order, and what is left out."""

from __future__ import annotations

from dawnwatch.model.enums import Pillar
from dawnwatch.model.history import Event, Onset
from dawnwatch.model.incident import Incident
from dawnwatch.triage.cases import cases
from dawnwatch.triage.incident import incident
from tests.triage.ledgers import DAY, HOUR, START, day, said


def event(number: float, text: str, kind: str | None = None) -> Event:
    at = START + number * DAY
    return Event(at=at, text=text, kind=kind, recorded_at=at)


def of(packets: list, entries: list = [], events: list = [], which: str = "day 3") -> Incident:  # noqa: B006
    every = cases(packets, entries)
    case = next(case for case in every if which in {run.id for run in case.runs})
    return incident(case, every, events)


def told(found: Incident) -> list[tuple[float, str]]:
    return [((moment.at - START) / DAY, moment.text) for moment in found.timeline]


def test_everything_in_its_order() -> None:
    packets = [
        day(0),
        day(3, "high", red=("device",), first_at=START + 2 * DAY, last_at=START + 2.75 * DAY),
        day(4, "high", red=("device",)),
        day(5),
        day(6),
    ]
    entries = [
        said("day 3", after=6 * HOUR, decision="rollback", by="Ada", note="5.1 broke it"),
        said("day 3", alarm="real", after=DAY),
    ]
    events = [event(2.5, "app release 5.1", "deploy"), event(-1, "long before"), event(5.5, "after it was over")]
    found = of(packets, entries, events)
    due = found.packet.sla.due_at
    assert due is not None
    assert [line for line in told(found) if line[1] != "due: by then someone was to have acted"] == [
        (2.0, "first row of the window"),
        (2.5, "event: app release 5.1 (deploy)"),
        (2.75, "last row of the window"),
        (3.0, "judged high (degraded_and_red_drift): the page"),
        (3.25, "decided: rollback, by Ada: 5.1 broke it"),
        (4.0, "alarm found to be: real"),
        (4.0, "a later window: high (degraded_and_red_drift)"),
        (5.0, "recovered (degraded_and_red_drift)"),
    ]
    assert found.recovery.status == "recovered"
    assert found.hours_to_decision == 6
    assert found.decided is not None
    assert found.decided.decision == "rollback"


def test_what_is_dated_stands_at_its_date_and_what_is_not_nowhere() -> None:
    dated = Onset(pillar=Pillar.DRIFT, column="device", at=START + 2.5 * DAY, text="device has drifted since Tuesday")
    open_ = Onset(pillar=Pillar.DRIFT, column="hour", text="cannot be told", reason="no earlier window")
    packet = day(3, "high", red=("device",), first_at=START + 2 * DAY)
    diagnosis = packet.diagnosis.model_copy(update={"onsets": [dated, open_], "onset": dated})
    found = of([packet.model_copy(update={"diagnosis": diagnosis})])
    assert [line for line in told(found) if "onset" in line[1]] == [(2.5, "onset: device has drifted since Tuesday")]


def test_without_a_good_window_before_events_of_two_days_are_told() -> None:
    found = of([day(3, "high", red=("device",))], [], [event(0.9, "too early"), event(1.1, "near")])
    assert [text for _, text in told(found) if text.startswith("event")] == ["event: near"]


def test_a_rerun_is_told_and_pages_once() -> None:
    found = of([day(3, window="w"), day(3.5, "critical", red=("device",), window="w")])
    assert [text for _, text in told(found) if "judged" in text] == [
        "judged low (degraded_and_red_drift)",
        "the same rows judged again: critical (degraded_and_red_drift): the page",
    ]


def test_another_projects_windows_are_not_told() -> None:
    found = of([day(3, "high", red=("device",)), day(4, project="other")])
    assert not [text for _, text in told(found) if "later window" in text or "recovered" in text]


def test_it_says_when_it_failed_again() -> None:
    red = ("device",)
    found = of([day(3, "high", red=red), day(4), day(5, "high", red=red)])
    assert (5.0, "failed again") in told(found)
