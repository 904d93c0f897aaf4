"""Score range: what is declared a probability lies in [0, 1]."""

from __future__ import annotations

from math import sqrt

from dawnwatch.checks.needs import ModelScores
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement

__all__ = ["score_range"]

HUNDRED = 100


@check("quality.score_range", needs=ModelScores, unit="share of rows", threshold="range", kind="range")
def score_range(reference: ModelScores, current: ModelScores) -> Measurement:
    """Rows whose score lies outside [0, 1] by more than 1e-6."""
    failed = current.outside
    percent = ": they look like percentages, so divide them by 100" if _percentages(reference, current) else ""
    return Counted(
        failed=failed,
        rows=current.rows,
        rule="0 ≤ score ≤ 1",
        message=f"{failed:,} of {current.rows:,} scores lie outside [0, 1], so they are no probabilities{percent}"
        if failed
        else "every score is a probability",
        breakdown={"outside": failed} if failed else {},
        examples=current.examples,
    )


def _percentages(reference: ModelScores, current: ModelScores) -> bool:
    """Whether the scores are as the reference's were on a scale of 0 to 100.

    They must lie on it, most of them beyond 1, and a hundredth of their mean within two standard deviations of the
    reference's mean. Extremes and means that are not kept tell nothing.
    """
    then, now = reference.moments, current.moments
    if then is None or now is None or now.low is None or now.high is None or 2 * current.outside <= current.rows:
        return False
    if not 0 <= now.low <= now.high <= HUNDRED:
        return False
    return abs(now.mean / HUNDRED - then.mean) <= 2 * sqrt(then.variance)
