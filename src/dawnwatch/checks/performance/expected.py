"""The AUC that the scores alone lead one to expect, and how far the realised one lies from it: never judged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.checks.performance.label_order import label_order
from dawnwatch.checks.performance.tables import GROUPS, by_unit, tables
from dawnwatch.model.numbers import short_share, signed
from dawnwatch.model.score_meaning import ExpectedAuc
from dawnwatch.stats.class_order import p_in_either_order
from dawnwatch.stats.expected import CalibratedGroups, calibrated_groups, expected_auc_of_groups
from dawnwatch.stats.jackknife import clustered_auc
from dawnwatch.stats.left_out import LeftOut, left_out_of

__all__ = ["expected_auc_of"]

OUTSIDE = 0.5
"""Share of the current rows of new units, beyond that of the baseline, from which on nothing is expected of scores."""
Table = NDArray[np.int64]


def expected_auc_of(run: RunContext) -> ExpectedAuc | None:
    """Return what the current window's AUC should be by its scores; None where labels or scores are not configured.

    The chance of a positive at each score is read off the performance baseline, so this needs no label of the current
    window; where some have come, the realised AUC of those rows is held against what was expected of them.
    """
    plan = run.current.plan
    if plan.label is None or plan.score is None:
        return None
    level = run.config.performance.confidence
    reason = _fault(run)
    if reason is not None:
        return _unknown(reason, level)
    before, now = tables(run)
    # No window but the baseline has a say in what its scores are worth, so that is found once for all of them.
    worth = run.performance_baseline.once(("calibrated groups", by_unit(run)), lambda: calibrated_groups(before[:, :2]))
    found = run.current.against(
        run.performance_baseline,
        "expected auc",
        lambda: None if worth is None else expected_auc_of_groups(worth, now.sum(axis=1)),
    )
    if worth is None or found is None:
        return _unknown("the performance baseline holds too few rows of one class", level)
    asked = ("gap", run.weighted)
    apart, p_value = run.current.against(run.performance_baseline, asked, lambda: _gap(run, worth)) or (None, None)
    rows = int(now.sum())
    return ExpectedAuc(
        value=found.value,
        interval=found.interval(level),
        rows=rows,
        gap=apart.value if apart else None,
        gap_interval=apart.interval(level) if apart else None,
        gap_p_value=p_value,
        confidence=level,
        message=_message(found, apart, p_value, level, rows),
    )


def _fault(run: RunContext) -> str | None:
    """Say why nothing can be expected, or None."""
    before, now = run.performance_baseline.profile, run.current.profile
    least = run.config.performance.min_per_class
    if int(now.scores[:, :-1].sum()) == 0:
        return "no row of the current window has a score"
    if int(before.scores[:2, :-1].sum(axis=1).min()) < max(least, 1):
        return f"not enough labels: fewer than {max(least, 1)} scored rows of one class in the performance baseline"
    unit = run.current.plan.unit
    if unit is None or before.units is None or now.units is None or not now.units[:2].sum():
        return None
    new_then, new_now = (float(t[1].sum() / max(t[:2].sum(), 1)) for t in (before.units, now.units))
    if new_now - new_then > OUTSIDE:
        return (
            f"{short_share(new_now)} of the rows are of {unit.column} values new to the model ({short_share(new_then)} "
            "in the performance baseline): what their scores are worth cannot be told without labels"
        )
    return None


def _gap(run: RunContext, worth: CalibratedGroups) -> tuple[LeftOut, float] | None:
    """Return realised less expected AUC on the rows judged by their labels, weighted where the realised AUC is.

    With its p-value, whichever class's labels come first. None where too few labels have come.
    """
    ripe, least = run.of_labels(), max(run.config.performance.min_per_class, 1)
    labelled = tables(ripe)[1][:, :2]
    if run.unripe is not None or labelled.sum(axis=(0, 2)).min() < least:
        return None
    weighted = labelled if run.label_weights is None else labelled * run.label_weights
    expected = expected_auc_of_groups(worth, weighted.sum(axis=1))
    realised, exact = run.weighted or clustered_auc(labelled), run.weighted or estimate(ripe.current).auc
    if expected is None or realised is None or exact is None:
        return None
    every = np.ones(GROUPS, bool)
    apart = left_out_of(exact.value, realised.left_out, every) - expected
    order = label_order(ripe)
    if order is None:
        return apart, apart.p_value
    of_order, came = expected_auc_of_groups(worth, order.table.sum(axis=1)), clustered_auc(order.table)
    ordered = None if of_order is None or came is None else left_out_of(came.value, came.left_out, every) - of_order
    return apart, p_in_either_order(apart, ordered)


def _message(found: LeftOut, apart: LeftOut | None, p_value: float | None, level: float, rows: int) -> str:
    low, high = found.interval(level)
    said = (
        f"Estimated from {rows:,} scores alone, the AUC should be {found.value:.3f} ({low:.3f} to {high:.3f}) if a "
        "score still means what it meant on the performance baseline"
    )
    if apart is None or p_value is None:
        return f"{said}, which only labels can tell"
    between = " to ".join(signed(bound) for bound in apart.interval(level))
    told = f"{said}; on the labelled rows it is {signed(apart.value)} off ({between})"
    if p_value >= 1 - level:
        why = "within noise" if apart.p_value >= 1 - level else "what one class's labels coming first would explain"
        return f"{told}, which is {why}"
    worse = "less" if apart.value < 0 else "more"
    return f"{told}: scores mean {worse} than they did, be it a changed concept or rows the model did not learn from"


def _unknown(reason: str, level: float) -> ExpectedAuc:
    return ExpectedAuc(value=None, confidence=level, message=f"AUC not estimated: {reason}", reason=reason)
