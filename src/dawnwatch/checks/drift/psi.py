"""Population stability index: how far a feature's distribution moved from the drift baseline."""

from __future__ import annotations

from dawnwatch.checks.needs import Bins
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Measured, Measurement
from dawnwatch.stats import divergence

__all__ = ["psi"]


@check("drift.psi", needs=Bins, unit="nats", threshold="psi")
def psi(reference: Bins, current: Bins) -> Measurement:
    """Population stability index of a watched feature over the reference's bins. See `stats.divergence`."""
    fault = reference.fault or current.fault
    if fault is not None:
        return fault
    value = divergence.psi(reference.counts, current.counts)
    return Measured(value=value, unit="nats", n=int(current.counts.sum()))
