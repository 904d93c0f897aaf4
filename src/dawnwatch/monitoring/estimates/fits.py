"""What scores are worth: on the performance baseline as it is, and weighted to the current window's mix."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.tables import GROUPS, by_unit, mean_scores, tables
from dawnwatch.model.numbers import share, short_share
from dawnwatch.monitoring.causes.faulty import unseen
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.stats.calibrators import Chosen, choose
from dawnwatch.stats.estimates import Fitted, fitted
from dawnwatch.stats.mix import LEAST_OVERLAP
from dawnwatch.stats.movers import MOST_WEIGHTED, movers
from dawnwatch.stats.replicates import without_each
from dawnwatch.stats.reweighted import Reweighted, reweighted
from dawnwatch.stats.scored import Scored

__all__ = ["Fit", "plain_fit", "weighted_fit"]

FEW, NAMED = 0.05, 3
"""Share of the rows from which on a feature is named as what sets them apart, and how many are named."""
FEW_ROWS = "too few labelled rows of one class in the performance baseline"
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Fit:
    """One method's fit, or why there is none.

    Attributes
    ----------
    apart : whether the reason is that the windows are too unlike, so that no method can be gone by
    """

    of: Fitted | None
    chosen: Chosen | None = None
    weights: Reweighted | None = None
    reason: str | None = None
    apart: bool = False


def plain_fit(run: RunContext, first: int | None) -> Fit:
    """Return what scores are worth on the performance baseline; no window but it has a say, so it is found once.

    Parameters
    ----------
    first : the first coarse score bin that is answered with yes
    """
    baseline = run.performance_baseline

    def compute() -> Fit:
        table = tables(run)[0][:, :2]
        scores = mean_scores(baseline, table.shape[2])
        chosen = choose(table, scores, probabilities=_probabilities(run))
        found = fitted(without_each(table), chosen.calibrator, scores, first=first, filled=table.sum(axis=(1, 2)) > 0)
        return Fit(found, chosen, reason=None if found else FEW_ROWS)

    return baseline.once(("plain fit", by_unit(run), first), compute)


def weighted_fit(run: RunContext, first: int | None) -> Fit:
    """Return what scores are worth on the baseline's sampled rows, weighted to the current window's mix of features.

    Overlap comes first: where most current rows lie where the baseline has none, or the weights leave too few of its
    rows in effect, there is no fit, and the reason says by how much. Of many features, those that moved are weighted
    by, as where a fall is taken apart.
    """
    rules = run.config.performance
    asked = ("weighted fit", first, rules.outside, rules.min_per_class, tuple(_features(run)))
    return run.current.against(run.performance_baseline, asked, lambda: _weighted(run, first))


def _weighted(run: RunContext, first: int | None) -> Fit:
    rules, windows = run.config.performance, (run.performance_baseline, run.current)
    then, now = (Sampled.of(window) for window in windows)
    if then is None or now is None:
        return Fit(None, reason="no rows are sampled without [roles] unit or keys, or label or score is private")
    if not now.rows or np.bincount(then.label[then.labelled], minlength=2).min() < max(rules.min_per_class, 1):
        return Fit(None, reason=FEW_ROWS if now.rows else "no sampled row of the current window has a score")
    private = run.current.plan.private
    names = [name for name in _features(run) if name not in private and name in then.names and name in now.names]
    if not names:
        return Fit(None, reason="no feature is configured that both windows' rows can be weighted by")
    cuts = {name: then.cuts(name) for name in names}
    bins = [np.stack([side.bins(name, cut) for name, cut in cuts.items()], axis=1) for side in (then, now)]
    told, unit = list(names), run.current.plan.unit
    if unit is not None:  # whether the model knows a row's unit says more than its features do
        told.append(f"new {unit.column} values")
        bins = [np.column_stack([b, side.stratum]) for b, side in zip(bins, (then, now), strict=True)]
    kept = then.scored(then.labelled, bins[0], stratum=0)
    if len(names) > MOST_WEIGHTED:
        nothing = np.zeros(now.rows, np.int64)
        moved = movers(kept, Scored(now.group, nothing, nothing, nothing, bins[1]), groups=GROUPS).features
        kept, bins = replace(kept, bins=kept.bins[:, moved]), [side[:, moved] for side in bins]
        told = [told[at] for at in moved]
    size = tables(run)[0].shape[2]
    strange = _strange(run, now, names)
    every = np.any(list(strange.values()), axis=0)
    weights = reweighted(kept, now.group, bins[1], scores=size, groups=GROUPS, strange=every)
    lacking = {
        name: max(by, float(strange[name].mean()) if name in strange else 0.0)
        for name, by in zip(told, weights.lacking.tolist(), strict=True)
    }
    reason = _apart(weights, lacking, rules.outside, rules.min_per_class)
    if reason is not None:
        return Fit(None, None, weights, reason, apart=True)
    scores = mean_scores(run.performance_baseline, size)
    chosen = choose(weights.by_group, scores, probabilities=_probabilities(run))
    filled = kept.filled(GROUPS)
    found = fitted(weights.tables, chosen.calibrator, scores, first=first, filled=filled, rows=weights.rows)
    return Fit(found, chosen, weights, None if found else FEW_ROWS)


def _features(run: RunContext) -> list[str]:
    config = run.config
    return list(dict.fromkeys([*config.model.features, *config.watched, *config.roles.slices]))


def _strange(run: RunContext, now: Sampled, names: list[str]) -> dict[str, NDArray[np.bool_]]:
    """Return which sampled rows hold a value of each feature that the reference never did."""
    found = {}
    for name in names:
        moments = run.drift_baseline.profile.columns[name].moments
        found[name] = unseen(now, run.current.plan.column(name), (moments.low, moments.high))
    return found


def _apart(weights: Reweighted, lacking: dict[str, float], most: float, least: int) -> str | None:
    """Say why the baseline cannot stand for the current window, or None.

    Parameters
    ----------
    lacking : share of the rows now that the baseline has hardly any of by each feature alone
    """
    ranked = sorted(lacking, key=lambda name: -lacking[name])
    told = ", ".join(ranked[:NAMED]) + (" and others" if len(ranked) > NAMED else "")
    if weights.outside > most:
        alone = [f"{name} {short_share(lacking[name])}" for name in ranked[:NAMED] if lacking[name] >= FEW]
        return (
            f"{short_share(weights.outside)} of the sampled rows lie where the performance baseline has none or hardly "
            f"any ({', '.join(alone) or f'by {told} together'}); nothing is estimated above {short_share(most)}"
        )
    if weights.share < LEAST_OVERLAP:
        return (
            f"weighted to this window's mix, {share(weights.share)} of the performance baseline's rows are in effect, "
            f"of {short_share(LEAST_OVERLAP)} needed: the windows have too little in common in {told}"
        )
    fewest = float(weights.effective.min())
    if fewest < least:
        return (
            f"weighted to this window's mix, {fewest:.0f} rows of one class of the performance baseline are in effect, "
            f"of {least} needed"
        )
    return None


def _probabilities(run: RunContext) -> bool:
    """Whether the baseline's scores lie in [0, 1], so that they may be chances already."""
    edges = run.performance_baseline.plan.score_bins.edges
    return run.performance_baseline.profile.score_outside == 0 and (not edges.size or bool(edges[0] >= 0))
