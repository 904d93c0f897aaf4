"""What a calibration says in sentences: the reasons of a threshold, and what its figures leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dawnwatch.config import Config
from dawnwatch.model.calibration import FoundSize, Rate
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
    floor: float,
    budget: float,
    hours: float,
    window: str,
    draws: int,
    seed: int,
) -> str:
    """Return the reasons of a threshold: what it costs, what it finds, and how that is known."""
    more = " More stays possible by what the reference leaves open." if alarms.interval[1] > budget else ""
    return (
        f"By dawnwatch calibrate: at {value:g}, {yearly(alarms)} where nothing happened, of {budget:g} allowed, with a "
        f"run every {duration(hours)} over {window}.{more}{_hardest(family, found)} "
        f"What is smaller than {floor:g} does not matter here. {draws:,} windows drawn from the reference, seed {seed}."
    )


def _hardest(family: Family, found: Mapping[Subject, Sequence[FoundSize]]) -> str:
    """Say which sizes are found, of the subject in which they are found last."""
    ranked = [(sizes[-1].size or 0.0, subject) for subject, sizes in found.items() if sizes and sizes[-1].size]
    if not ranked:
        return ""
    subject = max(ranked)[1]
    parts = [f"{number(f.size)} in {f.chance:.0%}" for f in found[subject] if f.size is not None]
    of = f" ({subject.name}, where it is found last)" if family.threshold != "missing" and len(ranked) > 1 else ""
    return f" It finds {SIZES[family.threshold]} {', '.join(parts)} of windows{of}."


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
