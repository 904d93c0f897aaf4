"""The AUC of all rows off those with a label: is it told of some rows rather than others, and can weights mend it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.model.maturity import WeightedAuc, WeightedMetric
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.model.score_bins import GROUPS
from dawnwatch.model.window import Window
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.monitoring.maturity.ages import Aged, ClassCurves
from dawnwatch.monitoring.maturity.cohorts import LENGTH, period_of
from dawnwatch.monitoring.maturity.words import NO_MATTER, ONLY_BESIDE, beyond_chance
from dawnwatch.stats.inverse_chance import SURE, Weighted, arrival_bias, class_first, excess_positives, weighted_auc
from dawnwatch.stats.jackknife import ClusteredAuc, clustered_auc, clustered_from
from dawnwatch.stats.operating_point import answers_of_groups
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import Scored

__all__ = ["FEW", "Weighing", "weigh_labels"]

FEW = 0.01
"""Share of the rows without a label up to which nobody asks."""
LEAST = 200
"""Sampled rows with a label below which nothing is weighted."""
LEAST_EFFECTIVE = 100.0
LEAST_CHANCE = 0.05
"""Rows whose label would have come with a smaller chance by their age stand for too many others."""
MOST_CUT = 0.02
"""Share of the rows that are like hardly any labelled one, above which the weighted AUC is not of record."""
MOST_FEATURES = 8
SCORE_PIECES = 32
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Weighing:
    """What came of weighting.

    Attributes
    ----------
    told : the weighted AUC as it stands in the packet; None where `reason` says why there is none
    of_record : in place of the raw AUC; None where the raw one is of record
    gain : what the weights add to the AUC of the sampled rows; None where nothing was weighted
    cells : mean weight of the labelled rows by label and score bin, 1 where there are none, shape (2, score bins)
    cannot_tell : slices of which no row has a label, in words
    """

    told: WeightedAuc | None = None
    of_record: ClusteredAuc | None = None
    gain: Part | None = None
    cells: NDArray[np.float64] | None = None
    reason: str | None = None
    cannot_tell: list[str] = field(default_factory=list)


def weigh_labels(run: RunContext, as_of: datetime) -> Weighing:
    """Weight the labelled rows of the current window so that they stand for all.

    Parameters
    ----------
    run : whose current window holds the rows that are judged by their labels
    """
    config, window = run.config, run.current
    asked = ("weighing", config.labels.weighting, config.performance, config.model.threshold, config.costs, as_of)
    return window.against(run.performance_baseline, repr(asked), lambda: _weigh(run, as_of.timestamp()))


def _weigh(run: RunContext, as_of: float) -> Weighing:
    config = run.config
    aged = None if config.labels.weighting == "off" else Aged.of(run.current, config)
    if aged is None:
        return Weighing(reason="it is switched off" if config.labels.weighting == "off" else "no rows are sampled")
    rows, came = aged.rows, aged.rows.labelled
    if came.sum() < LEAST or min(np.bincount(rows.label[came], minlength=2)) < config.performance.min_per_class:
        return Weighing(reason="too few of the sampled rows have a label")
    if (~came).mean() <= FEW:
        return Weighing(reason="nearly every row has its label")
    kept, base, by_class = _base(aged, run, as_of)
    features, names = _features(aged, run)
    kept, lost = _with_support(aged, run, kept)
    came = came[kept]
    chosen = rows.scored(kept, features, stratum=0)
    base = None if base is None else base[:, kept[rows.labelled]]
    if came.sum() < LEAST or came.all():
        return Weighing(reason="too few of the sampled rows have a label", cannot_tell=lost)
    bias = arrival_bias(chosen.bins, came, chosen.group, UNIT_GROUPS)
    found = weighted_auc(chosen, came, UNIT_GROUPS, base)
    if not found.auc.known or not found.raw.known:
        return Weighing(reason="too few units have a row with a label", cannot_tell=lost)
    shown = by_class or (bias is not None and bias.shown)
    gain = found.auc - found.raw
    full = _full(run.current, gain)
    level = config.performance.confidence
    if full is None:
        raw, value = found.raw.interval(level), found.auc.interval(level)
        middle = (found.raw.value, found.auc.value)
    else:
        raw, value = full[0].interval(level), full[1].interval(level)
        middle = (full[0].value, full[1].value)
    other = None if by_class else _class_first(run, aged, kept, chosen, found)
    excess, granting = other or (None, None)
    told = WeightedAuc(
        value=middle[1],
        interval=value,
        raw=middle[0],
        raw_interval=raw,
        confidence=level,
        rows=int(came.sum()),
        effective_rows=found.effective,
        biased=shown,
        bias=None if bias is None else bias.auc,
        bias_interval=None if bias is None else bias.interval,
        excess_positives=None if excess is None else excess.value,
        excess_positives_interval=None if excess is None else excess.interval(level),
        # Beside an AUC of all rows, of which the sample's differs by chance.
        granting_class=None if granting is None else granting[0] + middle[1] - found.auc.value,
        class_odds=None if granting is None else granting[1],
        by_class=by_class,
        by=names,
        metrics=_metrics(run, chosen.label[came], chosen.score[came], chosen.group[came], found),
        assumes=_assumes(names, by_class=by_class),
    )
    reason = _not_of_record(run, found, excess, granting, shown=shown, lost=lost, known=full is not None)
    cells = _cells(chosen.label[came], chosen.score[came], found.weights)
    return Weighing(told, full[1] if reason is None and full is not None else None, gain, cells, reason, lost)


def _base(aged: Aged, run: RunContext, as_of: float) -> tuple[Mask, NDArray[np.float64] | None, bool]:
    """Return the rows that are old enough to weigh, and the inverse chance by class and age where classes differ."""
    every = np.ones(aged.rows.rows, dtype=bool)
    curves = None if run.config.roles.label_time is None else ClassCurves.of(run.performance_baseline, run.config)
    if curves is None or not curves.differ or aged.seconds is None:
        return every, None, False
    ages = np.nan_to_num(aged.ages(as_of), nan=np.inf)
    rarest = np.min([curve.at(ages)[0] for curve in curves.curves], axis=0)
    labelled = aged.rows.labelled
    shares = curves.shares(aged.rows.label[labelled], ages[labelled])
    return rarest >= LEAST_CHANCE, 1 / np.maximum(shares, LEAST_CHANCE), True


def _features(aged: Aged, run: RunContext) -> tuple[Ints, list[str]]:
    """Return what the chance of a label is modelled by, as bins of shape (rows, features), and in words."""
    rows, config = aged.rows, run.config
    # The score is left out: it tells the class best, and where positives come first it would pass for the reason.
    columns, names = [np.zeros(rows.rows, np.int64)], list[str]()
    if run.current.plan.unit is not None:
        columns, names = [*columns, rows.stratum], [*names, f"known or new {run.current.plan.unit.column}"]
    period = period_of(aged)
    if period is not None and aged.seconds is not None:
        at = np.nan_to_num(np.floor(aged.seconds / LENGTH[period]), nan=-1.0)
        columns, names = [*columns, np.unique(at, return_inverse=True)[1]], [*names, f"{period} of the prediction"]
    wanted = dict.fromkeys([*config.roles.slices, *config.watched[:MOST_FEATURES]])
    for name in (name for name in wanted if name in rows.names):
        columns, names = [*columns, rows.bins(name, rows.cuts(name))], [*names, name]
    return np.stack(columns, axis=1).astype(np.int64), names


def _with_support(aged: Aged, run: RunContext, kept: Mask) -> tuple[Mask, list[str]]:
    """Leave out the slices, and the newest cohorts, of which hardly a row has a label; return the slices in words."""
    rows, lost, least = aged.rows, [], run.config.performance.min_rows
    for name in (name for name in run.current.plan.slices if name in rows.names):
        cuts = rows.cuts(name)
        codes = rows.bins(name, cuts)
        every, labelled = (np.bincount(codes[own], minlength=len(cuts.names)) for own in (kept, kept & rows.labelled))
        for code in np.flatnonzero((every >= least) & (labelled == 0)).tolist():
            lost.append(f"{name} = {cuts.names[code]}")
            kept = kept & (codes != code)
    period = period_of(aged)
    if period is not None and aged.seconds is not None:
        at = np.nan_to_num(np.floor(aged.seconds / LENGTH[period]), nan=-1.0)
        _, codes = np.unique(at, return_inverse=True)
        every, labelled = np.bincount(codes[kept]), np.bincount(codes[kept & rows.labelled], minlength=1)
        labelled = np.append(labelled, np.zeros(max(every.size - labelled.size, 0), np.int64))
        kept = kept & (labelled / np.maximum(every, 1) >= LEAST_CHANCE)[np.minimum(codes, every.size - 1)]
    return kept, lost


def _full(window: Window, gain: Part) -> tuple[ClusteredAuc, ClusteredAuc] | None:
    """Return the raw AUC of all rows, and with what the weights add in the sample; None without units.

    What the weights add is found on the sample, and the AUC itself on all rows: together they vary less than the
    weighted AUC of the sample alone.
    """
    exact, tables = estimate(window).auc, window.profile.group_scores
    raw = None if tables is None else clustered_auc(tables.sum(axis=0)[:, :2, :-1])
    if exact is None or raw is None or tables is None:
        return None
    filled = tables.sum(axis=0)[:, :2, :-1].sum(axis=(1, 2)) > 0
    left_out = raw.left_out + gain.values[1:]
    weighted = clustered_from(exact.value + gain.value, left_out + (exact.value - raw.value), filled)
    return clustered_from(exact.value, raw.left_out + (exact.value - raw.value), filled), weighted


def _cells(label: Ints, score: Ints, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    key = label * GROUPS + score
    rows, summed = (np.bincount(key, w, 2 * GROUPS) for w in (np.ones(key.size), weights))
    return np.where(rows > 0, summed / np.maximum(rows, 1.0), 1.0).reshape(2, GROUPS)


def _metrics(run: RunContext, label: Ints, score: Ints, group: Ints, found: Weighted) -> list[WeightedMetric]:
    """Return precision, recall, F1 and cost at the threshold, raw and weighted; the weights are taken as given."""
    threshold, costs = run.config.model.threshold, run.config.costs
    first = None if threshold is None else run.current.plan.score_bins.from_threshold(threshold)
    if first is None:
        return []
    key, size = (group * 2 + label) * GROUPS + score, UNIT_GROUPS * 2 * GROUPS
    tables = [np.bincount(key, w, size).reshape(UNIT_GROUPS, 2, GROUPS) for w in (np.ones(label.size), found.weights)]
    paid = {"false_positive": costs.false_positive, "false_negative": costs.false_negative}
    raw, weighted = (answers_of_groups(table, first[1], **paid) for table in tables)
    metrics = []
    for name in ("precision", "recall", "f1", "cost"):
        pair = getattr(raw, name), getattr(weighted, name)
        if None not in pair:
            low, high = pair[1].interval(run.config.performance.confidence)
            high = high if name == "cost" else min(high, 1.0)
            metrics.append(
                WeightedMetric(name=name, raw=pair[0].value, value=pair[1].value, interval=(max(low, 0.0), high))
            )
    return metrics


def _class_first(
    run: RunContext, aged: Aged, kept: Mask, chosen: Scored, found: Weighted
) -> tuple[Part, tuple[float, float]] | None:
    """Return how much more often weighted rows are positive than the baseline's at the same score, and `class_first`.

    None where the baseline's sample does not tell.
    """
    before = Aged.of(run.performance_baseline, run.config)
    if before is None:
        return None
    own, labelled = before.rows.labelled, kept & aged.rows.labelled
    reference = _by_score(before.rows, own, np.ones(int(own.sum())))
    excess = excess_positives(reference, _by_score(aged.rows, labelled, found.weights))
    if not excess.known:
        return None
    rows = reference.sum(axis=0)
    chance = (rows[1] + 0.5) / (rows.sum(axis=0) + 1.0)
    each = chance[aged.rows.score[labelled] * SCORE_PIECES // GROUPS]
    return excess, class_first(chosen, aged.rows.labelled[kept], UNIT_GROUPS, each)


def _by_score(rows: Sampled, own: Mask, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weight of some labelled rows, shape (groups, 2, score pieces)."""
    key = (rows.group * 2 + rows.label) * SCORE_PIECES + rows.score * SCORE_PIECES // GROUPS
    size = UNIT_GROUPS * 2 * SCORE_PIECES
    return np.bincount(key[own], weights, size).astype(np.float64).reshape(UNIT_GROUPS, 2, SCORE_PIECES)


