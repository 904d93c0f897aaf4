"""Thresholds for a wanted budget of false alarms, each with the reasons it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.config.thresholds import yellow_for
from dawnwatch.model.calibration import Rate, Suggestion, ThresholdName
from dawnwatch.monitoring.calibration.judged import Subject
from dawnwatch.stats.trade_off import chance_interval, least_for

__all__ = ["Family", "families", "floors_of", "moved", "rate", "settings", "suggested", "yellow_with"]

Floats = NDArray[np.float64]
Factors = tuple[float, float]
SURE: Factors = (1.0, 1.0)


@dataclass(frozen=True)
class Family:
    """Subjects that share one value of dawnwatch.toml.

    Attributes
    ----------
    column : whose own threshold it is; None where it is the general one
    """

    threshold: ThresholdName
    column: str | None
    subjects: tuple[Subject, ...]
    now: float


def families(subjects: Sequence[Subject], config: Config) -> list[Family]:
    """Group subjects by the setting that decides about them."""
    found: dict[tuple[ThresholdName, str | None], list[Subject]] = {}
    for subject in subjects:
        found.setdefault((subject.threshold, _own(subject, config)), []).append(subject)
    return [
        Family(threshold, column, tuple(members), threshold_of(members[0], config))
        for (threshold, column), members in found.items()
    ]


def threshold_of(subject: Subject, config: Config) -> float:
    """Return the threshold in force for a subject: RED's of the PSI."""
    if subject.threshold == "psi":
        return config.psi_for(subject.name).red
    if subject.threshold == "missing":
        return config.missing_for(subject.name).max
    return config.thresholds.auc_drop.max


def floors_of(config: Config) -> dict[ThresholdName, float]:
    """Return the sizes below which nothing matters to the business."""
    set_ = config.calibrate
    return {"psi": set_.psi_floor, "auc_drop": set_.auc_floor, "missing": set_.missing_floor}


def _own(subject: Subject, config: Config) -> str | None:
    column = config.column(subject.name)
    if subject.threshold == "psi" and column.psi is not None and "red" in column.psi.model_fields_set:
        return subject.name
    if subject.threshold == "missing" and column.missing is not None and "max" in column.missing.model_fields_set:
        return subject.name
    return None


def rate(sizes: Floats, threshold: float, runs: float, *, strictly: bool, factors: Factors = SURE) -> Rate:
    """Return how often sizes reach a threshold in a year of runs.

    Parameters
    ----------
    sizes : of each drawn window, 0 where it did not count; shape (draws,)
    factors : by which the sizes may be other ones, by what the reference leaves open about its windows' variance
    """

    def times(least: float) -> int:
        return int((sizes > least).sum() if strictly or least <= 0 else (sizes >= least).sum())

    low = chance_interval(times(threshold / factors[0]), sizes.size)[0]
    high = chance_interval(times(threshold / factors[1]), sizes.size)[1]
    here = times(threshold)
    return Rate(a_year=here / sizes.size * runs, interval=(low * runs, high * runs), times=here)


def suggested(
    family: Family, sizes: Mapping[Subject, Floats], *, budget: float, runs: float, floor: float, factors: Factors
) -> tuple[float | None, Rate | None, str | None]:
    """Return the smallest threshold whose false alarms stay within a budget, their rate, and why there is none.

    Parameters
    ----------
    budget : false alarms a year of all the family's subjects together, which the draws surely keep to; what the
        reference leaves open about how much windows vary stands in the rate's interval alone
    """
    together = np.max([sizes[subject] for subject in family.subjects], axis=0)
    strictly = family.threshold != "psi"
    least = least_for(together, min(budget / runs, 1.0), strictly=strictly)
    if least is None:
        needed = ceil(3.7 * runs / budget / 100) * 100
        return None, None, f"{together.size} drawn windows cannot show so few false alarms: take --draws {needed}"
    value = _rounded_up(max(least, floor))
    if family.threshold != "psi" and value > 1:
        return None, None, "no threshold keeps to the budget"
    if value < family.now:
        value = _no_less_sure(together, value, family.now, budget, runs, strictly=strictly, factors=factors)
    return value, rate(together, value, runs, strictly=strictly, factors=factors), None


def _no_less_sure(
    together: Floats, value: float, now: float, budget: float, runs: float, *, strictly: bool, factors: Factors
) -> float:
    """Return how far a threshold may be lowered while its rate is as sure as before to stay within the budget.

    The rate's upper end must be within the budget, or no higher than that of the threshold in force.
    """
    present = rate(together, now, runs, strictly=strictly, factors=factors).interval[1]
    least = least_for(together, min(max(budget, present) / runs, 1.0), strictly=strictly)
    return value if least is None else min(now, max(value, _rounded_up(least * factors[1])))


def _rounded_up(value: float) -> float:
    """Round up to two digits, as a person would write it.

    Examples
    --------
    >>> _rounded_up(0.0512), _rounded_up(0.05), _rounded_up(0.2301)
    (0.052, 0.05, 0.24)
    """
    if value <= 0:
        return 0.0
    step = 10.0 ** (floor(log10(value)) - 1)
    # What a product leaves in the last digits is no reason for a whole step.
    return float(f"{ceil(round(value / step, 6)) * step:.2g}")


def moved(config: Config, suggestions: Iterable[Suggestion]) -> Config:
    """Return a configuration with the suggested thresholds, each with its `because`. Raises ConfigError."""
    tables = config.model_dump(exclude_unset=True)
    for one in suggestions:
        if one.value is None or not one.moves:
            continue
        table = tables.setdefault("thresholds", {}) if one.column is None else tables["columns"][one.column]
        before = table.get(one.threshold, {})
        table[one.threshold] = {
            **before,
            **settings(one.threshold, before, one.value, one.floor),
            "because": one.because,
        }
    found = Config.from_dict(tables, where="threshold")
    found._folder = config._folder
    return found


def settings(threshold: ThresholdName, before: Mapping[str, object], value: float, floor: float) -> dict[str, float]:
    """Return the keys of dawnwatch.toml that make this the threshold."""
    if threshold != "psi":
        return {"max": value}
    yellow = before.get("yellow")
    given = float(yellow) if isinstance(yellow, int | float) else None
    wanted = yellow_with(value, given, floor)
    # What follows from red by itself need not be written.
    kept = wanted == (yellow_for(value) if given is None else given)
    return {"red": value} if kept else {"yellow": wanted, "red": value}


def yellow_with(red: float, yellow: float | None, floor: float) -> float:
    """Return where YELLOW begins beside a RED bound: where it did, but below RED, and never below the floor.

    Parameters
    ----------
    yellow : as it was set; None where it follows from RED
    floor : at most `red`

    Examples
    --------
    >>> yellow_with(0.05, 0.1, 0.05), yellow_with(0.23, 0.1, 0.05), yellow_with(0.3, 0.1, 0.15)
    (0.05, 0.1, 0.15)
    """
    wanted = yellow_for(red) if yellow is None or yellow > red else yellow
    return min(red, max(wanted, floor))
