"""Many tests at once: a level for each that bounds false alarms in all, and q-values for reading."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["bonferroni_level", "q_values"]


def bonferroni_level(family: float, tests: int) -> float:
    """Return the level of each test at which the chance of any false alarm is at most `family`.

    It holds however the tests depend on each other, and whatever part of the tests is looked at. With no tests it
    is `family` itself.

    Raises
    ------
    ValueError
        Where the level is not in (0, 1), or the number of tests is negative.

    References
    ----------
    Dunn, Journal of the American Statistical Association 56 (1961) 52-64.
    """
    if not 0 < family < 1:
        raise ValueError(f"a level lies between 0 and 1; got {family}")
    if tests < 0:
        raise ValueError(f"there cannot be {tests} tests")
    return family / max(tests, 1)


def q_values(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return for each test the share of false findings to expect if all tests at least as significant were findings.

    Parameters
    ----------
    p_values : shape (tests,), in [0, 1]; what has none is to be left out

    Returns
    -------
    shape (tests,), each at least its p-value and at most 1; equal p-values have equal q-values

    Raises
    ------
    ValueError
        Where a p-value is NaN or outside [0, 1].

    Notes
    -----
    Benjamini and Hochberg's, which holds for independent and positively dependent tests (Benjamini and Yekutieli
    2001). A q-value of 0.05 says nothing of the chance that this one finding is false.

    References
    ----------
    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300.

    Examples
    --------
    >>> q_values([0.01, 0.02, 0.9]).round(2).tolist()
    [0.03, 0.03, 0.9]
    """
    p = np.asarray(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p-values lie in [0, 1]; got {p[~((p >= 0) & (p <= 1))][0]}")
    order = np.argsort(p, kind="stable")
    scaled = p[order] * (p.size / np.arange(1, p.size + 1))
    found = np.empty_like(p)
    # What a larger p-value reaches, a smaller one reaches too.
    found[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return found
