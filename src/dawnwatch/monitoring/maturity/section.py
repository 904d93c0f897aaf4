"""What the metric rests on, as it stands in the packet: cohorts, the curve of arrival, what is of record."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import numpy as np

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.maturity import ArrivalPoint, Maturity, OfRecord
from dawnwatch.monitoring.facts import moment_at
from dawnwatch.monitoring.maturity.ages import Aged, ClassCurves
from dawnwatch.monitoring.maturity.cohorts import cohorts_of, period_of
from dawnwatch.monitoring.maturity.cut import Ripe
from dawnwatch.monitoring.maturity.weighting import FEW, Weighing
from dawnwatch.monitoring.maturity.words import told

__all__ = ["maturity_of"]

CurveOf = Literal["baseline", "current"] | None
POINTS = 24
"""Ages at which the curve is written down."""


def maturity_of(
    run: RunContext, ripe: Ripe | None, as_of: datetime, weighing: Weighing, *, measured: bool
) -> Maturity | None:
    """Return what the metric rests on.

    Parameters
    ----------
    ripe : which rows are judged by their labels; None where no age was asked
    as_of : when the labels were looked at
    measured : whether the current window has an AUC

    Returns
    -------
    None where labels or scores are not configured, labels are announced to be late, or hardly a row lacks its label, or
    every row does, and none is too young.
    """
    plan, whole = run.current.plan, run.current.profile
    if plan.label is None or plan.score is None or run.config.labels.expected == "late" or not whole.rows:
        return None
    cut = ripe is not None and (ripe.window is not None or ripe.fault is not None or ripe.caution is not None)
    asked = ripe is not None and ripe.fault is not None
    if whole.labelled == 0 and not asked:
        return None  # that no row has a label is said elsewhere
    if not cut and whole.labelled >= (1 - FEW) * whole.rows:
        return None
    judged = run.of_labels().current.profile
    rows, labelled = (0, 0) if run.unripe is not None else (judged.rows, judged.labelled)
    aged, level = Aged.of(run.current, run.config), run.config.performance.confidence
    period = None if aged is None else period_of(aged)
    seconds, until = as_of.timestamp(), None if ripe is None else ripe.until
    cohorts = [] if aged is None or period is None else cohorts_of(aged, period, seconds, until, level)
    curve, of = ([], None) if aged is None else _curve(aged, run, seconds, level)
    record: OfRecord = "weighted" if run.weighted is not None else "mature" if run.ripe is not None else "all"
    found = Maturity(
        as_of=as_of,
        period=period,
        rows=whole.rows,
        labelled=whole.labelled,
        judged_rows=rows,
        judged_labelled=labelled,
        auc_rows=int(judged.scores[:2, :-1].sum()) if measured and run.unripe is None else 0,
        judged_until=moment_at(ripe.until) if ripe is not None and run.ripe is not None else None,
        mature_after_hours=None if ripe is None else ripe.age.hours,
        mature_after_from=None if ripe is None else ripe.age.where,
        cohorts=cohorts,
        curve=curve,
        curve_of=of,
        weighted=weighing.told,
        not_weighted=weighing.reason,
        cannot_tell=weighing.cannot_tell,
        of_record="none" if run.unripe is not None else record,
        message="",
    )
    return found.model_copy(update={"message": told(found, None if ripe is None else ripe.caution or ripe.fault)})


def _curve(aged: Aged, run: RunContext, as_of: float, level: float) -> tuple[list[ArrivalPoint], CurveOf]:
    """Return the share of labels come by an age, of the current window's arrival times, else of the baseline's."""
    config = run.config
    if config.roles.label_time is None:
        return [], None
    of: CurveOf = "current"
    found = aged.curve(as_of)
    if found is None:
        before = Aged.of(run.performance_baseline, config)
        last = None if before is None else before.last
        found, of = None if before is None or last is None else before.curve(last), "baseline"
    if found is None:
        return [], None
    places = np.unique(np.linspace(0, found.ages.size - 1, POINTS).round().astype(int))
    classes = ClassCurves.of(run.performance_baseline, config)
    points = []
    for age in found.ages[places].tolist():
        part = found.share(age)
        low, high = part.interval(level) if part.known else (0.0, 1.0)
        own = (None, None) if classes is None else tuple(float(curve.at([age])[0, 0]) for curve in classes.curves)
        points.append(
            ArrivalPoint(
                age_hours=age,
                share=part.value,
                interval=(max(low, 0.0), min(high, 1.0)),
                negatives=own[0],
                positives=own[1],
            )
        )
    return points, of
