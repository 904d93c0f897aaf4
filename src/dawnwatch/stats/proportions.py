"""Shares of a few yes-or-no outcomes, with an interval that holds for few of them."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

__all__ = ["wilson"]


def wilson(hits: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a share, within [0, 1].

    Unlike the textbook interval it has a width at 0 of n and n of n. It takes the outcomes as independent; where they
    hang together, it is too short.

    Parameters
    ----------
    hits : outcomes that are true, 0 to `n`
    n : outcomes in all; at least 1
    confidence : between 0 and 1

    Raises
    ------
    ValueError
        Where there is no outcome, or not between none and all of them are true.

    References
    ----------
    Wilson, Journal of the American Statistical Association 22 (1927) 209-212; Newcombe, Statistics in Medicine 17
    (1998) 857-872, method 3.

    Examples
    --------
    >>> [round(bound, 3) for bound in wilson(81, 263)]
    [0.255, 0.366]
    """
    if n < 1 or not 0 <= hits <= n:
        raise ValueError(f"a share needs 0 <= hits <= n and n >= 1, not {hits} of {n}")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, spread = hits / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / n + spread / (4 * n))
    # At none and at all of n the bound is exact, whatever the last digits of the sum say.
    return (0.0 if hits == 0 else middle - half, 1.0 if hits == n else middle + half)
