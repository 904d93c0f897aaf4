"""What is suggested, and the reasons that stand beside it: no band below the floor, and nothing found that is not."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.config import Config
from dawnwatch.model.calibration import CHANCES, FoundSize, Rate, Suggestion
from dawnwatch.monitoring.calibration.answers import calibrate
from dawnwatch.monitoring.calibration.judged import Subject
from dawnwatch.monitoring.calibration.schedule import schedule
from dawnwatch.monitoring.calibration.suggest import Family, floors_of, moved, settings, suggested
from dawnwatch.monitoring.calibration.words import because
from tests.monitoring.calibration.log import config, log

DESKTOP, TABLET, PHONE = (Subject("auc_drop", f"device = {name}") for name in ("desktop", "tablet", "phone"))
NEVER = Rate(a_year=0.0, interval=(0.0, 1.9), times=0)


def said(found: dict[Subject, list[FoundSize]], alarms: Rate = NEVER) -> str:
    family = Family("auc_drop", None, tuple(found), 0.05)
    words = {"floor": 0.01, "budget": 2.0, "hours": 24.0, "window": "2,000 rows", "draws": 700, "seed": 0}
    return because(family, 0.07, alarms, found, yellow=None, yellow_alarms=None, **words)  # type: ignore[arg-type]


def sizes(*found: float | None) -> list[FoundSize]:
    return [FoundSize(chance=chance, size=size) for chance, size in zip(CHANCES, found, strict=True)]


def test_what_is_never_found_is_found_last() -> None:
    text = said({DESKTOP: sizes(0.095, 0.113, 0.124), TABLET: sizes(0.118, 0.149, None)})
    assert "0.118 in 50%, 0.149 in 80% of windows, and none that was tried in 95% (device = tablet, where" in text
    text = said({DESKTOP: sizes(0.095, 0.113, 0.124), TABLET: sizes(None, None, None)})
    assert "No size that was tried is found in 50% of windows (device = tablet" in text
    text = said({DESKTOP: sizes(0.095, 0.113, 0.124), TABLET: sizes(0.09, 0.11, 0.12), PHONE: []})
    assert "0.124 in 95% of windows (device = desktop, where it is found last)" in text
    assert "What it finds of device = phone could not be tried" in text


def test_an_interval_beyond_the_budget_shows_nothing() -> None:
    text = said({DESKTOP: sizes(0.1, 0.1, 0.1)}, Rate(a_year=0.0, interval=(0.0, 35.2), times=0))
    assert "not shown to be within that: 0 of 700 windows, but an interval to 35.2; more history would tell" in text
    assert "allowed: shown to be within that" in said({DESKTOP: sizes(0.1, 0.1, 0.1)})
    assert "exceeded: 9 of 700 windows" in said({}, Rate(a_year=4.7, interval=(2.1, 8.9), times=9))


@pytest.mark.parametrize(
    ("before", "red", "floor", "expected"),
    [
        ({"yellow": 0.1, "red": 0.2}, 0.05, 0.05, {"yellow": 0.05, "red": 0.05}),
        ({"yellow": 0.1, "red": 0.2}, 0.08, 0.02, {"yellow": 0.04, "red": 0.08}),
        ({"yellow": 0.1, "red": 0.2}, 0.23, 0.05, {"red": 0.23}),
        ({"yellow": 0.1, "red": 0.2}, 0.3, 0.15, {"yellow": 0.15, "red": 0.3}),
        ({}, 0.05, 0.05, {"yellow": 0.05, "red": 0.05}),
        ({}, 0.2, 0.05, {"red": 0.2}),
    ],
)
def test_neither_band_lies_below_the_floor(
    before: dict[str, float], red: float, floor: float, expected: dict[str, float]
) -> None:
    assert settings("psi", before, red, floor) == expected


def test_the_floor_of_the_configuration_holds_for_both_bands_in_force() -> None:
    given = config(calibrate={"psi_floor": 0.15, "auc_floor": 0.09, "missing_floor": 0.2})
    assert floors_of(given) == {"psi": 0.15, "auc_drop": 0.09, "missing": 0.2}
    assert floors_of(Config()) == {"psi": 0.05, "auc_drop": 0.01, "missing": 0.01}
    found = calibrate(given, schedule("4w", "1000"), log(12_000, 1), draws=60, injected=5, budget=50.0)
    of = {one.threshold: one for one in found.suggestions}
    assert (of["psi"].value, of["psi"].yellow_now, of["psi"].yellow) == (0.15, 0.1, 0.15)
    assert of["psi"].yellow_alarms == of["psi"].false_alarms
    assert "YELLOW at 0.15: 0.0 false alarms a year" in of["psi"].because
    after = moved(given, found.suggestions)
    assert (after.psi_for("kind").yellow, after.psi_for("kind").red) == (0.15, 0.15)
    shown = next(check for check in found.checks if check.threshold == "psi")
    assert shown.suggested_warn is not None
    assert shown.suggested_warn.threshold == 0.15


def test_yellow_alone_may_have_to_move() -> None:
    one = Suggestion(
        threshold="psi", now=0.2, value=0.2, yellow_now=0.1, yellow=0.15, floor=0.15, budget=2.0, because="why"
    )
    assert one.moves
    after = moved(Config(), [one]).thresholds.psi
    assert (after.yellow, after.red, after.because) == (0.15, 0.2, "why")


def test_a_threshold_is_lowered_only_as_far_as_its_rate_stays_as_sure() -> None:
    """One window in a thousand draws reaches 0.03; it may be twice as large by what the reference leaves open."""
    drawn = np.zeros(1000)
    drawn[:30] = 0.03
    family = Family("auc_drop", None, (DESKTOP,), 0.1)
    wanted = {"budget": 2.0, "runs": 365.25, "floor": 0.01}
    sure, rate_sure, _ = suggested(family, {DESKTOP: drawn}, factors=(1.0, 1.0), **wanted)  # type: ignore[arg-type]
    unsure, rate_unsure, _ = suggested(family, {DESKTOP: drawn}, factors=(0.5, 2.0), **wanted)  # type: ignore[arg-type]
    assert (sure, unsure) == (0.03, 0.06)
    assert rate_sure is not None
    assert rate_unsure is not None
    assert rate_unsure.interval[1] == rate_sure.interval[1] <= 2.0
    # What is already less sure than wanted may stay as unsure as it is.
    low = Family("auc_drop", None, (DESKTOP,), 0.05)
    value, alarms, _ = suggested(low, {DESKTOP: drawn}, factors=(0.5, 2.0), **wanted)  # type: ignore[arg-type]
    assert value == 0.03
    assert alarms is not None
    assert alarms.interval[1] > 2.0


def test_the_curve_holds_the_thresholds_in_force_and_suggested() -> None:
    found = calibrate(config(), schedule("4w", "1000"), log(12_000, 1), draws=60, injected=5, budget=50.0)
    for check in found.checks:
        at = {setting.threshold: setting for setting in check.curve}
        for setting in (check.now, check.warn, check.suggested, check.suggested_warn):
            assert setting is None or at[setting.threshold] == setting
        assert list(at) == sorted(at)
