"""One shift as it stands in the packet: of a watched feature, of the scores, of the labels."""

from __future__ import annotations

from typing import Literal

from dawnwatch.checks.drift.distance import every_distance
from dawnwatch.checks.needs import Bins, RunContext
from dawnwatch.checks.runner import Result, bands_of
from dawnwatch.config.thresholds import Bands
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import BinShare, FeatureDrift, OutputDrift, UnseenValue
from dawnwatch.model.measurement import Measured, NotComputed
from dawnwatch.model.numbers import short_share
from dawnwatch.stats.divergence import psi_contributions, shares
from dawnwatch.stats.shift import Shift

__all__ = ["band_of", "feature_of", "output_of"]

UNSEEN_SHOWN = 10
NAMES = {"prediction": "(scores)", "label": "(labels)"}
"""What is written where a fault left no name."""


def feature_of(result: Result, run: RunContext) -> FeatureDrift:
    """Return a watched feature, or what else lies in bins, as it stands in the packet."""
    reference, current = result.subject.reference, result.subject.current
    name = result.subject.column or NAMES.get(result.spec.threshold, "(all features)")
    method = current.method if isinstance(current, Bins) else PSI
    bands = bands_of(result.spec, name, method, run.config)
    rows = [int(side.counts.sum()) if isinstance(side, Bins) else 0 for side in (reference, current)]
    measured = result.measurement if isinstance(result.measurement, Measured) else None
    reason = result.measurement.reason if isinstance(result.measurement, NotComputed) else None
    bins: list[BinShare] = []
    distances: dict[str, float] = {}
    if isinstance(reference, Bins) and isinstance(current, Bins) and result.outcome is not Outcome.ERRORED:
        distances = current.window.against(
            reference.window, (type(current), "distances", name), lambda: every_distance(reference, current)
        )
        bins = _bins(reference, current) if distances else []
    moved = max(bins, key=lambda share: share.contribution, default=None)
    return FeatureDrift(
        name=name,
        kind=current.kind if isinstance(current, Bins) else "categorical",
        psi=distances.get(PSI),
        band=band_of(measured.value, bands) if measured else None,
        outcome=result.outcome,
        yellow=bands.yellow,
        red=bands.red,
        reference_rows=rows[0],
        current_rows=rows[1],
        bins=bins,
        moved_most=f"{moved.bin} {short_share(moved.reference)} → {short_share(moved.current)}"
        if moved and moved.contribution > 0
        else None,
        by_chance=_by_chance(measured, len(bins), rows),
        by_chance_limit=measured.chance.limit() if measured and isinstance(measured.chance, Shift) else None,
        interval=measured.chance.interval(run.config.performance.confidence)
        if measured and measured.chance and result.significance
        else None,
        significance=result.significance,
        unseen=[
            UnseenValue(value=v, rows=n, undercount=current.unseen.error)
            for v, n in current.unseen.most_common(UNSEEN_SHOWN)
        ]
        if isinstance(current, Bins)
        else [],
        reason=reason,
        method=method,
        distances=distances,
    )


def band_of(size: float, bands: Bands) -> Band:
    """Return the band of a distance: its size alone, significant or not."""
    return Band.RED if size >= bands.red else Band.YELLOW if size >= bands.yellow else Band.GREEN


def _by_chance(measured: Measured | None, bins: int, rows: list[int]) -> float | None:
    if measured is None:
        return None
    effect = (measured.chance.design_effect if measured.chance else None) or 1.0
    return effect * (bins - 1) * (1 / rows[0] + 1 / rows[1])


def _bins(reference: Bins, current: Bins) -> list[BinShare]:
    """List the bins either window uses; the empty ones add nothing to either share or PSI."""
    columns = (
        reference.names,
        shares(reference.counts).tolist(),
        shares(current.counts).tolist(),
        psi_contributions(reference.counts, current.counts).tolist(),
    )
    return [
        BinShare(bin=name, reference=p, current=q, contribution=part)
        for name, p, q, part in zip(*columns, strict=True)
        if p or q
    ]


def output_of(result: Result, run: RunContext) -> OutputDrift:
    """Return the scores or the labels as they stand in the packet."""
    what: Literal["prediction", "label"] = "prediction" if result.spec.threshold == "prediction" else "label"
    return OutputDrift(
        **dict(feature_of(result, run)),
        what=what,
        against=run.performance_baseline.name,
        raises=run.config.counts(what),
        reading=_reading(what, run),
    )


def _reading(what: Literal["prediction", "label"], run: RunContext) -> str:
    if what == "label":
        return (
            "How often each outcome comes. A change of that alone leaves the AUC as it is, and puts scores off that "
            "are read as probabilities"
        )
    if run.labels_late or run.current.profile.labelled == 0:
        return (
            "Labels are not there yet, and until they are this is the leading signal: what the model gives out, not "
            "whether it is right"
        )
    return "What the model gives out. Whether it is right, the labels say: read it beside accuracy"
