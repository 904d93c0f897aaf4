"""What a calibration says in sentences: the reasons of a threshold, and what its figures leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from dawnwatch.config import Config
from dawnwatch.model.calibration import FoundSize, Rate, within
from dawnwatch.model.distances import PSI
from dawnwatch.model.numbers import duration, number, plural
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.monitoring.calibration.judged import Subject
from dawnwatch.monitoring.calibration.suggest import Family

__all__ = ["because", "cautions", "yearly"]

FEW = 8
"""Windows below which what changes from one to the next can hardly be told."""
SIZES = {"psi": "a PSI of", "auc_drop": "a fall of", "missing": "a share of"}


def because(
    family: Family,
    value: float,
    alarms: Rate,
    found: Mapping[Subject, Sequence[FoundSize]],
    *,
    yellow: float | None,
    yellow_alarms: Rate | None,
    floor: float,
    budget: float,
    hours: float,
    window: str,
    draws: int,
    seed: int,
) -> str:
    """Return the reasons of a threshold: what it costs, what it finds, and how that is known.

    Parameters
    ----------
    yellow, yellow_alarms : where YELLOW begins, and how often it is reached; of the PSI alone
    budget : false alarms a year that the threshold may raise
    """
    warned = f" YELLOW at {yellow:g}: {yearly(yellow_alarms)}." if yellow is not None and yellow_alarms else ""
    return (
        f"By dawnwatch calibrate: at {value:g}, {yearly(alarms)} where nothing happened, with a run every "
        f"{duration(hours)} over {window}. Of these {budget:g} are allowed: {within(alarms, budget, draws)}.{warned}"
        f"{_hardest(family, found)} What is smaller than {floor:g} does not matter here. {draws:,} windows drawn from "
        f"the reference, seed {seed}."
    )


def _hardest(family: Family, found: Mapping[Subject, Sequence[FoundSize]]) -> str:
    """Say which sizes are found, of the subject in which they are found last: never is later than any size."""
    there = {subject: sizes for subject, sizes in found.items() if sizes}
    unknown = [subject.name for subject in found if subject not in there]
    if not there:
        return ""
    more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
    untried = f" What it finds of {', '.join(unknown[:3])}{more} could not be tried." if unknown else ""
    subject = max(there, key=lambda one: ([inf if f.size is None else f.size for f in reversed(there[one])], one))
    named = family.threshold != "missing" and len(there) > 1
    of = f" ({subject.name}, where it is found last)" if named else ""
    sizes = [f"{number(f.size)} in {f.chance:.0%}" for f in there[subject] if f.size is not None]
    never = [f"{f.chance:.0%}" for f in there[subject] if f.size is None]
    if not sizes:
        return f" No size that was tried is found in {never[0]} of windows{of}.{untried}"
    but = f", and none that was tried in {' or '.join(never)}" if never else ""
    return f" It finds {SIZES[family.threshold]} {', '.join(sizes)} of windows{but}{of}.{untried}"


def yearly(alarms: Rate) -> str:
    """Write a rate: "0.6 false alarms a year (95 % interval 0 to 2.2)"."""
    low, high = alarms.interval
    return f"{number(alarms.a_year, 1)} false alarms a year (95 % interval {number(low, 1)} to {number(high, 1)})"


def cautions(history: History, config: Config) -> list[str]:
    """Return what the figures leave open."""
    found = []
    held = len(history.starts)
    if held < FEW:
        found.append(
            f"The reference holds {plural(held, 'window')} that do not overlap: what changes from season to season "
            "can hardly be told from so few, so real windows may alarm more often than these"
        )
    if history.blocks.windows > history.blocks.count / history.blocks.length + 1:
        found.append(
            f"Only the newest {history.blocks.count // history.blocks.length} windows of the reference are drawn from"
        )
    if history.blocks.time is None:
        found.append("No [roles] timestamp is set: rows are taken to stand in order of time")
    if history.scored is not history.data:
        fills = round(history.fills(history.scored))
        if fills > 1:
            unit = config.roles.unit or "row"
            found.append(
                f"Labels and scores are drawn from the performance baseline, which has a {_part(fills)} of a window's "
                f"rows: each window takes {fills} times as many groups of {unit} values, with fewer rows each"
            )
    elif config.roles.label and config.data.holdout is None:
        found.append(
            "The performance baseline is the reference itself: if the model learned from these rows, AUCs are "
            "flattered and vary less than on new ones"
        )
    binned = {name: history.plan.column(name).binning for name in config.watched}
    others = [n for n, binning in binned.items() if binning and config.method_for(n, binning.kind) != PSI]
    if others:
        found.append(f"Judged by another distance than the PSI, and not calibrated: {', '.join(others)}")
    if config.roles.unit is None:
        found.append(
            "No [roles] unit is set: rows are taken as independent, and false alarms as fewer than they are "
            "where one unit has many rows"
        )
    return found


def _part(fills: int) -> str:
    return {2: "half", 3: "third", 4: "quarter", 5: "fifth"}.get(fills, f"{fills}th part")
