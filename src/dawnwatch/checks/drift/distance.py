"""The distance that the configuration chose in the PSI's place; and every distance that a feature's bins give."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.drift.psi import chance_of
from dawnwatch.checks.needs import Bins
from dawnwatch.checks.registry import check
from dawnwatch.model.distances import DISTANCES, PSI, Method, title_of
from dawnwatch.model.measurement import Measured, Measurement, NotComputed
from dawnwatch.stats import distances, divergence, ordered_distances

__all__ = ["distance", "every_distance"]

Counts = NDArray[np.int64]
OF_BINS: dict[Method, Callable[[Counts, Counts], float]] = {
    "psi": divergence.psi,
    "kl": distances.kl,
    "jensen_shannon": distances.jensen_shannon,
    "hellinger": distances.hellinger,
    "cramers_v": distances.cramers_v,
    "total_variation": distances.total_variation,
    "l_infinity": distances.l_infinity,
    "ks": ordered_distances.ks,
}
OF_POSITIONS: dict[Method, Callable[[Counts, Counts, NDArray[np.float64]], float]] = {
    "wasserstein": ordered_distances.wasserstein,
    "energy": ordered_distances.energy,
}


@check("drift.distance", needs=Bins, unit="of its method", threshold="distance")
def distance(reference: Bins, current: Bins) -> Measurement | None:
    """Distance of a watched feature that `method` chose in the PSI's place, over the same bins.

    Whether it is more than chance is the same test of the bins' shares as the PSI's (`stats.shift`): no distance is
    tested by itself.
    """
    method = current.method
    if method == PSI:
        return None
    fault = reference.fault or current.fault
    if fault is not None:
        return fault
    value = _one(method, reference, current)
    if isinstance(value, NotComputed):
        return value
    cluster, caution, chance = chance_of(reference, current)
    rows = int(current.counts.sum())
    return Measured(value, DISTANCES[method].unit, rows, chance, cluster, caution, method)


def every_distance(reference: Bins, current: Bins) -> dict[str, float]:
    """Return every distance that can be read off a feature's bins, by name; none where the feature has a fault."""
    if reference.fault or current.fault:
        return {}
    found = {method: _one(method, reference, current) for method in DISTANCES}
    return {method: value for method, value in found.items() if not isinstance(value, NotComputed)}


def _one(method: Method, reference: Bins, current: Bins) -> float | NotComputed:
    """Return one distance, or why these bins do not give it.

    KS takes missing values for the last place in the order. Wasserstein and energy are of the values that are there,
    as nothing says how far a missing one is from them.
    """
    if DISTANCES[method].ordered and current.kind != "numeric":
        return NotComputed(reason=f"{title_of(method)} needs an order, and {current.name} is categorical")
    if method in OF_BINS:
        return OF_BINS[method](reference.counts, current.counts)
    edges, (low, high) = reference.edges, reference.extremes
    then, now = reference.counts[: edges.size + 1], current.counts[: edges.size + 1]
    if low is None or high is None:
        return NotComputed(reason=f"{title_of(method)} needs the reference's extremes, of which none is kept")
    if not then.any() or not now.any():
        return NotComputed(reason=f"{title_of(method)} needs values in both windows, and one has none")
    if not np.isfinite(edges).all():
        return NotComputed(reason=f"{title_of(method)} needs finite bins, and the reference's hold infinity")
    if low == high:
        return NotComputed(reason=f"{title_of(method)} is normed by the reference's spread, and it has one value only")
    # Normed by the reference's spread, so any unit will do: one in which no square overflows.
    positions = ordered_distances.bin_positions(edges, low, high)
    value = OF_POSITIONS[method](then, now, positions / float(np.abs(positions).max()))
    if not isfinite(value):
        return NotComputed(reason=f"{title_of(method)} is normed by the spread of the reference's bins, which is none")
    return value
