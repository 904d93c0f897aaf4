"""Since when, in the headline: as coarsely as it is known, of what explains the fall, with what was recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dawnwatch.model.causes import Cause, CauseName, CauseSlice, Split
from dawnwatch.model.enums import Pillar
from dawnwatch.model.history import NEW_VALUES, Event, Onset
from dawnwatch.triage.since_sentence import since_sentence
from tests.triage.builders import evidence, feature, performance, slice_of, strangers

AT = datetime(2026, 11, 18, 11, 25, tzinfo=UTC)
FELL = performance(0.1, (0.08, 0.12), "failed")
RED = feature("amount", 0.5, "RED")


def onset(pillar: Pillar, column: str | None, at: datetime, before: float, after: float, **more: Any) -> Onset:
    """What is dated to `at`, with the hours that its interval has before and after it."""
    when = {"earliest": at - timedelta(hours=before), "latest": at + timedelta(hours=after)}
    return Onset(pillar=pillar, column=column, at=at, text="", method="rows", windows=4, **when, **more)


AUC = onset(Pillar.PERFORMANCE, None, AT, 58.1, 35.6)
AMOUNT = onset(Pillar.DRIFT, "amount", AT.replace(hour=8, minute=45), 0.61, 0.56)
SLICE = onset(Pillar.PERFORMANCE, "device", AT, 1, 1, value="ios")


def said(*onsets: Onset, judged: Any = FELL, **more: Any) -> str:
    return since_sentence(evidence(features=[RED], judged=judged, onsets=onsets, **more))


def part(name: CauseName = "novelty", column: str | None = "amount", amount: float = 0.09, **more: Any) -> Split:
    cause = Cause(cause=name, column=column, amount=amount, interval=(amount - 0.04, amount + 0.04), **more)
    return Split(parts=[cause])


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (58.1, 35.6, " Since between 2026-11-16 and 2026-11-19, likely about 11-18 (AUC)."),
        (24 * 400, 24, " Since between 2025-10-14 and 2026-11-19, likely about 2026-11-18 (AUC)."),
        (12, 3, " Since about 2026-11-18 11:25 UTC (AUC; 11-17 23:25 to 11-18 14:25)."),
        (1, 0.5, " Since about 2026-11-18 11:25 UTC (AUC; 10:25 to 11:55)."),
        (0.001, 0.001, " Since about 2026-11-18 11:25 UTC (AUC)."),
    ],
)
def test_a_date_is_told_as_coarsely_as_it_is_known(before: float, after: float, text: str) -> None:
    at = AT + timedelta(seconds=30)
    assert said(onset(Pillar.PERFORMANCE, None, at, before, after)) == text


def test_what_crept_in_is_said_to_become_ever_more() -> None:
    assert said(AUC.model_copy(update={"shape": "ramp"})).endswith("11-18 (AUC, ever more).")
    assert "ever more" not in said(AUC.model_copy(update={"shape": "step"}))


def test_the_nearest_event_in_the_interval_is_named_and_the_others_are_counted() -> None:
    events = [
        Event(at=AT.replace(hour=hour), text=text, recorded_at=AT) for hour, text in ((1, "campaign"), (10, "app 5.1"))
    ]
    one = AUC.model_copy(update={"events": events[1:]})
    assert said(one).endswith("likely about 11-18 (AUC); in that time: app 5.1 (11-18).")
    two = onset(Pillar.PERFORMANCE, None, AT, 11, 1, events=events)
    assert said(two).endswith("(AUC; 00:25 to 12:25); in that time: app 5.1 (10:25) and 1 more event.")
    long = AUC.model_copy(update={"events": [events[0].model_copy(update={"text": "x" * 300})]})
    assert len(said(long)) < 160


def test_a_feature_that_explains_the_fall_and_is_dated_more_sharply_leads() -> None:
    event = Event(at=AMOUNT.at - timedelta(minutes=15), text="app release 5.1", recorded_at=AT)  # type: ignore[operator]
    sharp = AMOUNT.model_copy(update={"events": [event]})
    assert said(AUC, sharp, split=part()) == (
        " Since about 2026-11-18 08:45 UTC (amount, which explains most of the fall; 08:08 to 09:18); in that time: "
        "app release 5.1 (08:30)."
    )


@pytest.mark.parametrize(
    ("other", "split"),
    [
        (AMOUNT, Split()),
        (AMOUNT, part(amount=0.03)),
        (AMOUNT, part(column="age")),
        (AMOUNT, part("mix", None, top_slices=[CauseSlice(column="amount", value=None, amount=0.03, interval=(0, 1))])),
        (onset(Pillar.DRIFT, "amount", AT, 80, 80), part()),
        (onset(Pillar.DRIFT, "amount", AT - timedelta(days=9), 1, 1), part()),
        (AMOUNT.model_copy(update={"value": NEW_VALUES}), part()),
        (SLICE, part()),
    ],
    ids=[
        "no cause",
        "a small part",
        "of another",
        "a small part of the mix",
        "coarser",
        "of another time",
        "units",
        "slice",
    ],
)
def test_nothing_else_that_is_dated_leads(other: Onset, split: Split) -> None:
    assert said(AUC, other, split=split) == said(AUC)


def test_a_mix_that_is_one_features_and_new_units_lead_where_they_explain_it() -> None:
    top = CauseSlice(column="amount", value=None, amount=0.08, interval=(0.05, 0.1))
    assert "(amount, which explains" in said(AUC, AMOUNT, split=part("mix", None, top_slices=[top]))
    new = AMOUNT.model_copy(update={"column": "rider", "value": NEW_VALUES})
    assert "(new rider values, which explains" not in said(AUC, new, split=part(column="rider"))
    told = said(AUC, new, split=part(column="rider"), novelty=strangers(0.5))
    assert "(new rider values, which explain most of the fall; " in told


def test_the_one_slice_that_fell_more_than_the_rest_leads_where_it_is_dated_more_sharply() -> None:
    slices = [slice_of("device", "ios", 0.2, "failed"), slice_of("device", "web", 0.0, "passed")]
    apart = performance(0.1, (0.08, 0.12), "failed", slices=slices, homogeneity={"device": 1e-5})
    assert "(AUC in device = ios, which fell more than the rest; " in said(AUC, SLICE, judged=apart)
    alike = apart.model_copy(update={"homogeneity": {"device": 0.4}})
    assert said(AUC, SLICE, judged=alike) == said(AUC)


def test_where_the_fall_is_not_dated_what_explains_it_is_told_as_its_own() -> None:
    undated = Onset(pillar=Pillar.PERFORMANCE, column=None, text="", windows=0, reason="no window came before")
    assert said(undated, SLICE, AMOUNT, split=part()) == (
        " Since when AUC is lower cannot be told; amount is drifted since about 2026-11-18 08:45 UTC (08:08 to 09:18)."
    )
