"""Words that tell "drifted since training" from "broke last night"."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dawnwatch.model.history import OtherBaseline
from dawnwatch.triage.since import drifted_since, moved, since_text
from tests.triage.builders import feature, told

GOOD = OtherBaseline(
    kind="last_good",
    packet="p1",
    first_at=datetime(2026, 3, 1, tzinfo=UTC),
    last_at=datetime(2026, 3, 2, tzinfo=UTC),
    rows=5000,
    text="",
)
SURE, NOISE, FEW = told(True), told(False), told(None)
WHEN = "2026-03-01 00:00 UTC to 2026-03-02 00:00 UTC, 5,000 rows"


def test_a_feature_has_moved_where_it_is_out_of_green_and_more_than_chance() -> None:
    features = [
        feature("a", 0.5, "RED", significance=SURE),
        feature("b", 0.5, "RED", significance=NOISE),
        feature("c", 0.15, "YELLOW", significance=SURE),
        feature("d", 0.01, "GREEN", significance=SURE),
        feature("e", 0.5, "RED", significance=FEW),
        feature("f", 0.5, "RED"),  # size alone is judged
        feature("g", None, None),
    ]
    assert [f.name for f in moved(features)] == ["a", "c", "f"]


def test_drifted_since_training_needs_a_test_against_the_earlier_window() -> None:
    training = [feature(name, 0.5, "RED", significance=SURE) for name in "abcde"]
    earlier = [
        feature("a", 0.01, "GREEN", significance=NOISE),
        feature("b", 0.4, "RED", significance=SURE),
        feature("c", 0.01, "GREEN", significance=FEW),
        feature("d", None, None),
    ]
    assert [f.name for f in drifted_since(training, earlier)] == ["a"]
    assert drifted_since([feature("a", 0.01, "GREEN")], earlier) == []


def test_both_are_told_in_one_line() -> None:
    now = [feature("device", 0.3, "RED", "mobile 33% → 60%", SURE)]
    before = [feature("hour", 0.02, "GREEN", significance=NOISE.model_copy(update={"detectable": 0.06}))]
    assert since_text("last_good", GOOD, now, before) == (
        f"Since the last good window ({WHEN}), device (PSI 0.30, mobile 33% → 60%) moved; drifted since training, "
        "hour (PSI 0.02; 0.06 would have shown) shows no shift since then"
    )
    assert since_text("day_before", GOOD, [], before) == (
        "Drifted since training, hour (PSI 0.02; 0.06 would have shown) shows no shift against the same hours a day "
        f"before ({WHEN})"
    )


@pytest.mark.parametrize(
    ("window", "reason", "said"),
    [
        (GOOD, None, f"Since the last good window ({WHEN}), no watched feature is shown to have moved"),
        (None, "there is none", "Not compared with the last good window: there is none"),
        (GOOD, "its counts are gone", f"Not compared with the last good window ({WHEN}): its counts are gone"),
        (
            GOOD.model_copy(update={"first_at": None}),
            None,
            "Since the last good window (packet p1, 5,000 rows), no watched feature is shown to have moved",
        ),
    ],
)
def test_nothing_is_claimed_beyond_what_is_there(window: OtherBaseline | None, reason: str | None, said: str) -> None:
    assert since_text("last_good", window, [], [], reason=reason) == said
