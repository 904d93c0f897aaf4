"""Numbers of the current window beyond all that the reference held, where there are more than chance brings."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.feature_drift import Beyond, FeatureDrift
from dawnwatch.model.numbers import short_share
from dawnwatch.model.profile import Profile

__all__ = ["all_above", "with_support"]

LEAST = 0.01
"""Share of the sampled rows beyond one end from which on it is told."""
CHANCE = 0.001
"""Chance of so many units beyond that end, were both windows' units alike, below which it is told."""
Floats = NDArray[np.float64]
Side = Literal["below", "above"]


def with_support(features: list[FeatureDrift], run: RunContext) -> list[FeatureDrift]:
    """Return the features, each with the share of its rows that lie beyond all the reference held; it informs.

    A PSI of deciles does not see how far beyond its last edge a number lies, such as a -999 in place of an age. It is
    told of at least a hundredth of the sampled rows, and of more units than chance brings. A configured range has a
    check of its own, and a private column is in no sample.
    """
    return [feature.model_copy(update={"beyond": _beyond(feature.name, run)}) for feature in features]


def all_above(most: int, those: int, others: int) -> float:
    """Return the chance that the `most` highest of all are of `those`, were they and the `others` alike; exact.

    Of any continuous distribution: each order of all values is as likely as another, so it is C(those, most) over
    C(those + others, most).
    """
    if most > those:
        return 0.0
    steps = np.arange(most, dtype=np.float64)
    return exp(float(np.log((those - steps) / (those + others - steps)).sum())) if most else 1.0


def _beyond(name: str, run: RunContext) -> Beyond | None:
    sample, then = run.current.profile.sample, run.drift_baseline.profile
    moments, bounds = then.columns[name].moments, run.current.plan.column(name).bounds
    if sample is None or name not in sample.columns or sample.columns[name].dtype != np.float64:
        return None
    if bounds is not None or moments.low is None or moments.high is None:
        return None
    values = sample.columns[name]
    known = np.isfinite(values)
    units, others = np.unique(sample.units[known]).size, _units(then, moments.finite)
    sides: Sequence[tuple[Side, NDArray[np.bool_]]] = [
        ("below", known & (values < moments.low)),
        ("above", known & (values > moments.high)),
    ]
    side, beyond = max(sides, key=lambda one: int(one[1].sum()))
    share = float(beyond.sum() / max(values.size, 1))
    if share < LEAST or all_above(np.unique(sample.units[beyond]).size, units, others) >= CHANCE:
        return None
    end = "lowest" if side == "below" else "highest"
    furthest = float(values[beyond].min() if side == "below" else values[beyond].max())
    return Beyond(
        side=side,
        share=share,
        rows=int(values.size),
        furthest=furthest,
        reference_low=moments.low,
        reference_high=moments.high,
        message=f"{short_share(share)} of {name} lie {side} anything the reference held ({end} {furthest:g}; reference "
        f"{moments.low:g} to {moments.high:g})",
    )


def _units(profile: Profile, rows: int) -> int:
    """Return how many units the reference has; its rows where none is configured, each being one."""
    return rows if profile.unit_counts is None else round(profile.unit_counts.units)
