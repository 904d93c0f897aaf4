"""Population stability index: how far a feature's distribution moved from the drift baseline."""

from __future__ import annotations

from dawnwatch.checks.needs import Bins
from dawnwatch.checks.registry import check
from dawnwatch.checks.units import clustering
from dawnwatch.model.distances import PSI
from dawnwatch.model.measurement import Clustering, Measured, Measurement
from dawnwatch.stats import divergence
from dawnwatch.stats.shift import Shift, clustered_shift, shift

__all__ = ["chance_of", "psi", "shift_of"]


@check("drift.psi", needs=Bins, unit="nats", threshold="psi")
def psi(reference: Bins, current: Bins) -> Measurement | None:
    """Population stability index of a watched feature over the reference's bins. See `stats.divergence`.

    Whether it is more than chance: `stats.shift`, by units where they are known.
    """
    return shift_of(reference, current) if current.method == PSI else None


def shift_of(reference: Bins, current: Bins) -> Measurement:
    """Return the PSI of anything that lies in bins, with its test; or why there is none."""
    fault = reference.fault or current.fault
    if fault is not None:
        return fault
    cluster, caution, chance = chance_of(reference, current)
    value = divergence.psi(reference.counts, current.counts)
    return Measured(value, "nats", int(current.counts.sum()), chance, cluster, caution)


def chance_of(reference: Bins, current: Bins) -> tuple[Clustering | None, str | None, Shift | None]:
    """Return how the rows hang together, what has to be assumed, and whether the shares moved by more than chance."""
    cluster, caution = clustering(reference.units, current.units)
    chance = current.window.against(
        reference.window,
        (type(current), "shift", current.name, cluster is not None),
        lambda: _chance(reference, current, cluster is not None),
    )
    return cluster, caution, chance


def _chance(reference: Bins, current: Bins, clustered: bool) -> Shift | None:
    if clustered and reference.groups is not None and current.groups is not None:
        return clustered_shift(reference.groups, current.groups)
    return shift(reference.counts, current.counts)
