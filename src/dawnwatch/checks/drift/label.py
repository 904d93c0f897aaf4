"""Label drift: how far the share of positive outcomes moved."""

from __future__ import annotations

from dataclasses import replace

from dawnwatch.checks.drift.outputs import LabelShares
from dawnwatch.checks.drift.psi import shift_of
from dawnwatch.checks.registry import check
from dawnwatch.checks.units import in_parts
from dawnwatch.model.measurement import Measured, Measurement
from dawnwatch.model.numbers import short_share

__all__ = ["label"]

MOST = 0.9
"""Share of labelled rows below which those that are there may not be like the others."""


@check("drift.label", needs=LabelShares, unit="nats", threshold="label")
def label(reference: LabelShares, current: LabelShares) -> Measurement:
    """Population stability index of the labels, over the rows that have one.

    A change of their mix alone (prior shift) leaves the AUC as it is; scores that are probabilities are then off. It
    raises severity only where a rule asks for it.
    """
    found = shift_of(reference, current)
    if not isinstance(found, Measured):
        return found
    cluster, caution = found.clustering, found.caution
    if cluster is not None:
        sides = [(side.units, None if side.groups is None else side.groups.T) for side in (reference, current)]
        cluster = in_parts(cluster, sides)
    there = current.window.profile.labelled / current.window.profile.rows
    if there < MOST:
        caution = f"Only {short_share(there)} of the current rows have a label: those that come first may differ"
    return replace(found, clustering=cluster, caution=caution)
