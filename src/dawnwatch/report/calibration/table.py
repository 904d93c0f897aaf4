"""What a calibration says, as rows of text that the terminal and Markdown share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import inf

from dawnwatch.model.calibration import (
    CheckCalibration,
    FoundSize,
    Rate,
    Setting,
    Suggestion,
    ThresholdCalibration,
    within,
)
from dawnwatch.model.numbers import duration, number, plural, short_share

__all__ = [
    "HEADINGS",
    "TITLES",
    "check_rows",
    "how",
    "noticed",
    "pages_line",
    "rate_text",
    "suggestion_lines",
    "worst",
]

HEADINGS = ("threshold", "false alarms a year", "finds half", "4 in 5", "19 in 20")
TITLES = {"psi": "PSI", "auc_drop": "Fall of the AUC", "missing": "Missing values"}


def how(found: ThresholdCalibration) -> str:
    """Say what was drawn, and from what."""
    units = "" if found.units is None else f" of {plural(found.units, f'{found.unit} value')}"
    return (
        f"{found.draws:,} windows of {found.window_rows:,} rows, a run every {duration(found.every_hours)}, drawn from "
        f"{found.reference}: {found.reference_rows:,} rows{units}, {number(found.windows_held, 1)} windows"
    )


def check_rows(found: ThresholdCalibration) -> list[tuple[str, str, list[tuple[str, ...]]]]:
    """Return per check its title, the subject, and a row for each setting; subjects that are alike are one.

    A row holds the cells of `HEADINGS`.
    """
    return [(title, _names(checks), rows) for title, checks, rows in _alike(found.checks)]


def worst(found: ThresholdCalibration, most: int) -> tuple[ThresholdCalibration, int]:
    """Return the answer with as many of its subjects as fit a screen, in their order, and how many are left out.

    Kept are those that could not be calibrated, then those with the most false alarms now, by the interval's upper end
    where the rates are alike.
    """
    every = [checks for _, checks, _ in _alike(found.checks)]
    ranked = sorted(range(len(every)), key=lambda place: _alarms(every[place][0]), reverse=True)
    kept = [check for place in sorted(ranked[:most]) for check in every[place]]
    return found.model_copy(update={"checks": kept}), len(found.checks) - len(kept)


def _alike(checks: Sequence[CheckCalibration]) -> list[tuple[str, list[CheckCalibration], list[tuple[str, ...]]]]:
    """Return the checks in groups that stand in one row each, with the group's title and its rows."""
    made = []
    for check in checks:
        rows = [_row(name, setting) for name, setting in _settings(check)]
        if check.now is None:
            rows = [(f"not calibrated: {check.reason}", "", "", "", "")]
        made.append((TITLES[check.threshold], check, rows))
    groups = groupby(made, key=lambda one: (one[0], one[2]))
    return [(title, [check for _, check, _ in group], rows) for (title, rows), group in groups]


def _names(checks: Sequence[CheckCalibration]) -> str:
    more = f" and {len(checks) - 3} more" if len(checks) > 3 else ""
    return f"{', '.join(check.subject for check in checks[:3])}{more}"


def _alarms(check: CheckCalibration) -> tuple[float, float, float]:
    """Return what ranks a check: RED's false alarms, then the most there may be, then YELLOW's."""
    if check.now is None:
        return inf, inf, inf
    alarms = check.now.false_alarms
    return alarms.a_year, alarms.interval[1], (check.warn or check.now).false_alarms.a_year


def _settings(check: CheckCalibration) -> list[tuple[str, Setting]]:
    named = [("YELLOW", check.warn), ("now" if check.warn is None else "RED now", check.now)]
    for name, wanted, now in (
        ("suggested YELLOW", check.suggested_warn, check.warn),
        ("suggested", check.suggested, check.now),
    ):
        if wanted is not None and now is not None and wanted.threshold != now.threshold:
            named.append((name, wanted))
    return [(name, setting) for name, setting in named if setting is not None]


def _row(name: str, setting: Setting) -> tuple[str, ...]:
    found = {one.chance: one for one in setting.found}
    sizes = (_size(found.get(chance)) for chance in (0.5, 0.8, 0.95))
    return (f"{name} {setting.threshold:g}", rate_text(setting.false_alarms), *sizes)


def rate_text(rate: Rate) -> str:
    """Write a rate with its interval: "0.6 (0.0 to 2.2)"."""
    low, high = rate.interval
    return f"{_count(rate.a_year)} ({_count(low)} to {_count(high)})"


def _count(value: float) -> str:
    return number(value, 0 if value >= 10 else 1)


def _size(found: FoundSize | None) -> str:
    if found is None:
        return ""
    return "never" if found.size is None else number(found.size)


def pages_line(found: ThresholdCalibration) -> str:
    """Say how often a run in which nothing happened calls someone, now and with what is suggested."""
    said = f"False pages a year (severity high or critical): {rate_text(found.pages)}"
    last = found.pages
    if found.pages_suggested is not None and found.pages_suggested != found.pages:
        last = found.pages_suggested
        said += f"; with the suggested thresholds {rate_text(last)}"
    return f"{said}. Wanted at most {number(found.budget, 1)}: {within(last, found.budget, found.draws)}"


def suggestion_lines(found: ThresholdCalibration) -> list[str]:
    """Say what is suggested for each threshold, and why."""
    return [_suggested(one) for one in found.suggestions]


def _suggested(one: Suggestion) -> str:
    name = f"{'thresholds' if one.column is None else f'columns.{one.column}'}.{one.threshold}"
    if one.value is None:
        return f"{name}: nothing suggested: {one.reason}"
    yellow = ""
    if one.yellow is not None and one.yellow_now is not None and one.yellow != one.yellow_now:
        yellow = f" (YELLOW {one.yellow_now:g} → {one.yellow:g})"
    stays = one.value == one.now
    return f"{name} " + (f"stays {one.now:g}" if stays else f"{one.now:g} → {one.value:g}") + f"{yellow}: {one.because}"


def noticed(checks: Sequence[CheckCalibration]) -> list[str]:
    """Say of which subjects stretches of time differ by more than chance."""
    said: dict[str, str] = {}
    for check in checks:
        seasons = check.seasons
        if seasons is not None and seasons.share > 0:
            where = check.subject if check.threshold == "psi" else TITLES[check.threshold].lower()
            said[where] = (
                f"{where} differs from one stretch of the reference to another by {number(seasons.ratio, 1)} times "
                f"what chance would make it; {short_share(seasons.share)} of each drawn window is of one stretch"
            )
    return list(said.values())
