"""The metrics of one window before its labels come, by either method, beside what the labels that came realise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.checks.performance.one_score import fullest_bin, same_score
from dawnwatch.checks.performance.tables import tables
from dawnwatch.model.estimates import Estimate, EstimatedMetric, Estimates
from dawnwatch.model.measurement import Interval
from dawnwatch.monitoring.estimates.fits import Fit, plain_fit, weighted_fit
from dawnwatch.monitoring.estimates.words import with_words
from dawnwatch.stats.class_order import class_order, p_in_either_order
from dawnwatch.stats.estimates import AT_THRESHOLD, METRICS, error_of, estimated, measures, realised
from dawnwatch.stats.left_out import LeftOut

__all__ = ["estimates_of", "labelled_table", "with_level"]

Table = NDArray[np.float64]
NOTHING = {
    "auc": "hardly a row, if any, is expected to be of one class",
    "accuracy": "hardly a row, if any, has a score",
    "precision": "hardly a row, if any, is answered with yes",
    "recall": "hardly a positive, if any, is expected",
    "f1": "hardly a positive, if any, is expected, or answered with yes",
}


def estimates_of(run: RunContext) -> Estimates | None:
    """Return what the metrics should be by the scores alone; None where labels, scores or the estimates are off.

    Needs no label of the current window. Where enough have come, what they realise stands beside the estimate on the
    same rows, and the difference is tested.
    """
    plan, rules = run.current.plan, run.config.performance
    if plan.label is None or plan.score is None or rules.estimates == "off":
        return None
    profile, least = run.current.profile, max(rules.min_per_class, 1)
    rows, labelled = int(profile.scores[:, :-1].sum()), labelled_table(run.of_labels(), run.label_weights)
    found = Estimates(
        answer="cannot_tell",
        rows=rows,
        unscored=int(profile.scores[:, -1].sum()),
        labelled=0 if labelled is None else round(float(labelled.sum())),
        threshold=_threshold(run)[0],
        weighted=run.label_weights is not None,
        confidence=rules.confidence,
        message="",
    )
    if rows == 0:
        return _said(found.model_copy(update={"reason": "no row of the current window has a score"}))
    if np.count_nonzero(profile.scores[:, :-1].sum(axis=0)) == 1 and rows >= least:
        return _said(found.model_copy(update={"reason": _in_one_bin(run)}))
    if int(run.performance_baseline.profile.scores[:2, :-1].sum(axis=1).min()) < least:
        reason = f"not enough labels: fewer than {least} scored rows of one class in the performance baseline"
        return _said(found.model_copy(update={"reason": reason}))
    first = _threshold(run)[1]
    plain = plain_fit(run, first)
    weighted = weighted_fit(run, first) if rules.estimates == "weighted" else Fit(None, reason="it is switched off")
    methods = [_estimate("cbpe", plain, run, labelled, first), _estimate("pape", weighted, run, labelled, first)]
    blind = weighted.apart or plain.of is None
    answer = "cannot_tell" if blind else "cbpe" if weighted.of is None else "pape"
    why = None if not blind else weighted.reason if weighted.apart else plain.reason
    return _said(found.model_copy(update={"methods": methods, "answer": answer, "reason": why}))


def with_level(found: Estimates, level: float) -> Estimates:
    """Return the estimates with whether their error is more than chance at a level of the run's error budget."""
    if found.gap_p_value is None:
        return found
    return with_words(found.model_copy(update={"gap": found.gap_p_value <= level, "gap_level": level}))


def labelled_table(run: RunContext, weights: Table | None = None) -> Table | None:
    """Return the labelled and scored rows of the current window; None where too few have come.

    They may be of one class, of which there is an accuracy and no AUC. Labels announced to be late that have come all
    the same are read; only rows too young to have one are not.

    Parameters
    ----------
    weights : by which each cell counts, such as the inverse chance that its rows' labels have come, of a shape that
        goes with the table's

    Returns
    -------
    per group of units, label and score bin, shape (64, 2, score bins)
    """
    table = tables(run)[1][:, :2].astype(np.float64)
    if run.unripe is not None or table.sum() < max(run.config.performance.min_per_class, 1):
        return None
    return table if weights is None else table * weights


def _in_one_bin(run: RunContext) -> str:
    """Say why scores of one bin tell nothing: they are one, or stand where the baseline taught nothing of scores."""
    at = fullest_bin(run.current)[0]
    if same_score(run.current, at) == 1:
        return "all scores are one and the same, and rank no row before another"
    last = run.current.plan.score_bins.edges.size
    where = "above" if at == last else "below" if at == 0 else "within one score bin of"
    return f"all scores lie {where} those of the performance baseline, which says what a score is worth"


