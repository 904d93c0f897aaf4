"""Since when, said once for each reason."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from dawnwatch.explain.example import example
from dawnwatch.model.enums import Pillar
from dawnwatch.model.history import Onset
from dawnwatch.model.onset_words import NAMED, since_when
from dawnwatch.report.html import to_html

WHY = "there is no earlier window"


def undated(pillar: Pillar, column: str | None, *, reason: str = WHY, **more: str) -> Onset:
    text = f"Since when {column} cannot be told: {reason}"
    return Onset(pillar=pillar, column=column, text=text, reason=reason, **more)


DATED = Onset(pillar=Pillar.DRIFT, column="device", at=datetime(2026, 3, 5, tzinfo=UTC), text="device is drifted since")


def test_what_cannot_be_dated_for_one_reason_is_said_once_and_named() -> None:
    found = since_when(
        [
            undated(Pillar.QUALITY, "age", check="missing"),
            undated(Pillar.PERFORMANCE, None),
            undated(Pillar.PERFORMANCE, "device", value="mobile"),
            DATED,
            undated(Pillar.DRIFT, "hour"),
            undated(Pillar.DRIFT, "city", reason="its rows have no time"),
        ]
    )
    assert [told.text for told in found] == [
        "device is drifted since",
        "Since when missing in age fails, and AUC and AUC in device = mobile are lower, and hour is drifted cannot be "
        f"told: {WHY}",
        "Since when city cannot be told: its rows have no time",
    ]
    assert [told.pillars for told in found] == [
        [Pillar.DRIFT],
        [Pillar.QUALITY, Pillar.PERFORMANCE, Pillar.DRIFT],
        [Pillar.DRIFT],
    ]


def test_many_are_counted_behind_the_first() -> None:
    (told,) = since_when([undated(Pillar.DRIFT, f"f{i}") for i in range(NAMED + 30)])
    assert f"f{NAMED - 1} and 30 more are drifted cannot be told" in told.text
    assert f"f{NAMED}," not in told.text


def test_nothing_to_date_says_nothing() -> None:
    assert since_when([]) == []


def test_the_worked_example_says_it_once() -> None:
    onsets = example().diagnosis.onsets
    (told,) = since_when(onsets)
    assert len(onsets) == 7
    assert told.text == (
        "Since when AUC, AUC in device_type = tablet, AUC in device_type = mobile and AUC in device_type = desktop are "
        "lower, and the share of new user_id values is higher, and hour_bucket and device_type are drifted cannot be "
        "told: there is no earlier window to compare with, and of this one no change is shown within it"
    )
    (line,) = re.findall(r"<h3>Since when</h3>\s*<ul>(.*?)</ul>", to_html(example()), re.DOTALL)
    assert line.count("<li>") == line.count("cannot be told") == 1
