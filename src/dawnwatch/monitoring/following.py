"""Did a few popular values of a feature take over by themselves, or did another feature's shift bring them along?

Where one department's lectures become more, so do its lecturers': they are the few that gained, and all others lost
alike. What tells it from a fallback to what is popular are the rows: within the department each lecturer has as many as
ever. So the sampled rows of the drift baseline are weighted to the other feature's shares of the window, one other
feature at a time, and asked how much of the gain comes of that alone; and the other way round, since what is popular
brings its kinds along too: the feature that accounts for more of the other's gain than the other for its own was first.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.drift import Drift
from dawnwatch.model.feature_drift import FeatureDrift, Follows
from dawnwatch.model.numbers import short_share
from dawnwatch.model.window import Window
from dawnwatch.monitoring.gains import main_gains
from dawnwatch.profiling.sampled import sample_bins
from dawnwatch.triage.concentrated import Concentration, few_of
from dawnwatch.triage.evidence import Evidence

__all__ = ["brought", "with_following"]

ENOUGH = 0.5
"""Part of the gain from which on the other feature accounts for it; the popular ones that gained are those that chance
favoured too, and the other's kinds of row are never quite as they were, so that not all of it ever is."""
NEARLY_ALL = 0.8
"""Part from which on it does whatever the other way round gives: a value that is always of one kind gives all of it."""
COARSER = 0.5
"""Bins that the other may have at most, as a part of the feature's: one that tells every value apart is the feature by
another name, and would account for anything."""
Ints = NDArray[np.int32]
Sides = tuple[Ints, Ints]


def with_following(evidence: Evidence, run: RunContext) -> Drift:
    """Return the section of drift with, at each feature whose popular values took over, the one that brought them."""
    drift = evidence.drift
    found = {
        f.name: follows for f in evidence.drifted if (few := few_of(f)) and (follows := _of(f, few, evidence, run))
    }
    if not any(found.values()):
        return drift
    features = [f.model_copy(update={"follows": found.get(f.name)}) for f in drift.features]
    return drift.model_copy(update={"features": features})


def brought(few: NDArray[np.bool_], then: Ints, now: Ints) -> float:
    """Return the share that the few would have, did nothing but the other feature's shares change.

    Parameters
    ----------
    few : which rows then have one of the few values, shape (rows then,)
    then, now : the other feature's bin in every row, shapes (rows then,) and (rows now,)

    Notes
    -----
    Post-stratification: a bin's share of the few is as it was then, its weight as it is now. Bins that no row then
    had say nothing, and are left out of both.

    Examples
    --------
    >>> few = np.array([True, True, False, False, False, False])
    >>> brought(few, np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1]))
    0.4444444444444444
    """
    bins = 1 + int(max(then.max(initial=0), now.max(initial=0)))
    rows = np.bincount(then, minlength=bins)
    weight = np.where(rows > 0, np.bincount(now, minlength=bins), 0)
    within = np.bincount(then[few], minlength=bins) / np.maximum(rows, 1)
    return float(within @ weight / max(int(weight.sum()), 1))


def _of(feature: FeatureDrift, few: Concentration, evidence: Evidence, run: RunContext) -> Follows | None:
    """Return the other drifted feature that accounts for most of the gain, and for enough; None where none does."""
    own, best = _sides(run, feature.name), None
    for other in evidence.drifted:
        if other.name == feature.name or len(other.bins) > COARSER * len(feature.bins):
            continue
        sides = _sides(run, other.name)
        if own is None or sides is None:
            continue
        forth = _part(_which(run, feature.name, few.names), own, sides)
        back = _part(_which(run, other.name, main_gains(other)), sides, own)
        if forth >= NEARLY_ALL or (forth >= ENOUGH and forth > back):
            best = max(best or (forth, other.name), (forth, other.name))
    if own is None or best is None:
        return None
    share, name = best
    return Follows(
        feature=name,
        share=min(share, 1.0),
        rows=int(own[0].size),
        message=f"{len(few.names)} of its most popular values gained with {name}: {short_share(min(share, 1.0))} of "
        f"that gain comes of the shift of {name} alone, each kind of row as it was",
    )


def _part(gained: NDArray[np.bool_], own: Sides, other: Sides) -> float:
    """Return which part of what these bins gained the other feature's shift gives by itself; 0 where they gained none.

    Held against the sample's own shares, so that what the sample is off by looks like no gain.
    """
    before, after = (float(gained[codes].mean()) for codes in own)
    return (brought(gained[own[0]], *other) - before) / (after - before) if after > before else 0.0


def _which(run: RunContext, feature: str, names: Collection[str]) -> NDArray[np.bool_]:
    """Return which bins have one of these names, shape (bins,)."""
    binning = run.current.plan.column(feature).binning
    return np.array([name in names for name in binning.names] if binning else [], dtype=bool)


def _sides(run: RunContext, feature: str) -> Sides | None:
    """Return a feature's bin in each sampled row, then and now; None where either window has none."""
    then, now = (_bins(window, feature) for window in (run.drift_baseline, run.current))
    return None if then is None or now is None or not then.size or not now.size else (then, now)


def _bins(window: Window, name: str) -> Ints | None:
    """Return the sampled rows' bins of a feature; None where none are sampled, or the column is private or lost."""
    sample, column = window.profile.sample, window.plan.column(name)
    if sample is None or name not in sample.columns or column.binning is None:
        return None
    return window.once(("bins of sample", name), lambda: sample_bins(sample.columns[name], column))
