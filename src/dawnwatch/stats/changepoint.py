"""When a series changed its level, at once or little by little: the split that fits best, with an interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erfc, inf, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

__all__ = ["ChangePoint", "mean_change", "share_change"]

Floats = NDArray[np.float64]
ENOUGH = 8
"""Blocks from which on their own scatter says how much more they vary than rows alone would."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """Where a series of blocks changed its level.

    Attributes
    ----------
    at : first block after the change, 1 to blocks - 1
    low, high : bounds on it, both included
    before, after : the levels
    p_value : chance that a series without a change divides this well somewhere, at most
    dispersion : variance of the blocks over what their rows alone would give; at least 1
    shape : "step" where the level changed at once; "ramp" where it began to change little by little, and then
        `after` is where it ends
    """

    at: int
    low: int
    high: int
    before: float
    after: float
    p_value: float
    dispersion: float
    shape: Literal["step", "ramp"] = "step"


def share_change(
    successes: ArrayLike,
    rows: ArrayLike,
    *,
    rising: bool | None = None,
    design_effect: float = 1.0,
    confidence: float = 0.95,
) -> ChangePoint | None:
    """Return where a share changed.

    Parameters
    ----------
    successes, rows : shape (blocks,), rows above 0
    rising : whether only a rise is looked for, or only a fall; by default either
    design_effect : variance of a block over that of as many independent rows, at least

    Returns
    -------
    None where there are fewer than two blocks, or none that divides them in the direction asked for.

    Notes
    -----
    The profile likelihood of two binomial levels over all splits. It is divided by the dispersion: the design effect,
    times Pearson's chi-squared about the two levels per degree of freedom where there are 8 blocks or more.

    The interval holds the splits whose log likelihood is within -log(1 - √confidence) of the best: at the true split,
    the best is ahead by the larger of two independent exponentials, for blocks many and changes small in each (Hinkley
    1970; Siegmund 1988). Its ends are those of what may be several pieces. The p-value is Bonferroni's over the splits,
    each a likelihood ratio with one degree of freedom.

    References
    ----------
    Hinkley, Biometrika 57 (1970) 1-17. Siegmund, International Statistical Review 56 (1988) 31-48.
    """
    s, n = np.asarray(successes, dtype=np.float64), np.asarray(rows, dtype=np.float64)
    if s.size < 2:
        return None
    (s_a, n_a), (s_b, n_b) = ((np.cumsum(x)[:-1] for x in (s, n)), (x.sum() - np.cumsum(x)[:-1] for x in (s, n)))
    gains = _binomial(s_a, n_a) + _binomial(s_b, n_b) - _binomial(s.sum(), n.sum())
    before, after = s_a / n_a, s_b / n_b

    def scatter(at: int) -> float:
        level = np.where(np.arange(s.size) < at, before[at - 1], after[at - 1])
        noise = n * level * (1 - level)
        return float(np.divide((s - n * level) ** 2, noise, out=np.zeros_like(s), where=noise > 0).sum())

    return _found(np.asarray(gains), before, after, scatter, rising, design_effect, confidence)


def mean_change(
    values: ArrayLike,
    variances: ArrayLike,
    *,
    rising: bool | None = None,
    creeping: bool = False,
    confidence: float = 0.95,
) -> ChangePoint | None:
    """Return where a mean changed; see `share_change`.

    Parameters
    ----------
    values, variances : of each block, shape (blocks,), variances above 0
    creeping : whether the change may also be a ramp: a level, then a straight line over 1, 2, 4 ... blocks or to the
        end, then a level (after Hinkley, Biometrika 56 (1969) 495-504). The interval then holds every beginning, of a
        step or of a ramp, whose log likelihood is near the best of all: where the data do not tell the shape, it is
        wide enough for each.
    """
    x, w = np.asarray(values, dtype=np.float64), 1 / np.asarray(variances, dtype=np.float64)
    if x.size < 2:
        return None
    w_a, sum_a = np.cumsum(w)[:-1], np.cumsum(w * x)[:-1]
    w_b, sum_b = w.sum() - w_a, (w * x).sum() - sum_a
    before, after = sum_a / w_a, sum_b / w_b
    gains = w_a * w_b / w.sum() * (after - before) ** 2 / 2

    def scatter(at: int) -> float:
        level = np.where(np.arange(x.size) < at, before[at - 1], after[at - 1])
        return float((w * (x - level) ** 2).sum())

    step = _found(gains, before, after, scatter, rising, 1.0, confidence)
    return _with_ramp(step, x, w, rising, confidence) if creeping and x.size >= ENOUGH else step


def _with_ramp(
    step: ChangePoint | None, x: Floats, w: Floats, rising: bool | None, confidence: float
) -> ChangePoint | None:
    """Return the change whose shape fits best, with an interval over the beginnings of all shapes."""
    if step is None:
        return None
    lengths = [0, *(2**power for power in range(int(log(x.size, 2)) + 1)), x.size]
    found = [_ramps(x, w, length) for length in lengths]
    gains = np.stack([gain for gain, _, _ in found])
    heights = np.stack([height for _, _, height in found])
    if rising is not None:
        gains = np.where((heights > 0) == rising, gains, -inf)
    which, best = (int(one) for one in np.unravel_index(int(np.argmax(gains)), gains.shape))
    level, height = float(found[which][1][best]), float(heights[which, best])
    fitted = level + height * _basis(x.size, best + 1, lengths[which])
    # Two levels, the beginning and the length are fitted.
    dispersion = max(float((w * (x - fitted) ** 2).sum()) / (x.size - 4), 1.0)
    top = float(gains[which, best])
    near = np.flatnonzero(gains.max(axis=0) >= top + dispersion * log(1 - sqrt(confidence)))
    low, high = int(near[0]) + 1, int(near[-1]) + 1
    tail = erfc(sqrt(max(top / dispersion, 0.0))) / (1 if rising is None else 2)
    # The level is shared between the steps and all other shapes.
    p_value = min(1.0, 2 * min(step.p_value, gains.size * tail))
    # A ramp has a length too, and must earn it (Schwarz's criterion); else the simpler shape says when.
    if top - gains[0, step.at - 1] <= dispersion * log(x.size) / 2:
        return replace(step, low=min(low, step.low), high=max(high, step.high), p_value=p_value)
    after = float(fitted[-1])
    return ChangePoint(best + 1, low, high, level, after, p_value, dispersion, "ramp")


def _basis(blocks: int, at: int | NDArray[np.int64], length: int) -> Floats:
    """Return what a change of height 1 adds to each block: nothing before `at`, then a line over `length` blocks."""
    return np.clip((np.arange(blocks) - at + 1) / (length + 1), 0.0, 1.0)


def _ramps(x: Floats, w: Floats, length: int) -> tuple[Floats, Floats, Floats]:
    """Return for each beginning its gain in log likelihood over one level, the level before it, and the height."""
    basis = _basis(x.size, np.arange(1, x.size)[:, None], length)
    total, mean = w.sum(), (w * x).sum() / w.sum()
    middle = (basis * w).sum(axis=1) / total
    spread = (w * (basis - middle[:, None]) ** 2).sum(axis=1)
    height = (w * (basis - middle[:, None]) * (x - mean)).sum(axis=1) / spread
    return height**2 * spread / 2, mean - height * middle, height


def _binomial(successes: Floats | np.float64, rows: Floats | np.float64) -> Floats:
    """Return the log likelihood at the share itself."""
    failures = rows - successes
    return np.asarray(xlogy(successes, successes / rows) + xlogy(failures, failures / rows))


def _found(
    gains: Floats,
    before: Floats,
    after: Floats,
    scatter: object,
    rising: bool | None,
    design_effect: float,
    confidence: float,
) -> ChangePoint | None:
    if rising is not None:
        gains = np.where((after > before) == rising, gains, -inf)
    best = int(np.argmax(gains))
    if not np.isfinite(gains[best]) or before[best] == after[best]:
        return None
    dispersion = max(design_effect, 1.0)
    blocks = gains.size + 1
    if blocks >= ENOUGH and callable(scatter):
        # Two levels and the split are fitted.
        dispersion *= max(scatter(best + 1) / dispersion / (blocks - 3), 1.0)
    scaled = gains / dispersion
    near = np.flatnonzero(scaled >= scaled[best] + log(1 - sqrt(confidence)))
    # erfc(√g) is the tail of chi-squared with one degree of freedom at 2 g.
    tail = erfc(sqrt(max(float(scaled[best]), 0.0))) / (1 if rising is None else 2)
    return ChangePoint(
        at=best + 1,
        low=int(near[0]) + 1,
        high=int(near[-1]) + 1,
        before=float(before[best]),
        after=float(after[best]),
        p_value=min(1.0, gains.size * tail),
        dispersion=dispersion,
    )