def _not_of_record(
    run: RunContext,
    found: Weighted,
    excess: Part | None,
    granting: tuple[float, float] | None,
    *,
    shown: bool,
    lost: list[str],
    known: bool,
) -> str | None:
    """Say why the raw AUC stays of record, or None."""
    if not shown:
        return "no bias was shown: rows with and without a label are alike in what the chance was modelled by"
    low, high = (found.auc - found.raw).interval(SURE)
    if low <= 0 <= high:
        return NO_MATTER
    if lost:
        return f"of {', '.join(lost)} no row has a label, so that no weight can stand for it"
    if excess is not None and beyond_chance(excess.interval(run.config.performance.confidence)):
        return "weighted rows are positive more often or less than the baseline's at the same score"
    if granting is not None and abs(granting[0] - found.raw.value) < abs(granting[0] - found.auc.value):
        return (
            f"were it that a positive has its label {granting[1]:.3g} times as often as a negative, which the scores "
            f"suggest, the AUC would be {granting[0]:.3f}, nearer the raw one; without [roles] label_time it is not "
            "known"
        )
    if found.cut > MOST_CUT:
        return f"{found.cut:.0%} of the rows are like hardly any that has a label, so that no weight can stand for them"
    if found.effective < LEAST_EFFECTIVE:
        return f"weighted, the labelled rows tell no more than {found.effective:.0f} alike would"
    if not known:
        return "without [roles] unit its interval cannot be held against the baseline's"
    return ONLY_BESIDE if run.config.labels.weighting == "beside" else None


def _assumes(names: list[str], *, by_class: bool) -> list[str]:
    told = [f"Rows alike in {', '.join(names)} have their labels by chance alone"]
    if by_class:
        told.append("Labels of either class take as long as they did in the performance baseline")
    return told
