"""Metrics estimated before labels come, plainly and weighted, and their error on labelled rows: what is really so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from benchmarks.verify_stats.simulate import GROUPS, sizes
from benchmarks.verify_stats.study import CONFIDENCE, HEAVY, REFERENCE_UNITS, ROWS_EACH, UNITS, Cell, Right, within
from dawnwatch.stats.calibrators import choose
from dawnwatch.stats.estimates import METRICS, Fitted, error_of, estimated, fitted, realised
from dawnwatch.stats.replicates import without_each
from dawnwatch.stats.reweighted import reweighted
from dawnwatch.stats.scored import Scored

__all__ = ["estimates_cells"]

TRAITS = {"none": 0.0, "medium": 0.5, "strong": 1.0}
"""Standard deviation of the units' own part of the log odds, which no score knows."""
FIRST_KIND = {"as before": 0.7, "more of a kind": 0.3}
"""Share of the first kind of rows in the current window; in the reference it is 0.7."""
LOGITS = {0: (1.0, -0.4), 1: (0.5, 0.8)}
"""Slope and intercept of the log odds in the score, by kind: a score means another thing in either."""
SCORES = 512
MIDDLES = expit((np.arange(SCORES) + 0.5) / SCORES * 12 - 6)
SAID_YES = SCORES // 2


@dataclass(frozen=True)
class _Rows:
    group: NDArray[np.int64]
    label: NDArray[np.int64]
    score: NDArray[np.int64]
    kind: NDArray[np.int64]

    def table(self) -> NDArray[np.int64]:
        """Rows per group, label and score bin."""
        flat = (self.group * 2 + self.label) * SCORES + self.score
        return np.bincount(flat, minlength=GROUPS * 2 * SCORES).reshape(GROUPS, 2, SCORES)


def _rows(rng: np.random.Generator, units: int, first: float, traits: float, heavy: float) -> _Rows:
    """Rows whose log odds are the kind's line in the score, and the unit's own part."""
    rows = units * ROWS_EACH
    unit = np.repeat(np.arange(units), sizes(rng, units, rows, heavy))
    kind = (rng.random(rows) >= first).astype(np.int64)
    logit = rng.normal(0, 1.2, rows)
    slope, intercept = (np.array([LOGITS[k][at] for k in (0, 1)])[kind] for at in (0, 1))
    own = rng.normal(0, traits, units)[unit]
    label = (rng.random(rows) < expit(slope * logit + intercept + own)).astype(np.int64)
    score = np.clip(((logit + 6) / 12 * SCORES).astype(np.int64), 0, SCORES - 1)
    return _Rows(rng.integers(0, GROUPS, units)[unit], label, score, kind)


def _fits(before: _Rows, now: _Rows) -> tuple[Fitted | None, Fitted | None]:
    """Return the plain and the weighted fit."""
    table = before.table()
    filled = table.sum(axis=(1, 2)) > 0
    plain = choose(table, MIDDLES, probabilities=True).calibrator
    one = fitted(without_each(table), plain, MIDDLES, first=SAID_YES, filled=filled)
    nothing = np.zeros(before.group.size, np.int64)
    then = Scored(before.group, before.label, before.score, nothing, before.kind[:, None])
    weighed = reweighted(then, now.group, now.kind[:, None], scores=SCORES, groups=GROUPS)
    chosen = choose(weighed.by_group, MIDDLES, probabilities=True).calibrator
    other = fitted(weighed.tables, chosen, MIDDLES, first=SAID_YES, filled=filled, rows=weighed.rows)
    return one, other


def _right(traits: float, heavy: float, first: float, rng: np.random.Generator) -> Right:
    before, now = _rows(rng, REFERENCE_UNITS, 0.7, traits, heavy), _rows(rng, UNITS, first, traits, heavy)
    plain, weighted = _fits(before, now)
    if plain is None or weighted is None:
        return None
    table = now.table()
    truth = dict(zip(METRICS, realised(table, SAID_YES), strict=True))
    right: dict[str, bool] = {}
    for name, fit, asked in (("CBPE", plain, ("auc",)), ("PAPE", weighted, ("auc", "accuracy", "f1"))):
        for metric, found in zip(METRICS, estimated(fit, table.sum(axis=(0, 1))), strict=True):
            real = truth[metric]
            if metric in asked and found is not None and real is not None:
                right[f"{name} {metric}"] = within(found.interval(CONFIDENCE), real.value)
    gap = error_of(weighted, table)[0]
    if gap is not None:
        right["PAPE error"] = within(gap[1].interval(CONFIDENCE), 0.0)
    return right


def estimates_cells() -> Iterator[Cell]:
    """Units of every kind, the mix of rows as before and moved."""
    for alike, traits in TRAITS.items():
        for size, heavy in HEAVY.items():
            for mix, first in FIRST_KIND.items():
                yield Cell((alike, size, mix), partial(_right, traits, heavy, first))
