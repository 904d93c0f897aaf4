"""The headline: what happened, in one sentence a person reads first."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.auc import SlicePerformance
from dawnwatch.model.certainty import doubt, evidence_behind
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.numbers import confidence, plural, share, signed
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality, QualityCheck
from dawnwatch.model.sized import output_name, size_of
from dawnwatch.triage.causes import causes, causes_sentence, of_units
from dawnwatch.triage.classes import stopped, to_come
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.level import level_sentence
from dawnwatch.triage.serving import version_sentence
from dawnwatch.triage.since_sentence import since_sentence
from dawnwatch.triage.watch import told_watch

__all__ = ["auc_sentence", "check_title", "drift_sentence", "headline", "slices_named"]

UNJUDGED = {Outcome.NOT_COMPUTED, Outcome.ERRORED}


def headline(evidence: Evidence) -> str:
    """Return a few sentences: wrong scores and invalid data, accuracy and why it fell, drift, and since when."""
    parts = []
    if evidence.serving is not None:
        parts.append(evidence.serving.message)
    silent = stopped(evidence)
    watch = [one for one in told_watch(evidence) if one is not silent][:1]
    if not watch and not evidence.failed_quality:  # which say as much of scores that are all one, or no numbers
        parts += [one.message for one in evidence.doubts[:1]]
    if silent is not None:
        parts.append(f"the label feed has stopped ({evidence.failed_quality[0].message}): {silent.message}")
    elif to_come(evidence):
        parts.append(f"labels are still to come: {evidence.failed_quality[0].message}")
    elif evidence.failed_quality:
        parts.append(_quality_sentence(evidence.failed_quality))
    parts += [clock.message for _, clock in evidence.displaced[:1]]
    parts += [version_sentence(one, evidence.performance.threshold) for one in evidence.worse_versions[:1]]
    parts.append(auc_sentence(evidence.performance))
    parts.append(level_sentence(evidence))
    parts.append(causes_sentence(evidence))
    parts += [one.message for one in watch]
    parts.append(drift_sentence(evidence))
    parts.append(_newcomers_sentence(evidence))
    invalid = {check.column for check in evidence.failed_quality}  # of which the first sentence speaks
    parts += [_leading_sentence(output) for output in evidence.leading if output.name not in invalid]
    if evidence.told_apart and evidence.told_apart.raises:
        parts.append(evidence.told_apart.text[:1].lower() + evidence.told_apart.text[1:])
    if not evidence.failed_quality:
        parts.append(_no_failure_sentence(evidence.quality))
    text = "; ".join(part for part in parts if part)
    # A column's name may hold a line break; a headline is one line.
    since = since_sentence(evidence) if _anything_wrong(evidence) else ""
    return " ".join(f"{text[:1].upper()}{text[1:]}.{since}".split())


def _anything_wrong(evidence: Evidence) -> bool:
    """Whether the headline tells of something that has a beginning."""
    told = (evidence.serving, *evidence.doubts, *evidence.failed_quality, *evidence.failed_watch, *evidence.displaced)
    return any(told) or bool(evidence.out_of_green) or evidence.performance.outcome is not Outcome.PASSED


def auc_sentence(performance: Performance) -> str:
    """Say where the AUC stands, and how sure that is."""
    drop, reference, current = performance.drop, performance.reference, performance.current
    if performance.reason is not None or drop.value is None:
        return f"accuracy was not computed: {performance.reason}"
    interval = ""
    if drop.interval is not None:
        low, high = -drop.interval[1], -drop.interval[0]
        interval = f", {confidence(performance.confidence)} interval {signed(low)} to {signed(high)}"
    moved = f"from {reference.value:.3f} to {current.value:.3f} ({signed(-drop.value)}{interval})"
    threshold = f"{performance.threshold:g}"
    if drop.outcome is Outcome.FAILED:
        return f"{performance.auc_title} fell {moved}"
    noise = f", which is more than {threshold} but {doubt(drop.significance)}" if drop.outcome is Outcome.WARNED else ""
    if performance.outcome is Outcome.FAILED:
        worst = [s for s in performance.slices if s.outcome is Outcome.FAILED]
        where = ", ".join(f"{s.name} ({signed(-(s.drop.value or 0))})" for s in worst[:3])
        more = f" and {len(worst) - 3} more slices" if len(worst) > 3 else ""
        # Slices are judged as they are, whatever stands for all rows.
        whole = "it" if performance.auc_title == "AUC" else f"the {performance.auc_title}"
        return f"AUC fell by more than {threshold} in {where}{more}; overall {whole} went {moved}{noise}"
    if drop.outcome is Outcome.WARNED:
        return f"{performance.auc_title} went {moved}{noise}"
    if performance.outcome is Outcome.WARNED:
        doubted = [s for s in performance.slices if s.outcome is Outcome.WARNED]
        why = doubt(doubted[0].drop.significance)
        slices = f"in {slices_named(doubted)} it fell by more than {threshold}, but {why}"
        return f"{performance.auc_title} went {moved}; {slices}"
    if -drop.value > performance.threshold:
        return f"{performance.auc_title} rose {moved}"
    if drop.significance is not None and drop.significance.reason is not None:
        return (
            f"{performance.auc_title} went {moved}, within its tolerance of {threshold}, but {doubt(drop.significance)}"
        )
    return f"{performance.auc_title} went {moved}, within its tolerance of {threshold}"


def slices_named(slices: Sequence[SlicePerformance], most: int = 3) -> str:
    """Name slices, such as "device = mobile, device = tablet and 2 more slices"."""
    more = len(slices) - most
    named = ", ".join(part.name for part in slices[:most])
    return f"{named} and {plural(more, 'more slice')}" if more > 0 else named


def drift_sentence(evidence: Evidence) -> str:
    """Name what drifted, worst first."""
    red, yellow, unsure = evidence.shown(Band.RED), evidence.shown(Band.YELLOW), evidence.unsure
    if red or yellow or unsure:
        parts = [f"{band} in {_list(found)}" for band, found in (("RED", red), ("YELLOW", yellow)) if found]
        if not unsure:
            return f"drift is {' and '.join(parts)}{_unjudged(evidence)}"
        parts += [f"RED by size, {doubt(found[0].significance)}, in {_doubted(found)}" for found in _alike(unsure)]
        return f"drift is {', and '.join(parts)}{_unjudged(evidence)}"
    if not evidence.drift.features:
        return "no feature's drift is watched"
    judged = [feature for feature in evidence.drift.features if feature.size is not None]
    if not judged:
        return "no watched feature's drift could be judged"
    green = f"{len(judged)} {'is' if len(judged) == 1 else 'are'} GREEN"
    noisy = sum(feature.band is Band.YELLOW for feature in judged)
    if noisy:
        green = f"{noisy} of {len(judged)} {'is' if noisy == 1 else 'are'} YELLOW by size but within noise"
    return f"no watched feature drifted: {green}{_unjudged(evidence)}{_moved_apart(evidence)}"


def _moved_apart(evidence: Evidence) -> str:
    """Name what moved beside the features and only informs, so that their calm is not taken for all there is."""
    # What leads, or is invalid, has a sentence of its own.
    told = {one.name for one in evidence.leading} | {check.column for check in evidence.failed_quality}
    apart = [one for one in evidence.moved_outputs if one.name not in told]
    moved = [f"the {output_name(one)} moved ({size_of(one, 2)})" for one in apart]
    if evidence.told_apart and not evidence.told_apart.raises:
        moved.append("all features at once tell the windows apart")
    return f", but {' and '.join(moved)}" if moved else ""


def _newcomers_sentence(evidence: Evidence) -> str:
    """Say how many rows are of new units where that is more than chance, and no part of a fall says it already."""
    novelty = evidence.drift.novelty
    if novelty is None or not novelty.shown or any(of_units(part, evidence) for part in causes(evidence)):
        return ""
    before = "" if novelty.baseline_share is None else f" (baseline: {share(novelty.baseline_share)})"
    new = f"{novelty.unit} values new to the {novelty.against}{before}"
    return f"{share(novelty.current_share)} of the rows come from {new}"


def _leading_sentence(output: OutputDrift) -> str:
    moved = f", {output.moved_most}" if output.moved_most else ""
    lead = ", the leading signal while accuracy is not known" if output.what == "prediction" else ""
    return f"the {output_name(output)} moved ({size_of(output, 2)}{moved}){lead}"


def check_title(check: QualityCheck) -> str:
    """Name a quality check and its column, such as "missing in age"."""
    name = check.name.replace("_", " ")
    return f"{name} in {check.column}" if check.column else name


def _unjudged(evidence: Evidence) -> str:
    count = sum(feature.size is None for feature in evidence.drift.features)
    return f", {count} could not be judged" if count else ""


def _no_failure_sentence(quality: Quality) -> str:
    count = sum(check.outcome in UNJUDGED for check in quality.checks)
    if not count:
        return "all data quality checks pass"
    return f"{plural(count, 'data quality check')} could not be judged"


def _list(features: list[FeatureDrift]) -> str:
    shown = [f"{f.name} ({size_of(f, 2)}{f', {f.moved_most}' if f.moved_most else ''})" for f in features[:3]]
    return f"{', '.join(shown)} and {len(features) - 3} more" if len(features) > 3 else ", ".join(shown)


def _alike(unsure: list[FeatureDrift]) -> list[list[FeatureDrift]]:
    """Return the features that cannot be told from chance, together where the reason is the same."""
    by_reason: dict[str, list[FeatureDrift]] = {}
    for feature in unsure:
        by_reason.setdefault(doubt(feature.significance), []).append(feature)
    return list(by_reason.values())


def _doubted(features: list[FeatureDrift]) -> str:
    names = ", ".join(f"{f.name} ({size_of(f, 2)})" for f in features[:3])
    more = f" and {len(features) - 3} more" if len(features) > 3 else ""
    return f"{names}{more}: {evidence_behind(features[0].significance, features[0].current_rows)}"


def _quality_sentence(failed: list[QualityCheck]) -> str:
    others = len(failed) - 1
    more = f" and {plural(others, 'more check')}" if others else ""
    return f"data quality failed: {check_title(failed[0])} ({failed[0].message}){more}"
