"""Did the few most popular values of a feature take over together, and all others lose alike?

So does a fallback that hands out what is popular, and so do people who come to want what most wanted before. One value
that comes into fashion, a campaign, or a season that favours some things over others look otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.plan import MISSING, OTHER, OTHER_OR_UNSEEN, UNSEEN
from dawnwatch.triage.evidence import Evidence

__all__ = ["Concentration", "concentrated", "takeover"]

VALUES = 20
"""Values with a bin of their own from which on a few of them are few."""
FEWEST = 3
MOST = 0.5
"""Share of the rows that the few held together at most: beyond, it is the rest that became fewer."""
ALONE = 0.5
"""Share of their gain from which on it is one value's."""
EXPLAINED = 0.5
"""Share of the shift (Kullback-Leibler) that one factor on the few and one on all others must explain."""


@dataclass(frozen=True)
class Concentration:
    """A feature whose most popular values took over.

    Attributes
    ----------
    values : how many of them
    then, now : their share of the rows
    explained : share of the shift that one factor on them and one on all others explain
    """

    feature: str
    values: int
    then: float
    now: float
    explained: float


def concentrated(evidence: Evidence) -> Concentration | None:
    """Return the first drifted feature whose most popular values took over; None where there is none."""
    return next((found for feature in evidence.drifted if (found := _of(feature)) is not None), None)


def _of(feature: FeatureDrift) -> Concentration | None:
    if feature.kind != "categorical":
        return None
    own = [share for share in feature.bins if share.bin not in {OTHER, OTHER_OR_UNSEEN, MISSING, UNSEEN}]
    if len(own) < VALUES:
        return None
    own.sort(key=lambda share: -share.reference)
    rest = [share for share in feature.bins if share.bin in {OTHER, OTHER_OR_UNSEEN, MISSING, UNSEEN}]
    then, now = ([getattr(share, side) for share in [*own, *rest]] for side in ("reference", "current"))
    found = takeover(then, now, ranked=len(own))
    return None if found is None else Concentration(feature.name, *found)


def takeover(then: Sequence[float], now: Sequence[float], *, ranked: int) -> tuple[int, float, float, float] | None:
    """Return how many of the most popular values took over, their shares then and now, and what that explains.

    They are those up to which the gain, added up in order of popularity, is largest (as in the Kolmogorov-Smirnov
    distance). What one factor on them and one on all others explain of the shift is the Kullback-Leibler divergence of
    the two sums over that of all bins (its chain rule), so chance in many small bins counts against it.

    Parameters
    ----------
    then, now : shares of the bins, shape (bins,), the `ranked` first from the most popular down

    Examples
    --------
    >>> then = [0.05] * 20
    >>> takeover(then, [0.1] * 4 + [0.0375] * 16, ranked=20)
    (4, 0.2, 0.4, 1.0)
    >>> takeover(then, [0.24] + [0.04] * 19, ranked=20) is None
    True
    """
    p, q = np.asarray(then, dtype=np.float64), np.asarray(now, dtype=np.float64)
    gains = np.cumsum(q[:ranked] - p[:ranked])
    few = int(np.argmax(gains)) + 1
    held, holds = float(p[:few].sum()), float(q[:few].sum())
    gained = q[:few] - p[:few]
    whole = _divergence(q, p)
    if few < FEWEST or held > MOST or holds <= held or whole <= 0 or gained.max() > ALONE * (holds - held):
        return None
    two = _divergence(np.array([holds, 1 - holds]), np.array([held, 1 - held]))
    explained = min(two / whole, 1.0)
    return (few, held, holds, explained) if explained >= EXPLAINED else None


def _divergence(q: NDArray[np.float64], p: NDArray[np.float64]) -> float:
    """Return the Kullback-Leibler divergence of q from p, in nats, over the bins that both hold rows in."""
    both = (q > 0) & (p > 0)
    return float((q[both] * np.log(q[both] / p[both])).sum())
