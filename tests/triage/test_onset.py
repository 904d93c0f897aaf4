"""Since when, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dawnwatch.model.enums import Pillar
from dawnwatch.model.history import Event, Onset
from dawnwatch.triage.diagnose import diagnose
from dawnwatch.triage.headline import headline
from dawnwatch.triage.onset import leading, onset_text
from dawnwatch.triage.since_sentence import since_sentence
from tests.triage.builders import evidence, feature, performance, slice_of

AT = datetime(2026, 3, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def onset(pillar: Pillar, column: str | None, *, dated: bool = True, **more: Any) -> Onset:
    when = {"at": AT, "earliest": AT - 12 * HOUR, "latest": AT + HOUR, "method": "windows"} if dated else {}
    return Onset(pillar=pillar, column=column, text="", **{"windows": 9, **when, **more})


DRIFT = onset(Pillar.DRIFT, "device")
FELL = onset(Pillar.PERFORMANCE, None)


def test_what_is_dated_is_told_with_its_interval_and_what_was_recorded_in_it() -> None:
    event = Event(at=AT - HOUR, text="app release 5.1", kind="deploy", recorded_at=AT)
    assert onset_text(DRIFT.model_copy(update={"events": [event]})) == (
        "device is drifted since about 2026-03-05 00:00 UTC (between 2026-03-04 12:00 UTC and 2026-03-05 01:00 UTC, "
        "95%), by 10 windows; recorded in that time: app release 5.1 (2026-03-04 23:00 UTC)"
    )
    inside = onset(Pillar.QUALITY, "age", check="missing", method="rows")
    assert onset_text(inside).startswith("Missing in age fails since about 2026-03-05 00:00 UTC")
    assert onset_text(inside).endswith("95%), by the order of this window's rows")
    part = onset(Pillar.PERFORMANCE, "device", value="mobile")
    assert onset_text(part).startswith("AUC in device = mobile is lower since about")


def test_what_is_not_dated_says_why() -> None:
    undated = onset(Pillar.PERFORMANCE, None, dated=False)
    assert onset_text(undated, reason="no window came before") == (
        "Since when AUC is lower cannot be told: no window came before"
    )


def test_the_gravest_leads_dated_or_not() -> None:
    undated = onset(Pillar.PERFORMANCE, None, dated=False)
    assert leading([]) is None
    assert leading([undated]) is undated
    assert leading([undated, DRIFT]) is undated


def test_what_a_slice_is_dated_to_is_told_as_the_slices() -> None:
    undated = onset(Pillar.PERFORMANCE, None, dated=False, reason="there is no earlier window")
    part = onset(Pillar.PERFORMANCE, "device", value="mobile")
    fell = performance(0.1, (0.08, 0.12), "failed", slices=[slice_of("device", "mobile", 0.2, "failed")])
    said = headline(evidence(judged=fell, onsets=(undated, part)))
    assert said.endswith(
        ". Since when AUC is lower cannot be told; AUC in device = mobile is lower since about 2026-03-05 00:00 UTC "
        "(03-04 12:00 to 03-05 01:00)."
    )
    asked = diagnose(evidence(judged=fell, onsets=(undated, part)))
    assert asked.onset == undated
    assert "When the drop began: there is no earlier window" in asked.unresolved
    # Where only slices fell, there is no whole whose date could be mistaken for theirs.
    alone = headline(evidence(judged=fell, onsets=(part,)))
    assert alone.endswith(" Since about 2026-03-05 00:00 UTC (AUC in device = mobile; 03-04 12:00 to 03-05 01:00).")


def test_the_headline_ends_with_since_when_or_that_it_cannot_be_told() -> None:
    moved = [feature("device", 0.4, "RED")]
    assert headline(evidence(features=moved, onsets=(DRIFT,))).endswith(
        " Since about 2026-03-05 00:00 UTC (device; 03-04 12:00 to 03-05 01:00)."
    )
    undated = onset(Pillar.DRIFT, "device", dated=False)
    assert headline(evidence(features=moved, onsets=(undated,))).endswith(
        " Cannot tell since when: 9 windows of history."
    )
    # Nobody asked for history, and nothing is to be dated.
    assert since_sentence(evidence(onsets=(undated.model_copy(update={"windows": None}),))) == ""
    assert since_sentence(evidence()) == ""
    assert headline(evidence()) == headline(evidence(onsets=()))


def test_a_drop_that_is_dated_is_no_open_question() -> None:
    fell = performance(0.1, (0.08, 0.12), "failed")
    assert not [q for q in diagnose(evidence(judged=fell, onsets=(FELL,))).unresolved if "When the drop began" in q]
    undated = onset(Pillar.PERFORMANCE, None, dated=False, reason="there is no earlier window")
    asked = diagnose(evidence(judged=fell, onsets=(undated,)))
    assert "When the drop began: there is no earlier window" in asked.unresolved
    assert asked.onset == undated
