"""The labelled rows of the current window, weighted as though the labels of one class came first."""

from __future__ import annotations

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.tables import by_unit, tables
from dawnwatch.stats.class_order import ClassOrder, class_order
from dawnwatch.stats.expected import calibrated

__all__ = ["explained", "label_order"]


def label_order(run: RunContext) -> ClassOrder | None:
    """Return them by the chances that scores had on the performance baseline; None where all labels have come.

    Parameters
    ----------
    run : whose current window holds the rows that are judged by their labels
    """
    before, now = tables(run)
    chance = run.performance_baseline.once(
        ("isotonic chances", by_unit(run)), lambda: calibrated(*before[:, :2].sum(axis=0))
    )
    return class_order(now[:, :2], float(now[:, 2].sum()), chance)


def explained(odds: float) -> str:
    """Say what may be all there is to it."""
    first, second, times = ("positive", "negative", odds) if odds >= 1 else ("negative", "positive", 1 / odds)
    return (
        f"on the rows that have a label: that a {first} has its label {times:.2g} times as often as a {second} by now "
        "would explain it, so no change is shown"
    )
