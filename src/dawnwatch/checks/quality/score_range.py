"""Score range: what is declared a probability lies in [0, 1]."""

from __future__ import annotations

from dawnwatch.checks.needs import ModelScores
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement

__all__ = ["score_range"]


@check("quality.score_range", needs=ModelScores, unit="share of rows", threshold="range", kind="range")
def score_range(reference: ModelScores, current: ModelScores) -> Measurement:
    """Rows whose score lies outside [0, 1] by more than 1e-6."""
    failed = current.outside
    return Counted(
        failed=failed,
        rows=current.rows,
        rule="0 ≤ score ≤ 1",
        message=f"{failed:,} of {current.rows:,} scores lie outside [0, 1], so they are no probabilities"
        if failed
        else "every score is a probability",
        breakdown={"outside": failed} if failed else {},
        examples=current.examples,
    )
