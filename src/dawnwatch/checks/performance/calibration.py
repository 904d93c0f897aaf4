"""Whether scores that claim to be chances still are: for reading, never judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.label_order import explained, label_order
from dawnwatch.checks.performance.tables import mean_scores, tables
from dawnwatch.model.numbers import number, signed
from dawnwatch.model.score_meaning import Calibration, ReliabilityBin
from dawnwatch.model.window import Window
from dawnwatch.stats import calibration as stats
from dawnwatch.stats.class_order import p_in_either_order

__all__ = ["calibration_of"]

FEW = 0.01
"""Share of the rows without a label up to which nobody asks."""


def calibration_of(run: RunContext) -> Calibration | None:
    """Return how the current window's scores compare with what came true, and how the baseline's did.

    None where scores are not declared probabilities, where some lie outside [0, 1], or where too few labels have come.
    A change counts whichever class's labels come first: only one that stays more than chance where every label that is
    missing among these rows is of one class, whichever.
    """
    rules, windows = run.config.performance, (run.performance_baseline, run.current)
    least = max(rules.min_per_class, 1)
    if run.config.roles.score_kind != "probability" or run.current.plan.label is None or run.labels_late:
        return None
    if any(w.profile.score_outside or w.profile.scores[:2, :-1].sum(axis=1).min() < least for w in windows):
        return None
    both = tables(run)
    before, now = (_fitted(window, table[:, :2]) for window, table in zip(windows, both, strict=True))
    if before is None or now is None:
        return None
    (brier_before, log_loss_before), (brier, log_loss) = (_losses(window) for window in windows)
    level = rules.confidence
    moved = now.in_the_large - before.in_the_large
    order = label_order(run)
    ordered = (
        None if order is None else stats.calibration_of_groups(order.table, mean_scores(run.current, both[1].shape[2]))
    )
    in_order = p_in_either_order(moved, None if ordered is None else ordered.in_the_large - before.in_the_large)
    waiting = _Waiting.of(run.current, both[1], now, before)
    p_value = in_order if waiting is None else max(in_order, waiting.p_value)
    changed, rows = p_value < 1 - level, run.current.profile
    partial = rows.labelled < (1 - FEW) * rows.rows
    shown = moved.p_value < 1 - level
    said = f"{_gap(now, before, level, partial=partial)}{_verdict(shown=shown, changed=changed, waiting=waiting)}"
    if order is not None and shown and in_order >= 1 - level:
        said = f"{_gap(now, before, level, partial=partial)}, {explained(order.odds)}"
    return Calibration(
        ece=now.ece.value,
        ece_interval=_cut(now.ece.interval(level)),
        ece_before=before.ece.value,
        in_the_large=now.in_the_large.value,
        in_the_large_interval=now.in_the_large.interval(level),
        in_the_large_before=before.in_the_large.value,
        changed=changed,
        partial=partial,
        p_value=p_value,
        brier=brier,
        brier_before=brier_before,
        log_loss=log_loss,
        log_loss_before=log_loss_before,
        bins=[
            ReliabilityBin(predicted=predicted, observed=observed, rows=rows)
            for predicted, observed, rows in zip(
                now.predicted.tolist(), now.observed.tolist(), now.rows.tolist(), strict=True
            )
        ],
        confidence=level,
        message=said,
    )


def _fitted(window: Window, table: NDArray[np.int64]) -> stats.Calibration | None:
    return window.once("calibration", lambda: stats.calibration_of_groups(table, mean_scores(window, table.shape[2])))


def _losses(window: Window) -> tuple[float, float]:
    """Return Brier score and log loss, from the fine score bins."""
    negatives, positives = window.profile.scores[:2, :-1]
    at = np.clip(window.plan.score_bins.middles, 0.0, 1.0)
    return stats.brier(negatives, positives, at) or 0.0, stats.log_loss(negatives, positives, at) or 0.0


def _cut(interval: tuple[float, float]) -> tuple[float, float]:
    return max(0.0, interval[0]), min(1.0, interval[1])


@dataclass(frozen=True)
class _Waiting:
    """What the labels that are missing among the judged rows could make of the scores' level.

    Attributes
    ----------
    rows : with a score and without a label
    most : by how much they can move the mean score less the share of positives, one way or the other
    p_value : of "no change", the larger one of all of them negative and all positive; 1 where the two lie on either
        side of no change, since labels between them then explain all of it
    """

    rows: int
    most: float
    p_value: float

    @classmethod
    def of(
        cls, window: Window, table: NDArray[np.int64], now: stats.Calibration, before: stats.Calibration
    ) -> _Waiting | None:
        """Return it; None where no label is missing."""
        unknown = table[:, 2]
        rows = int(unknown.sum())
        if rows == 0:
            return None
        scores, nothing = mean_scores(window, table.shape[2]), np.zeros_like(unknown)
        extremes = [
            stats.calibration_of_groups(table[:, :2] + np.stack(filled, axis=1), scores)
            for filled in ((unknown, nothing), (nothing, unknown))
        ]
        levels = [one.in_the_large for one in extremes if one is not None]
        most = max(abs(one.value - now.in_the_large.value) for one in levels)
        one, other = (level - before.in_the_large for level in levels)
        return cls(rows, most, p_in_either_order(one, other))

    @property
    def text(self) -> str:
        which = "the row without a label" if self.rows == 1 else f"the {self.rows:,} rows without a label"
        return f"{which} can move this by {number(self.most)} at most"


def _gap(now: stats.Calibration, before: stats.Calibration, level: float, *, partial: bool) -> str:
    value, low, high = now.in_the_large.value, *now.in_the_large.interval(level)
    which = "of the rows that have a label " if partial else ""
    return (
        f"On average {which}the scores promise {abs(value):.3f} {'more' if value > 0 else 'less'} than comes true "
        f"({signed(low)} to {signed(high)}; on the performance baseline {signed(before.in_the_large.value)})"
    )


def _verdict(*, shown: bool, changed: bool, waiting: _Waiting | None) -> str:
    if not shown:
        return ", no change beyond chance"
    if changed:
        return ": their level has moved" + ("" if waiting is None else f", and {waiting.text}")
    return "" if waiting is None else f"; {waiting.text}, so no change is counted"
