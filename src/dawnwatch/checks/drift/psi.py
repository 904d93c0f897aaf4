"""Population stability index: how far a feature's distribution moved from the drift baseline."""

from __future__ import annotations

from dawnwatch.checks.needs import Bins
from dawnwatch.checks.registry import check
from dawnwatch.checks.units import clustering
from dawnwatch.model.measurement import Measured, Measurement
from dawnwatch.stats import divergence
from dawnwatch.stats.shift import Shift, clustered_shift, shift

__all__ = ["psi"]


@check("drift.psi", needs=Bins, unit="nats", threshold="psi")
def psi(reference: Bins, current: Bins) -> Measurement:
    """Population stability index of a watched feature over the reference's bins. See `stats.divergence`.

    Whether it is more than chance: `stats.shift`, by units where they are known.
    """
    fault = reference.fault or current.fault
    if fault is not None:
        return fault
    cluster, caution = clustering(reference.units, current.units)
    value = divergence.psi(reference.counts, current.counts)
    chance = current.window.against(
        reference.window,
        ("shift", current.name, cluster is not None),
        lambda: _chance(reference, current, cluster is not None),
    )
    return Measured(value, "nats", int(current.counts.sum()), chance, cluster, caution)


def _chance(reference: Bins, current: Bins, clustered: bool) -> Shift | None:
    if clustered and reference.groups is not None and current.groups is not None:
        return clustered_shift(reference.groups, current.groups)
    return shift(reference.counts, current.counts)
