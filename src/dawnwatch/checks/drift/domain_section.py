"""What the domain classifier found, as it stands in the packet."""

from __future__ import annotations

from dawnwatch.checks.drift.domain_classifier import FeatureSample
from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.runner import Result
from dawnwatch.model.certainty import doubt
from dawnwatch.model.drift import DomainClassifier, FeatureLoss
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Measured, NotComputed
from dawnwatch.model.numbers import estimate, number
from dawnwatch.stats.told_apart import ToldApart

__all__ = ["domain_of"]

LEAST = 0.005
"""A feature whose shuffling costs less is not named."""
NAMED = 3


def domain_of(result: Result, run: RunContext) -> DomainClassifier:
    """Return the packet's entry."""
    measured = result.measurement if isinstance(result.measurement, Measured) else None
    found = measured.chance if measured and isinstance(measured.chance, ToldApart) else None
    view, level = result.subject.current, run.config.performance.confidence
    reason = result.measurement.reason if isinstance(result.measurement, NotComputed) else None
    losses = []
    if found is not None and isinstance(view, FeatureSample):
        pairs = sorted(zip(view.names, found.lost, strict=True), key=lambda pair: -pair[1])
        losses = [FeatureLoss(name=name, auc_lost=lost) for name, lost in pairs]
    entry = DomainClassifier(
        auc=measured.value if measured else None,
        interval=found.interval(level) if found else None,
        outcome=result.outcome,
        threshold=run.config.thresholds.domain.max,
        rows=measured.n if measured else 0,
        features=losses,
        left_out=list(view.left_out) if isinstance(view, FeatureSample) else [],
        significance=result.significance,
        raises=run.config.counts("domain"),
        text="",
        reason=reason,
    )
    return entry.model_copy(update={"text": _text(entry, level)})


def _text(entry: DomainClassifier, level: float) -> str:
    if entry.auc is None:
        return f"Whether all features together tell the windows apart was not computed: {entry.reason}"
    sure = estimate(entry.auc, entry.interval, level, apart_from=[entry.threshold])
    if entry.outcome is not Outcome.FAILED:
        within = doubt(entry.significance) if entry.outcome is Outcome.WARNED else f"not beyond {entry.threshold:g}"
        return f"All features together tell the windows apart with an AUC of {sure}, {within}"
    named = [f"{f.name} ({number(f.auc_lost)} of it)" for f in entry.features[:NAMED] if f.auc_lost >= LEAST]
    by = f"; {', '.join(named)} give{'s' if len(named) == 1 else ''} it away" if named else ""
    return f"All features together tell the windows apart with an AUC of {sure}{by}"
