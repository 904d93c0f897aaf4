"""What the model's answers are worth at the threshold in use: for reading, never judged."""

from __future__ import annotations

from collections.abc import Iterator

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.label_order import explained, label_order
from dawnwatch.checks.performance.tables import tables
from dawnwatch.config import Config
from dawnwatch.model.measurement import Interval
from dawnwatch.model.numbers import interval, number, short_share
from dawnwatch.model.score_meaning import OperatingPoint, PointMetric
from dawnwatch.stats.class_order import p_in_either_order
from dawnwatch.stats.left_out import LeftOut
from dawnwatch.stats.multiplicity import bonferroni_level
from dawnwatch.stats.operating_point import Answers, answers_of_groups, change

__all__ = ["operating_point_of"]

NAMES = ("precision", "recall", "f1", "cost")
TITLE = {"precision": "precision", "recall": "recall", "f1": "F1", "cost": "cost"}
NOTHING = {
    "precision": "hardly a row, if any, was answered with yes",
    "recall": "there is hardly a positive, if any",
    "f1": "there is hardly a positive, if any, or an answer of yes",
    "cost": "[costs] says what neither kind of wrong answer costs",
}


def operating_point_of(run: RunContext) -> OperatingPoint | None:
    """Return precision, recall, F1 and cost of both windows at `[model] threshold`.

    None where none is set, the model scores nothing, labels are late, or too few have come. A change
    counts whichever class's labels come first.
    """
    config, windows = run.config, (run.performance_baseline, run.current)
    threshold, least = config.model.threshold, max(config.performance.min_per_class, 1)
    if threshold is None or run.current.plan.label is None or run.labels_late:
        return None
    if any(w.profile.scores[:2, :-1].sum(axis=1).min() < least for w in windows):
        return None
    found = run.current.plan.score_bins.from_threshold(threshold)
    if found is None:  # counted under a plan from before the threshold was known
        return None
    costs = {"false_positive": config.costs.false_positive, "false_negative": config.costs.false_negative}
    before, now = (answers_of_groups(table[:, :2], found[1], **costs) for table in tables(run))
    order = label_order(run)
    ordered = None if order is None else answers_of_groups(order.table, found[1], **costs)
    metrics = list(_metrics(before, now, ordered, config))
    return OperatingPoint(
        threshold=threshold,
        rows=int(run.current.profile.scores[:2, :-1].sum()),
        said_yes=now.said_yes,
        said_yes_before=before.said_yes,
        metrics=metrics,
        cost_unit=config.costs.unit if config.costs.false_positive is not None else None,
        confidence=config.performance.confidence,
        message=_message(threshold, before, now, metrics, None if order is None else order.odds),
    )


def _metrics(before: Answers, now: Answers, ordered: Answers | None, config: Config) -> Iterator[PointMetric]:
    names = [name for name in NAMES if name != "cost" or config.costs.false_positive is not None]
    level = config.performance.confidence
    each = bonferroni_level(1 - level, len(names))
    for name in names:
        this: LeftOut | None = getattr(now, name)
        other: LeftOut | None = getattr(before, name)
        if this is None:
            yield PointMetric(name=name, value=None, reason=NOTHING[name])  # type: ignore[arg-type]
            continue
        moved = None if other is None else change(this, other)
        weighted: LeftOut | None = None if ordered is None else getattr(ordered, name)
        p_value = None
        if moved is not None and other is not None:
            p_value = p_in_either_order(moved, None if weighted is None else change(weighted, other))
        yield PointMetric(
            name=name,  # type: ignore[arg-type]
            value=this.value,
            interval=_cut(this.interval(level), name),
            before=None if other is None else other.value,
            before_interval=None if other is None else _cut(other.interval(level), name),
            change=None if moved is None else moved.value,
            change_interval=None if moved is None else moved.interval(level),
            p_value=p_value,
            changed=p_value is not None and p_value < each,
        )


def _cut(bounds: Interval, name: str) -> Interval:
    """Return an interval within what the measure can be."""
    return max(bounds[0], 0.0), bounds[1] if name == "cost" else min(bounds[1], 1.0)


def _message(threshold: float, before: Answers, now: Answers, metrics: list[PointMetric], odds: float | None) -> str:
    said = (
        f"At the threshold {threshold:g} the model says yes to {short_share(now.said_yes)} of rows (on the performance "
        f"baseline {short_share(before.said_yes)})"
    )
    apart = [
        one
        for one in metrics
        if one.change_interval is not None and not one.change_interval[0] <= 0 <= one.change_interval[1]
    ]
    moved = [
        f"{TITLE[one.name]} went from {number(one.before)} to {number(one.value)} (a change of "
        f"{interval(one.change_interval)})"
        for one in metrics
        if one.changed and one.change_interval is not None
    ]
    if odds is not None and apart and not moved:
        told = ", ".join(f"{TITLE[one.name]} {number(one.value)} (before {number(one.before)})" for one in apart)
        return f"{said}; {told} {explained(odds)}"
    return f"{said}; {', '.join(moved)}" if moved else f"{said}; nothing changed beyond chance"
