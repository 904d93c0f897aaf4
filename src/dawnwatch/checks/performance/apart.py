"""Whether the slices of a column fell alike, or some more than others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dawnwatch.model.measurement import Measured, Measurement
from dawnwatch.model.numbers import signed
from dawnwatch.model.performance import ALIKE
from dawnwatch.stats.auc import DropEstimate, homogeneity
from dawnwatch.stats.jackknife import ClusteredDrop, clustered_homogeneity

__all__ = ["Apart", "moved_apart", "slice_notes"]


class Apart(NamedTuple):
    """The falls of one column's slices by value, and the p-value of "all these falls are equal"."""

    drops: dict[str, Measured]
    p_value: float


def moved_apart(slices: Mapping[tuple[str, str], Measurement]) -> dict[str, Apart]:
    """Return by column how its slices fell, where at least two of them could be compared.

    Parameters
    ----------
    slices : the fall of the AUC, above zero where it got worse, by (column, value)
    """
    columns: dict[str, dict[str, Measured]] = {}
    for (column, value), found in slices.items():
        if isinstance(found, Measured) and found.chance is not None:
            columns.setdefault(column, {})[value] = found
    p_values = {column: _alike(list(drops.values())) for column, drops in columns.items()}
    return {column: Apart(columns[column], p) for column, p in p_values.items() if p is not None}


def slice_notes(apart: Mapping[str, Apart]) -> list[str]:
    """Say per slice column whether its slices fell alike or apart."""
    notes = []
    for column, (drops, p_value) in apart.items():
        ranked = sorted(drops, key=lambda value: -drops[value].value)
        most, least = ranked[0], ranked[-1]
        span = f"{most} {signed(-drops[most].value)} to {least} {signed(-drops[least].value)}"
        if p_value >= ALIKE:
            notes.append(
                f"The {len(drops)} slices of {column} moved by {span}; "
                f"their differences are within noise (homogeneity p = {p_value:.2f})"
            )
        else:
            notes.append(
                f"The {len(drops)} slices of {column} moved apart: {span} (homogeneity p = {p_value:.2g}); "
                f"{most} {'fell most' if drops[most].value > 0 else 'rose least'}"
            )
    return notes


def _alike(measured: list[Measured]) -> float | None:
    """Return the p-value of "all these drops are equal", by units where they are known."""
    if len({m.value for m in measured}) == 1:
        return 1.0 if len(measured) > 1 else None
    by_unit = [m.chance for m in measured if isinstance(m.chance, ClusteredDrop)]
    if len(by_unit) == len(measured):
        return clustered_homogeneity(by_unit)
    alone = [m.chance for m in measured if isinstance(m.chance, DropEstimate)]
    return homogeneity(alone) if len(alone) == len(measured) else None
