"""Whether the model is worse over several windows, as it stands in a packet."""

from __future__ import annotations

from datetime import datetime

from dawnwatch.model.base import Frozen

__all__ = ["OverTime"]


class OverTime(Frozen):
    """Whether the model has been worse over several windows, however often one looks. It informs severity of nothing.

    A window counts once, whichever runs were made on it; labels that came later count as one more batch.
    """

    windows: int
    """Windows that count, the current one among them."""
    batches: int
    """Windows, and late labels of windows."""
    left_out: int
    """Earlier windows without an AUC or its variance, of too few units, or that share a time with one that counts."""
    tolerance: float
    level: float
    """Chance that there is ever an alarm while no run of windows is truly worse on average than the tolerance."""
    worse: bool
    drop: float | None = None
    """Mean drop, by labelled rows, over the run of batches that says most clearly that the model is worse."""
    low: float | None = None
    """Lower bound on the mean of the true drops over that run, which holds at all times at once."""
    since: datetime | None = None
    """When the run's first window begins, or was judged where that is not known."""
    fired: str | None = None
    """Identity of the packet whose labels made it certain; null while nothing is."""
    fired_at: datetime | None = None
    """When that packet's window begins, or was judged where that is not known."""
    notes: list[str] = []
    """What could not be counted, one line each."""
    text: str
    """All of it in words."""