def _said(found: Estimates) -> Estimates:
    """Return the estimates with the smallest p-value of the chosen one's errors, and in words."""
    chosen = found.chosen
    told = [] if chosen is None else [m.error_p_value for m in chosen.metrics if m.error_p_value is not None]
    if told:
        found = found.model_copy(update={"gap_p_value": min(1.0, len(told) * min(told))})
    return with_words(found)


def _threshold(run: RunContext) -> tuple[float | None, int | None]:
    """Return the threshold in use and the first coarse score bin from it on; None each where the bins cannot tell."""
    threshold = run.config.model.threshold
    found = None if threshold is None else run.current.plan.score_bins.from_threshold(threshold)
    return (None, None) if found is None else (threshold, found[1])


def _estimate(method: str, fit: Fit, run: RunContext, labelled: Table | None, first: int | None) -> Estimate:
    weights, chosen = fit.weights, fit.chosen
    return Estimate(
        method=method,  # type: ignore[arg-type]
        metrics=[] if fit.of is None else _metrics(fit, run, labelled, first),
        calibrator=chosen.calibrator if chosen else None,
        calibration_error=chosen.error if chosen else None,
        uncalibrated_error=chosen.uncalibrated if chosen else None,
        outside=weights.outside if weights else None,
        effective_rows=weights.rows if weights else None,
        effective_share=weights.share if weights else None,
        reason=fit.reason,
    )


def _metrics(fit: Fit, run: RunContext, labelled: Table | None, first: int | None) -> list[EstimatedMetric]:
    assert fit.of is not None  # noqa: S101 - asked before
    level, (before, now) = run.config.performance.confidence, tables(run)
    negatives, positives = before[:, :2].sum(axis=0).astype(np.float64)
    then = measures(negatives, positives, first)
    names = METRICS if first is not None else METRICS[:1]
    errors = [None] * len(names) if labelled is None else error_of(fit.of, labelled)
    real = [None] * len(names) if labelled is None else realised(labelled, first)
    order, told = None, False
    if labelled is not None:
        waiting = float(tables(run.of_labels())[1][:, 2].sum())
        order = class_order(labelled, waiting, fit.of.chance[0])
        least, each = max(run.config.performance.min_per_class, 1), labelled.sum(axis=(0, 2))
        few = each.min() < least
        # Of labels of one class, the rest still to come, nobody knows what the other class would make of them.
        told = not (few and waiting)
        tells = {"accuracy", "recall"} if each[1] >= least else {"accuracy"}
        real = [one if not few or name in tells else None for name, one in zip(names, real, strict=True)]
    ordered = [None] * len(names) if order is None else error_of(fit.of, order.table)
    exact = estimate(run.of_labels().current).auc if run.label_weights is None else None
    found = []
    for name, value, was, error, came, weighted in zip(
        names, estimated(fit.of, now.sum(axis=(0, 1))), then.tolist(), errors, real, ordered, strict=True
    ):
        if value is None:
            found.append(EstimatedMetric(name=name, value=None, reason=NOTHING[name]))
            continue
        # The score bins of these tables are coarser than what the AUC itself was read off.
        shift = exact.value - came.value if name not in AT_THRESHOLD and exact and came else 0.0
        one = EstimatedMetric(
            name=name,
            value=value.value,
            interval=value.interval(level),
            before=was if np.isfinite(was) else None,
        )
        if came is not None and not told:
            one = one.model_copy(update={"realised": came.value, "realised_interval": _cut(came.interval(level), 0.0)})
        elif error is not None and came is not None:
            one = _beside(one, error, came, shift, level)
            p_value = p_in_either_order(error[1], None if weighted is None else weighted[1])
            one = one.model_copy(update={"error_p_value": p_value})
        found.append(one)
    return found


def _beside(
    one: EstimatedMetric, error: tuple[float, LeftOut], came: LeftOut, shift: float, level: float
) -> EstimatedMetric:
    """Return a metric with what the labels that came realise, and the estimate on the same rows."""
    return one.model_copy(
        update={
            "on_labelled": min(max(error[0] + shift, 0.0), 1.0),
            "realised": came.value + shift,
            "realised_interval": _cut(came.interval(level), shift),
            "error": error[1].value,
            "error_interval": error[1].interval(level),
        }
    )


def _cut(bounds: Interval, shift: float) -> Interval:
    return max(bounds[0] + shift, 0.0), min(bounds[1] + shift, 1.0)
