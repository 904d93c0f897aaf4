"""The headline: what happened, in one sentence a person reads first."""

from __future__ import annotations

from dawnwatch.model.base import Band, Outcome
from dawnwatch.model.sections import FeatureDrift, Performance, QualityCheck
from dawnwatch.triage.evidence import Evidence

__all__ = ["auc_sentence", "drift_sentence", "headline"]


def headline(evidence: Evidence) -> str:
    """Return one or two sentences: validity first where it failed, then accuracy, then drift."""
    parts = []
    if evidence.failed_quality:
        parts.append(_quality_sentence(evidence.failed_quality))
    parts.append(auc_sentence(evidence.performance))
    parts.append(drift_sentence(evidence))
    if not evidence.failed_quality and evidence.quality.outcome is Outcome.PASSED:
        parts.append("all data quality checks pass")
    text = "; ".join(part for part in parts if part)
    return text[:1].upper() + text[1:] + "."


def auc_sentence(performance: Performance) -> str:
    """Say where the AUC stands, and how sure that is."""
    drop, reference, current = performance.drop, performance.reference, performance.current
    if performance.reason is not None or drop.value is None:
        return f"accuracy was not computed: {performance.reason}"
    interval = ""
    if drop.interval is not None:
        low, high = -drop.interval[1], -drop.interval[0]
        interval = f", {performance.confidence:.0%} interval {low:+.3f} to {high:+.3f}"
    moved = f"from {reference.value:.3f} to {current.value:.3f} ({-drop.value:+.3f}{interval})"
    if performance.outcome is Outcome.FAILED and drop.value > performance.threshold:
        return f"AUC fell {moved}"
    if performance.outcome is Outcome.FAILED:
        worst = [s for s in performance.slices if s.outcome is Outcome.FAILED]
        where = ", ".join(f"{s.column} = {s.value} ({-(s.drop.value or 0):+.3f})" for s in worst[:3])
        return f"AUC fell beyond its threshold in {where}; overall it went {moved}"
    if performance.outcome is Outcome.WARNED and drop.value > performance.threshold:
        return f"AUC went {moved}: above the threshold {performance.threshold:g} but within noise"
    if performance.outcome is Outcome.WARNED:
        return f"AUC went {moved}; in a slice it fell by more than {performance.threshold:g}, but within noise"
    return f"AUC went {moved}, within its tolerance of {performance.threshold:g}"


def drift_sentence(evidence: Evidence) -> str:
    """Name what drifted, worst first."""
    red, yellow = evidence.in_band(Band.RED), evidence.in_band(Band.YELLOW)
    if red or yellow:
        parts = [f"{_list(found)} {band}" for band, found in (("RED", red), ("YELLOW", yellow)) if found]
        return "drift: " + ", ".join(parts)
    judged = [feature for feature in evidence.drift.features if feature.psi is not None]
    if not judged:
        return "no feature's drift was judged"
    return f"no drift: {len(judged)} watched {'feature is' if len(judged) == 1 else 'features are'} GREEN"


def _list(features: list[FeatureDrift]) -> str:
    shown = [
        f"{f.name} (PSI {f.psi:.2f}{f', {f.moved_most}' if f.moved_most else ''})" for f in features[:3]
    ]
    more = f" and {len(features) - 3} more" if len(features) > 3 else ""
    return ", ".join(shown) + more


def _quality_sentence(failed: list[QualityCheck]) -> str:
    first = failed[0]
    where = f" of {first.column}" if first.column else ""
    more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    return f"data quality failed: {first.name}{where} ({first.message}){more}"
