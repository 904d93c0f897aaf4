"""AUC drop: how far the model's ranking fell from the performance baseline."""

from __future__ import annotations

from dataclasses import replace

from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.registry import check
from dawnwatch.checks.units import clustering, in_parts
from dawnwatch.model.measurement import Chance, Measured, Measurement
from dawnwatch.stats.auc import DropEstimate
from dawnwatch.stats.auc import auc_drop as drop_between
from dawnwatch.stats.jackknife import clustered_drop, drop_from

__all__ = ["auc_drop"]


@check("performance.auc_drop", needs=Scores, unit="AUC", threshold="auc_drop")
def auc_drop(reference: Scores, current: Scores) -> Measurement:
    """Reference AUC minus current AUC, overall and per declared slice.

    Whether it is more than chance: `stats.jackknife` by units where they are known, else DeLong's.
    """
    fault = current.fault or reference.fault
    if fault is not None:
        return fault
    assert reference.auc is not None  # noqa: S101 - no fault means both were computed
    assert current.auc is not None  # noqa: S101
    drop = drop_between(reference.auc, current.auc)
    cluster, caution = clustering(reference.units, current.units)
    if cluster is None:
        return Measured(drop.value, "AUC", current.n, drop, None, caution)
    cluster = in_parts(cluster, [(side.units, side.groups) for side in (reference, current)])
    chance = current.window.against(
        reference.window, ("drop", current.slice, current.weighted), lambda: _by_unit(reference, current, drop)
    )
    return Measured(drop.value, "AUC", current.n, chance, cluster, caution)


def _by_unit(reference: Scores, current: Scores, drop: DropEstimate) -> Chance | None:
    if reference.groups is None or current.groups is None:
        return None
    if current.weighted is None:
        found = clustered_drop(reference.groups[:, :2, :-1], current.groups[:, :2, :-1])
    else:
        found = drop_from(reference.groups[:, :2, :-1], current.weighted)
    # The groups' score bins are coarser than what the fall itself was read off.
    return found and replace(found, value=drop.value, bound=drop.bound)
