"""The drift section of the packet."""

from __future__ import annotations

from dawnwatch.checks.drift.distance import every_distance
from dawnwatch.checks.drift.novelty import novelty_of
from dawnwatch.checks.needs import Bins, RunContext
from dawnwatch.checks.runner import Result
from dawnwatch.config.thresholds import Bands
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.measurement import Measured, NotComputed
from dawnwatch.model.numbers import number, short_share
from dawnwatch.model.sections import BinShare, Drift, FeatureDrift, UnseenValue
from dawnwatch.stats.divergence import psi_contributions, shares

__all__ = ["band_of", "drift_section"]

UNSEEN_SHOWN = 10


def drift_section(results: list[Result], run: RunContext, *, trained_on: str | None) -> Drift:
    """Build pillar 2 from its results, largest PSI first.

    Parameters
    ----------
    trained_on : name of the training rows, or None where the drift baseline stands in for them
    """
    features = [_feature(result, run) for result in results if result.spec.needs is Bins]
    features.sort(key=lambda feature: (feature.psi is None, -(feature.psi or 0.0), feature.name))
    return Drift(
        outcome=Outcome.worst([feature.outcome for feature in features]),
        features=features,
        baseline=run.drift_baseline.name,
        novelty=novelty_of(run, trained_on),
        cautions=[*_small_windows(features), *dict.fromkeys(_assumed(results))],
    )


def _small_windows(features: list[FeatureDrift]) -> list[str]:
    """Warn of features whose PSI would reach half the yellow bound by chance alone."""
    noisy = [f for f in features if f.method == PSI and f.by_chance is not None and f.by_chance >= f.yellow / 2]
    if not noisy:
        return []
    worst = max(noisy, key=lambda feature: feature.by_chance or 0.0)
    more = f", and {len(noisy) - 1} more" if len(noisy) > 1 else ""
    return [
        f"{worst.current_rows:,} rows are few for {worst.name}{more}: by chance alone its PSI averages "
        f"{number(worst.by_chance, 2)} where nothing moved"
    ]


def _assumed(results: list[Result]) -> list[str]:
    """Return what the tests had to assume."""
    return [r.measurement.caution for r in results if isinstance(r.measurement, Measured) and r.measurement.caution]


def _feature(result: Result, run: RunContext) -> FeatureDrift:
    reference, current = result.subject.reference, result.subject.current
    name = result.subject.column or "(all features)"
    method = current.method if isinstance(current, Bins) else PSI
    bands = run.config.bands_for(name, method)
    measured = result.measurement if isinstance(result.measurement, Measured) else None
    reason = result.measurement.reason if isinstance(result.measurement, NotComputed) else None
    bins: list[BinShare] = []
    distances: dict[str, float] = {}
    if isinstance(reference, Bins) and isinstance(current, Bins) and result.outcome is not Outcome.ERRORED:
        distances = current.window.against(
            reference.window, ("distances", name), lambda: every_distance(reference, current)
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
        reference_rows=run.drift_baseline.profile.rows,
        current_rows=run.current.profile.rows,
        bins=bins,
        moved_most=f"{moved.bin} {short_share(moved.reference)} → {short_share(moved.current)}"
        if moved and moved.contribution > 0
        else None,
        by_chance=_by_chance(measured, len(bins), run),
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


def _by_chance(measured: Measured | None, bins: int, run: RunContext) -> float | None:
    if measured is None:
        return None
    effect = (measured.chance.design_effect if measured.chance else None) or 1.0
    return effect * (bins - 1) * (1 / run.drift_baseline.profile.rows + 1 / run.current.profile.rows)


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
