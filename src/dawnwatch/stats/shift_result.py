"""What a test of a shift found: the PSI, its noise, an interval, and what it could have found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from dawnwatch.stats.distributions import f_above, f_below, f_quantile

__all__ = ["Shift"]


@dataclass(frozen=True, slots=True)
class Shift:
    """A PSI beside what it would be by chance.

    Attributes
    ----------
    psi : in nats, as observed
    p_value : chance of a statistic this large where nothing moved
    noise : mean PSI where nothing moved, the sum of the eigenvalues λ of the difference's covariance
    degrees : Satterthwaite's degrees of freedom of the eigenvalues, (Σλ)² / Σλ²; bins - 1 where rows are independent
    denominator : groups of units in effect, less one; None where rows are independent
    design_effect : noise over that of as many independent rows; None where rows are independent
    groups : groups of units with rows in either window; None where rows are independent
    method : which null the p-value comes from
    statistic : Pearson's, on the PSI's scale, whose tail the p-value is; equal to the PSI to second order
    along : mean eigenvalue in the direction of the shift: the PSI's variance is about 4 · psi · along + 2 Σλ²
    excess : by how much more than `noise` the PSI is too large on average, where the shift is as observed
    """

    psi: float
    p_value: float
    noise: float
    degrees: float
    denominator: float | None
    design_effect: float | None
    groups: int | None
    method: str
    statistic: float
    along: float
    excess: float

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return bounds on the true PSI; the lower one is above 0 exactly where `p_value` <= 1 - `confidence`.

        Notes
        -----
        Near zero the PSI is a quadratic form and not normal: its mean is ψ + Σλ and its variance
        4 ψ λ_u + 2 Σλ², with λ_u from the delta method. Both are matched by a scaled F (Patnaik did so by
        chi-squared), and the values of ψ kept that are not rejected. Away from zero the PSI bends more, which adds
        `excess` to its mean. At zero it is `statistic` that is tested. No PSI is too small for ψ = 0, so there the
        upper tail has the whole error, and far from zero half of it (a tail function, Puza and O'Neill).

        References
        ----------
        Patnaik, Biometrika 36 (1949) 202-232. Puza and O'Neill, Canadian Journal of Statistics 34 (2006) 299-310.
        """
        error = 1 - confidence
        if error <= 0:
            return 0.0, inf

        def lower_tail(true: float) -> float:
            return error / 2 * true / (true + self.noise)

        def too_small(true: float) -> float:
            seen = self.psi + self._nearness(true) * (self.statistic - self.psi)
            return self._above(seen, true, self.along) - (error - lower_tail(true))

        def still_possible(true: float) -> float:
            return lower_tail(true) - self._below(self.psi, true)

        low = _root(too_small, self.psi) if self.p_value <= error else 0.0
        return low, _root(still_possible, self.psi + self.noise)

    def limit(self, chance: float = 0.05) -> float:
        """Return what the PSI exceeds with this chance where nothing moved: the edge of its noise."""
        return self.noise * f_quantile(chance, self.degrees, self._denominator(self.degrees))

    def detectable(self, level: float, power: float = 0.8) -> float:
        """Return the smallest PSI that a test at `level` would have found in this window with chance `power`.

        The direction of a shift not seen yet is not known, so the noise along it is taken as the average one.
        """
        critical = self.limit(level)
        average = self.noise / self.degrees
        return _root(lambda true: self._above(critical, true, average) - power, critical)

    def _above(self, seen: float, true: float, along: float) -> float:
        mean, degrees = self._moments(true, along)
        return f_above(seen / mean, degrees, self._denominator(degrees))

    def _below(self, seen: float, true: float) -> float:
        mean, degrees = self._moments(true, self.along)
        return f_below(seen / mean, degrees, self._denominator(degrees))

    def _moments(self, true: float, along: float) -> tuple[float, float]:
        """Mean of the PSI where the true one is `true`, and the degrees of freedom that give it its variance."""
        noise = self.noise + self.excess * (1 - self._nearness(true))
        # What is estimated from few groups has the tails of Student's t, of which F's denominator gives one half.
        few = 1 if self.denominator is None else 1 + 1 / self.denominator
        mean = true + noise
        return mean, mean**2 / (2 * true * along * few + noise**2 / self.degrees)

    def _nearness(self, true: float) -> float:
        """How much what holds at zero still holds: 1 at zero, and little where the noise is small beside it."""
        return (self.noise / (self.noise + true)) ** 2

    def _denominator(self, degrees: float) -> float:
        return inf if self.denominator is None else degrees * self.denominator


def _root(rising_or_falling: Callable[[float], float], start: float) -> float:
    """Return where the function, with one change of sign above 0, changes it."""
    sign = rising_or_falling(0.0) > 0
    high = start
    while (rising_or_falling(high) > 0) == sign:
        high *= 2
    low = 0.0
    for _ in range(45):
        middle = (low + high) / 2
        if (rising_or_falling(middle) > 0) == sign:
            low = middle
        else:
            high = middle
    return (low + high) / 2
