"""Did the few most popular values of a feature take over together, and all others lose alike?

So does a fallback that hands out what is popular, and so do people who come to want what most wanted before. One value
that comes into fashion, a campaign, or a season that favours some things over others look otherwise. So does the surge
of another feature that brings its values along, such as a department its lecturers: see `Follows`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from dawnwatch.model.bin_names import SHARED
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.numbers import short_share
from dawnwatch.triage.evidence import Evidence

__all__ = ["Concentration", "concentrated", "few_of", "takeover"]

VALUES = 20
"""Values with a bin of their own from which on a few of them are few."""
FEWEST = 3
MOST = 0.5
"""Share of the rows that the few held together at most: beyond, it is the rest that became fewer."""
POPULAR = 0.25
"""Part of the values, the most popular in the reference, that the few must nearly all be of."""
TAIL = 0.1
"""Share of the reference's rows whose value has no bin of its own from which on every value with one is popular."""
ALONE = 0.5
"""Share of their gain from which on it is one value's."""
EXPLAINED = 0.5
"""Share of all gains that theirs must be."""
SIGMAS = 3.0
"""Standard errors from which on a value gained, or went another way than the rest."""
NEARLY = 0.9
"""Part of the gain that must be the popular ones', and of all others that must have lost by one factor."""


@dataclass(frozen=True)
class Concentration:
    """A feature whose most popular values took over.

    Attributes
    ----------
    names : the values, most popular first
    then, now : their share of the rows
    explained : share of all gains that theirs is
    """

    feature: str
    names: tuple[str, ...]
    then: float
    now: float
    explained: float

    @property
    def text(self) -> str:
        """All of it in words."""
        return (
            f"{len(self.names)} of the most popular values of {self.feature} went from {short_share(self.then)} to "
            f"{short_share(self.now)} of the rows together, {short_share(self.explained)} of all that was gained, and "
            "the others lost alike"
        )


def concentrated(evidence: Evidence) -> Concentration | None:
    """Return the first drifted feature whose most popular values took over by themselves; None where there is none."""
    own = (feature for feature in evidence.drifted if feature.follows is None)
    return next((found for feature in own if (found := few_of(feature)) is not None), None)


def few_of(feature: FeatureDrift) -> Concentration | None:
    """Return the most popular values of a feature that took over, whatever brought them; None where none did."""
    if feature.kind != "categorical":
        return None
    own = [share for share in feature.bins if share.bin not in SHARED]
    if len(own) < VALUES:
        return None
    own.sort(key=lambda share: -share.reference)
    rest = [share for share in feature.bins if share.bin in SHARED]
    then, now = ([getattr(share, side) for share in [*own, *rest]] for side in ("reference", "current"))
    effect = (feature.significance.design_effect if feature.significance else None) or 1.0
    rows = (feature.reference_rows / effect, feature.current_rows / effect)
    found = takeover(then, now, ranked=len(own), rows=rows)
    if found is None:
        return None
    few, *sizes = found
    return Concentration(feature.name, tuple(own[i].bin for i in few), *sizes)


def takeover(
    then: Sequence[float], now: Sequence[float], *, ranked: int, rows: tuple[float, float]
) -> tuple[list[int], float, float, float] | None:
    """Return which values took over, their shares then and now, and the share of all gains that is theirs.

    They are those that gained by more than chance. That makes them the popular ones that took over where nearly all of
    them are among the most popular of the reference, most of all gains is theirs and no single value's, and nearly all
    others lost by one and the same factor, as they do where rows of any kind made way.

    Parameters
    ----------
    then, now : shares of the bins, shape (bins,), the `ranked` first from the most popular down
    rows : independent rows then and now: their number over the design effect

    Examples
    --------
    >>> then = [0.05] * 10 + [0.0125] * 40
    >>> takeover(then, [0.1] * 4 + [0.0375] * 6 + [0.009375] * 40, ranked=50, rows=(5000, 5000))
    ([0, 1, 2, 3], 0.2, 0.4, 1.0)
    >>> takeover(then, [0.24] + [0.04] * 9 + [0.01] * 40, ranked=50, rows=(5000, 5000)) is None
    True
    """
    gains = [max(after - before, 0.0) for before, after in zip(then, now, strict=True)]
    known = [i for i in range(ranked) if then[i] > 0]
    few = [i for i in known if gains[i] > SIGMAS * _error(then[i], 1.0, rows)]
    held, holds, gained = (sum(of[i] for i in few) for of in (then, now, gains))
    if len(few) < FEWEST or held > MOST or holds >= 1 or max(gains[i] for i in few) > ALONE * gained:
        return None
    factor = (1 - holds) / (1 - held)
    others = [i for i in known if i not in few]
    alike = sum(abs(now[i] - factor * then[i]) <= SIGMAS * _error(then[i], factor, rows) for i in others)
    # By what they gained, since of many rare values one or the other gains so much by chance.
    # Where more values have no bin of their own, those that have one are the popular ones.
    most = ranked if sum(then[ranked:]) > TAIL else POPULAR * ranked
    popular, explained = sum(gains[i] for i in few if i < most) / gained, gained / sum(gains)
    if explained < EXPLAINED or popular < NEARLY or alike < NEARLY * len(others):
        return None
    return few, held, holds, min(explained, 1.0)


def _error(share: float, factor: float, rows: tuple[float, float]) -> float:
    """Return the standard error of a share's distance from what it was then times a factor."""
    return sqrt(factor**2 * share / rows[0] + factor * share / rows[1])
