"""Each candidate held against waiting on the same rows: overall, in each block of time, in each declared slice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.model.gains import HIGHER_IS_BETTER, BlockGains, Gain, Metric, ReliabilityPart, SliceGain
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.monitoring.replay.chain import Chain
from dawnwatch.monitoring.replay.slices import Slice
from dawnwatch.stats.left_out import LeftOut, left_out_of
from dawnwatch.stats.operating_point import answers_of_groups
from dawnwatch.stats.reliability import reliability
from dawnwatch.stats.worth import auc_left_out, brier_left_out, ece_left_out, log_loss_left_out

__all__ = ["LEADING", "Judge"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
LEADING: tuple[Metric, ...] = ("auc", "log_loss")
"""What actions are judged by; each block has these alone."""
LOST = "without one group of units it holds one class of label alone"
MEANS = {"log_loss": log_loss_left_out, "brier": brier_left_out, "ece": ece_left_out}


class Judge:
    """The judged rows of all blocks with the deployed model's scores of them.

    An AUC is of pairs of rows of one block, whose scores are of one model; all other measures are of rows, whichever
    their block.
    """

    def __init__(self, chain: Chain, slices: Sequence[Slice], config: Config) -> None:
        self._chain, self._slices, self._config = chain, slices, config
        self.rows, self._waiting = chain.judge, chain.after
        self._group, self.units = self.rows.groups(config.roles.unit, config.project.seed)

    @property
    def too_few_units(self) -> str | None:
        """Why no interval is given; None where there are units enough."""
        return self._too_few(self.units)

    def gains(self, scores: Floats, metrics: list[Metric], leading: Metric, joint: float) -> list[Gain]:
        """Return what scores are worth beside waiting, on the rows that have both.

        Parameters
        ----------
        leading : what the candidate is judged by, which alone gets an interval at the confidence `joint`, too
        """
        both = np.isfinite(scores)
        few = self.too_few_units
        found = [self._gain(scores, both, metric, few, joint if metric == leading else None) for metric in metrics]
        return [gain for gain in found if gain is not None]

    def waiting(self, metrics: list[Metric]) -> list[Gain]:
        """Return what the deployed model's own scores are worth."""
        found = self.gains(self._waiting, metrics, "auc", self._config.performance.confidence)
        return [_alone(gain) for gain in found]

    def blocks(self, scores: Floats, metrics: Sequence[Metric], learned: Sequence[int] = ()) -> list[BlockGains]:
        """Return the gain in each block, by what actions are judged by.

        Parameters
        ----------
        learned : how many rows were learned from for each block; empty where none were
        """
        found = []
        for at, cut in enumerate(self._chain.cuts):
            rows, few = (self._chain.block == at) & np.isfinite(scores), self._too_few(cut.units)
            own = [self._gain(scores, rows, metric, few) for metric in LEADING if metric in metrics]
            gains = [gain for gain in own if gain is not None]
            reason = None if len(gains) == len(own) else LOST if rows.any() else "it scored no row"
            found.append(BlockGains(learned_rows=learned[at] if learned else None, gains=gains, reason=reason))
        return found

    def waiting_blocks(self, metrics: Sequence[Metric]) -> list[BlockGains]:
        """Return what the deployed model's own scores are worth in each block."""
        return [
            one.model_copy(update={"gains": [_alone(gain) for gain in one.gains]})
            for one in self.blocks(self._waiting, metrics)
        ]

    def slices(self, scores: Floats) -> list[SliceGain]:
        """Return the AUC's gain in each declared slice."""
        found = []
        for column, value, inside in self._slices:
            rows = inside & np.isfinite(scores)
            reason = self._too_small(rows)
            gain = None if reason else self._gain(scores, rows, "auc", self.too_few_units)
            if gain is None:
                reason = reason or LOST
            found.append(SliceGain(column=column, value=value, rows=int(rows.sum()), auc=gain, reason=reason))
        return found

    @property
    def waiting_slices(self) -> list[SliceGain]:
        """The deployed model's AUC in each declared slice."""
        return [
            one if one.auc is None else one.model_copy(update={"auc": _alone(one.auc)})
            for one in self.slices(self._waiting)
        ]

    def reliability(self, scores: Floats) -> list[ReliabilityPart]:
        """Return what scores promise, and what came true, in bins of the rows that have one."""
        known = np.isfinite(scores)
        bins = reliability(
            self.rows.labels[known],
            scores[known],
            self._group[known],
            UNIT_GROUPS,
            confidence=self._config.performance.confidence,
        )
        sure = self.too_few_units is None
        return [
            ReliabilityPart(
                predicted=one.predicted,
                observed=one.observed,
                interval=one.interval if sure else None,
                rows=one.rows,
            )
            for one in bins
        ]

    @property
    def waiting_reliability(self) -> list[ReliabilityPart]:
        """The same of the deployed model's scores."""
        return self.reliability(self._waiting)

    def left_out(self, scores: Floats, metric: Metric) -> LeftOut | None:
        """Return the gain with what it is without each group of units."""
        return self._apart(scores, np.isfinite(scores), metric)[2]

    def _too_few(self, units: int | None) -> str | None:
        needed = self._config.significance.min_units
        if units is None or units >= needed:
            return None
        return f"too few units to judge: {units:,} {self._config.roles.unit} values, and it takes {needed:,}"

    def _gain(
        self, scores: Floats, rows: Mask, metric: Metric, few: str | None, joint: float | None = None
    ) -> Gain | None:
        value, waiting, apart = self._apart(scores, rows, metric)
        if apart is None or value is None or waiting is None:
            return None
        sure = few is None
        return Gain(
            metric=metric,
            value=value,
            waiting=waiting,
            gain=apart.value,
            interval=apart.interval(self._config.performance.confidence) if sure else None,
            joint=apart.interval(joint) if sure and joint is not None else None,
            p_value=apart.p_value if sure else None,
            rows=int(rows.sum()),
            reason=few,
        )

    def _apart(self, scores: Floats, rows: Mask, metric: Metric) -> tuple[float | None, float | None, LeftOut | None]:
        group = self._group[rows]
        if not group.size:
            return None, None, None
        new, old = (self._measure(metric, each, rows) for each in (scores, self._waiting))
        if new is None or old is None:
            return None, None, None
        filled = np.bincount(group, minlength=UNIT_GROUPS) > 0
        apart = _minus(new, old, filled) if metric in HIGHER_IS_BETTER else _minus(old, new, filled)
        return new.value, old.value, apart

    def _measure(self, metric: Metric, of: Floats, rows: Mask) -> LeftOut | None:
        labels, scores, group = self.rows.labels[rows], of[rows], self._group[rows]
        if metric == "auc":
            return auc_left_out(labels, scores, group, UNIT_GROUPS, block=self._chain.block[rows])
        if metric in MEANS:
            return MEANS[metric](labels, scores, group, UNIT_GROUPS)
        threshold, costs = self._config.model.threshold, self._config.costs
        if threshold is None:
            return None
        yes = scores >= threshold
        cells = np.bincount((group * 2 + labels) * 2 + yes, minlength=UNIT_GROUPS * 4).reshape(UNIT_GROUPS, 2, 2)
        paid = {"false_positive": costs.false_positive, "false_negative": costs.false_negative}
        found: LeftOut | None = getattr(answers_of_groups(cells, 1, **paid), metric)
        return found

    def _too_small(self, rows: Mask) -> str | None:
        performance, labels = self._config.performance, self.rows.labels[rows]
        if labels.size < performance.min_rows:
            return f"{labels.size:,} rows; [performance] min_rows asks for {performance.min_rows:,}"
        positives = int(labels.sum())
        fewest = min(positives, labels.size - positives)
        if fewest < performance.min_per_class:
            return f"{fewest:,} rows of a class; [performance] min_per_class asks for {performance.min_per_class:,}"
        return None


def _alone(gain: Gain) -> Gain:
    """Return what waiting has, which is held against nothing."""
    return gain.model_copy(update={"interval": None, "joint": None, "p_value": None})


def _minus(one: LeftOut, other: LeftOut, filled: Mask) -> LeftOut:
    """Subtract, with the variance over the groups that have rows; `LeftOut` itself would count empty ones."""
    return left_out_of(one.value - other.value, one.left_out - other.left_out, filled)
