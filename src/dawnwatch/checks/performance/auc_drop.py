"""AUC drop: how far the model's ranking fell from the performance baseline."""

from __future__ import annotations

from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Measured, Measurement
from dawnwatch.stats.auc import auc_drop as drop_between

__all__ = ["auc_drop"]


@check("performance.auc_drop", needs=Scores, unit="AUC", threshold="auc_drop")
def auc_drop(reference: Scores, current: Scores) -> Measurement:
    """Reference AUC minus current AUC with DeLong's interval, overall and per declared slice."""
    fault = current.fault or reference.fault
    if fault is not None:
        return fault
    assert reference.auc is not None  # noqa: S101 - no fault means both were computed
    assert current.auc is not None  # noqa: S101
    drop = drop_between(reference.auc, current.auc)
    return Measured(value=drop.value, unit="AUC", n=current.n, interval=drop.interval(current.confidence))
