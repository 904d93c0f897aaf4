"""Whether a binned distribution moved by more than chance, where rows are independent and where units are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.clusters import share_residuals, spread
from dawnwatch.stats.distributions import f_above, f_quantile
from dawnwatch.stats.divergence import psi, psi_curvatures, psi_slopes
from dawnwatch.stats.permutation import DRAWS, permuted_p_value
from dawnwatch.stats.shift_result import Shift

__all__ = ["Shift", "clustered_shift", "shift"]

Floats = NDArray[np.float64]
SMALL = 5
"""An expected count below which chi-squared is not trusted (Cochran 1954)."""
LEAST = 1 / (DRAWS + 1)
TINY = 1e-300
"""Smaller chances have no quantile."""


def shift(reference: ArrayLike, current: ArrayLike, *, seed: int = 0) -> Shift | None:
    """Return how far the shares moved and whether that is more than chance, where rows are independent.

    Parameters
    ----------
    reference, current : shape (bins,)
        Rows of two windows that share none.
    seed : of the permutations

    Returns
    -------
    None where a window has no rows, or all rows of both lie in one bin.

    Raises
    ------
    ValueError
        Where the windows have different bins.

    Notes
    -----
    Σ d² / p̄, with d the difference of the shares and p̄ the shares of both windows together, is Pearson's statistic
    times 1/n + 1/m. Where nothing moved it is (1/n + 1/m) · χ²(bins in use - 1), which is also the PSI's null to
    second order. Where a bin's expected count is below 5, the p-value comes from 9,999 permutations of the rows, which
    cannot find one below 0.0001, too large where hundreds of tests share a level. So where none of them is as extreme,
    the p-value is chi-squared's with the small bins joined, if that is less. Both are valid, and the second is only
    asked for chances that the first cannot tell apart; so is what comes out.

    Rows of one rider are not independent; this test then finds shifts where there are none. See `clustered_shift`.
    """
    a, b, used = _in_use(reference, current)
    if not used:
        return None
    n, m = float(a.sum()), float(b.sum())
    each, pooled = 1 / n + 1 / m, (a + b) / (n + m)
    p, q, value = a / n, b / m, psi(a, b)
    degrees = a.size - 1
    statistic, noise = float(((q - p) ** 2 / pooled).sum()), degrees * each
    slopes = zip((p, q), psi_slopes(a, b), (n, m), strict=True)
    variance = sum(float(at @ slope**2 - (at @ slope) ** 2) / rows for at, slope, rows in slopes)
    found = Shift(
        psi=value,
        p_value=f_above(statistic / noise, degrees),
        noise=noise,
        degrees=float(degrees),
        denominator=None,
        design_effect=None,
        groups=None,
        method="chi-squared",
        statistic=statistic,
        along=_along(variance, value, each),
        excess=_excess(noise, a, b, p * (1 - p) / n, q * (1 - q) / m, np.zeros(a.size)),
    )
    if float(pooled.min()) * min(n, m) >= SMALL:
        return found
    p_value = permuted_p_value(a, b, seed=seed)
    if p_value <= LEAST:
        p_value = min(p_value, _joined_p_value(a, b))
    # The interval asks chi-squared, so it is told what there has the same p-value.
    same = noise * f_quantile(max(p_value, TINY), degrees) if p_value < 1 else 0.0
    return replace(found, p_value=p_value, statistic=same, method="permutation")


def clustered_shift(reference: ArrayLike, current: ArrayLike) -> Shift | None:
    """Return how far the shares moved and whether that is more than chance, where units are independent, not rows.

    Parameters
    ----------
    reference, current : shape (bins, groups)
        Rows per bin and group of units. A unit is in the same group in both windows, and may have rows in both.

    Returns
    -------
    None where a window has rows in fewer than two groups, or all rows of both lie in one bin. Where no group differs
    from another at all, so that nothing can be learned from them, what `shift` says.

    Raises
    ------
    ValueError
        Where the windows have different bins or groups.

    Notes
    -----
    The statistic is that of `shift`. Its null is Σ λ χ²₁ with λ the eigenvalues of P̄^-½ V P̄^-½, V the covariance of
    the difference of the shares between groups (Rao and Scott). A group's rows of both windows make one residual, so
    that units in both are accounted for. Satterthwaite's approximation of it is Σλ · F(df, df · (G - 1)), the
    denominator for V being estimated from G groups (Thomas and Rao); df and G are what is left after the noise of
    many bins and the unequal weight of groups: see `spread`. A jackknife of the PSI itself would not do: the PSI has
    no slope at zero.

    The test is for about 50 units or more. One unit with a third of the rows leaves few groups in effect, which
    `denominator` says, and then little can be found.

    References
    ----------
    Rao and Scott, Annals of Statistics 12 (1984) 46-60. Thomas and Rao, Journal of the American Statistical
    Association 82 (1987) 630-636.
    """
    a, b, used = _in_use(reference, current)
    if not used or min(int((table.sum(axis=0) > 0).sum()) for table in (a, b)) < 2:
        return None
    total_a, total_b = a.sum(axis=1), b.sum(axis=1)
    n, m = float(total_a.sum()), float(total_b.sum())
    groups = int(((a.sum(axis=0) + b.sum(axis=0)) > 0).sum())
    pooled = (total_a + total_b) / (n + m)
    of_a, of_b = share_residuals(a), share_residuals(b)
    residuals = (of_b - of_a) / np.sqrt(pooled)[:, None]
    independent = (total_a.size - 1) * (1 / n + 1 / m)
    if float((residuals**2).sum()) <= 1e-9 * independent:
        alone = shift(total_a, total_b)
        return None if alone is None else replace(alone, groups=groups)
    noise, degrees, effective = spread(residuals, total_a.size - 1)
    statistic = float(((total_b / m - total_a / n) ** 2 / pooled).sum())
    slope_a, slope_b = psi_slopes(total_a, total_b)
    variance = float(((slope_a @ of_a + slope_b @ of_b) ** 2).sum())
    value = psi(total_a, total_b)
    return Shift(
        psi=value,
        p_value=f_above(statistic / noise, degrees, degrees * (effective - 1)),
        noise=noise,
        degrees=degrees,
        denominator=effective - 1,
        design_effect=noise / independent,
        groups=groups,
        method="rao-scott",
        statistic=statistic,
        along=_along(variance, value, noise / degrees),
        excess=_excess(noise, total_a, total_b, _dot(of_a, of_a), _dot(of_b, of_b), _dot(of_a, of_b)),
    )


def _in_use(reference: ArrayLike, current: ArrayLike) -> tuple[Floats, Floats, bool]:
    """Return the bins with rows in either window, and whether there is anything to compare."""
    a, b = np.asarray(reference, dtype=np.float64), np.asarray(current, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"both windows need the same bins and groups; got {a.shape} and {b.shape}")
    rows = (a + b).reshape(a.shape[0], -1).sum(axis=1)
    a, b = a[rows > 0], b[rows > 0]
    return a, b, bool(a.shape[0] > 1 and a.sum() > 0 and b.sum() > 0)


def _joined_p_value(reference: Floats, current: Floats) -> float:
    """Return chi-squared's p-value with the smallest bins joined until all expected counts are large enough."""
    together = reference + current
    order = np.argsort(together, kind="stable")
    least = SMALL * together.sum() / min(reference.sum(), current.sum())
    # The first bin is all that are too small, and as many more as it takes.
    small = int((together < least).sum())
    joined = max(small, int(np.searchsorted(np.cumsum(together[order]), least)) + 1)
    a, b = (np.r_[of[order[:joined]].sum(), of[order[joined:]]] for of in (reference, current))
    if a.size < 2:
        return 1.0
    n, m = float(a.sum()), float(b.sum())
    statistic = float(((b / m - a / n) ** 2 / (a + b)).sum()) * (n + m) / (1 / n + 1 / m)
    return f_above(statistic / (a.size - 1), a.size - 1)


def _along(variance: float, value: float, otherwise: float) -> float:
    return variance / (4 * value) if value > 0 and variance > 0 else otherwise


def _excess(
    noise: float, reference: Floats, current: Floats, of_reference: Floats, of_current: Floats, of_both: Floats
) -> float:
    """Return how much the PSI's mean exceeds the true PSI beyond `noise`, from the variance of each bin's shares.

    Half of the curvature times the variance, the second term of the delta method; at equal shares it is `noise`.
    """
    with_reference, with_current, with_both = psi_curvatures(reference, current)
    parts = with_reference @ of_reference + with_current @ of_current + 2 * (with_both @ of_both)
    return max(float(parts) / 2 - noise, 0.0)


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray((a * b).sum(axis=1))
