"""What the evidence shows, what it casts doubt on, and what it cannot tell."""

from __future__ import annotations

from dawnwatch.model.causes import UNEXPLAINED
from dawnwatch.model.certainty import certainty, detectable, evidence_behind
from dawnwatch.model.distances import PSI
from dawnwatch.model.drift import Drift
from dawnwatch.model.enums import Band, Outcome, Pillar
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.packet import Diagnosis, Finding
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import QualityCheck
from dawnwatch.model.sized import by_size, output_name, size_of
from dawnwatch.model.slice_words import weak_slice_sentence
from dawnwatch.triage.causes import cause_words, causes, harm, mostly
from dawnwatch.triage.classes import stopped, to_come
from dawnwatch.triage.concentrated import concentrated
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import auc_sentence, check_title, slices_named
from dawnwatch.triage.level import level_findings
from dawnwatch.triage.onset import leading
from dawnwatch.triage.serving import serving_findings
from dawnwatch.triage.watch import told_watch, watch_findings

__all__ = ["diagnose", "funnel_caution", "with_cautions"]


MOST_SLICES = 3
"""Weak slices told among the findings; the packet and the report hold all."""


def funnel_caution(failed: list[QualityCheck]) -> list[str]:
    """Return the caution that failed quality puts on the pillars below it."""
    if not failed:
        return []
    named = ", ".join(check_title(check) for check in failed[:3])
    more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
    return [f"Data quality failed ({named}{more}): read drift and performance with that in mind"]


def with_cautions(drift: Drift, performance: Performance, cautions: list[str]) -> tuple[Drift, Performance]:
    """Return both sections with the funnel's cautions on them."""
    if not cautions:
        return drift, performance
    return (
        drift.model_copy(update={"cautions": [*drift.cautions, *cautions]}),
        performance.model_copy(update={"cautions": [*performance.cautions, *cautions]}),
    )


def diagnose(evidence: Evidence) -> Diagnosis:
    """Rank the findings by the funnel: wrong scores, invalid data, the fall in accuracy, then drift."""
    findings = serving_findings(evidence)
    findings += [
        Finding(
            pillar=Pillar.QUALITY,
            subject=check.column,
            text=_sentence(f"{check_title(check)}: {check.message}"),
        )
        for check in evidence.failed_quality
    ]
    findings += watch_findings(evidence)
    performance, drift = evidence.performance, evidence.drift
    if performance.outcome is not Outcome.PASSED:
        findings.append(Finding(pillar=Pillar.PERFORMANCE, subject=None, text=_sentence(auc_sentence(performance))))
    if performance.over_time is not None and performance.over_time.worse:
        findings.append(Finding(pillar=Pillar.PERFORMANCE, subject=None, text=performance.over_time.text))
    weak = [
        Finding(pillar=Pillar.PERFORMANCE, subject=None, text=weak_slice_sentence(found))
        for found in evidence.weak_slices[:MOST_SLICES]
    ]
    # Where nothing fell as a whole, what moved is told before who fares a little worse.
    findings += weak if performance.outcome is Outcome.FAILED else []
    findings += [
        Finding(pillar=Pillar.DRIFT, subject=name, text=_sentence(clock.message)) for name, clock in evidence.displaced
    ]
    findings += [
        Finding(
            pillar=Pillar.DRIFT,
            subject=feature.name,
            text=f"{feature.name} is {feature.band}: {size_of(feature, 2)}"
            + (f", {sure}" if (sure := certainty(feature.significance)) else "")
            + (f"; {only}" if (only := by_size(feature)) else "")
            + (f"; most of it from {feature.moved_most}" if feature.moved_most else "")
            + (f"; {together}" if (together := _together(feature, evidence)) else "")
            + (f"; {did}" if (did := harm(evidence, feature.name)) else ""),
        )
        for feature in evidence.drifted
    ]
    findings += level_findings(evidence)
    if drift.novelty and drift.novelty.shown:
        findings.append(Finding(pillar=Pillar.DRIFT, subject=drift.novelty.unit, text=drift.novelty.message))
    findings += [
        Finding(
            pillar=Pillar.DRIFT,
            subject=feature.name,
            text=f"{feature.name} is RED by size, {certainty(feature.significance)}: {size_of(feature, 2)} over "
            f"{evidence_behind(feature.significance, feature.current_rows)}",
        )
        for feature in evidence.unsure
    ]
    findings += [
        Finding(pillar=Pillar.DRIFT, subject=feature.name, text=feature.beyond.message)
        for feature in drift.features
        if feature.beyond is not None
    ]
    findings += [] if performance.outcome is Outcome.FAILED else weak
    findings += [
        Finding(
            pillar=Pillar.DRIFT,
            subject=output.name,
            text=_sentence(f"{output_name(output)}: {output.band}, {size_of(output, 2)}")
            + (f", {sure}" if (sure := certainty(output.significance)) else "")
            + (f"; most of it from {output.moved_most}" if output.moved_most else "")
            + f". {output.reading}",
        )
        for output in evidence.moved_outputs
    ]
    if performance.unscored is not None:
        findings.append(Finding(pillar=Pillar.PERFORMANCE, subject=None, text=performance.unscored))
    gap = evidence.estimate_gap
    if gap is not None:
        findings.append(Finding(pillar=Pillar.PERFORMANCE, subject=None, text=gap))
    if evidence.told_apart:
        findings.append(Finding(pillar=Pillar.DRIFT, subject=None, text=evidence.told_apart.text))
    if drift.novelty and drift.novelty.current_rows and not drift.novelty.shown:
        findings.append(Finding(pillar=Pillar.DRIFT, subject=drift.novelty.unit, text=drift.novelty.message))
    # Notes explain what the findings before them say, and answer nothing alone.
    findings += [Finding(pillar=Pillar.PERFORMANCE, subject=None, text=note) for note in performance.notes]
    return Diagnosis(
        summary=_summary(evidence),
        findings=findings,
        cautions=list(dict.fromkeys([*funnel_caution(evidence.failed_quality), *drift.cautions, *evidence.not_judged])),
        unresolved=_unresolved(evidence),
        weak_slices=list(evidence.weak_slices),
        slice_search=evidence.slice_search,
        causes=causes(evidence),
        harms=evidence.split.harms,
        pairs=evidence.split.pairs,
        label_shift=evidence.split.label_shift,
        ruled_out=evidence.split.ruled_out if evidence.fall is not None else [],
        onset=leading(evidence.onsets),
        onsets=list(evidence.onsets),
    )


def _summary(evidence: Evidence) -> str:
    facts = evidence.facts
    if "serving_failed" in facts:
        return "Logged scores are not the model's; what performance shows is of the scores, not of the model."
    if "quality_failed" in facts and not to_come(evidence) and stopped(evidence) is None:
        return "The data is not valid; what drift and performance show may be its consequence."
    if "pillar_blinded" in facts:
        blind = next(one for one in evidence.failed_watch if one.fact == "pillar_blinded")
        return f"{blind.message[:1].upper()}{blind.message[1:]}. What is not seen may be as bad as what is."
    if evidence.worse_versions:
        worst = evidence.worse_versions[0]
        explains = ", and explains the fall of the AUC" if worst.explains else ""
        return f"Version {worst.version} of the model ranks worse than the others in this window{explains}."
    misplaced = [name for name, _ in evidence.displaced]
    misplaced += [one.subject for one in evidence.failed_watch if one.fact == "feature_lagged" and one.subject]
    if misplaced:
        named = ", ".join(misplaced)
        return f"Rows hold another row's or hour's {named}; what drift and performance show may be its consequence."
    overall = evidence.performance.drop.outcome is Outcome.FAILED
    where = slices_named([part for part in evidence.performance.slices if part.outcome is Outcome.FAILED])
    ranks = f"{'The model ranks' if overall else f'In {where} the model ranks'} worse than on its baseline"
    most = mostly(evidence)
    if "performance_degraded" in facts and most is not None:
        # An apposition closes with a comma, and the sentence with its full stop alone.
        return f"{ranks}, most of it for {cause_words(most).rstrip(',')}."
    if "performance_degraded" in facts and "red_drift" in facts:
        return f"{ranks}, and its inputs have moved; one need not cause the other."
    if "performance_degraded" in facts:
        return f"{ranks}, while no watched input has moved into the RED band."
    if stopped(evidence) is not None:
        return "The label feed has stopped, so that what rests on labels is of the rows that have one."
    if to_come(evidence):
        return "Labels are still to come, so that what rests on them is of the rows that have one; nothing else failed."
    accuracy = "no loss of accuracy beyond the tolerance was shown"
    if "drop_within_noise" in facts:
        accuracy = "a loss of accuracy beyond the tolerance cannot be told from noise"
    elif evidence.performance.drop.value is None:
        accuracy = "the accuracy of the model was not computed"
    if "red_drift" in facts:
        return f"The inputs have moved, and {accuracy}."
    if "yellow_drift" in facts:
        return f"An input has moved a little, and {accuracy}."
    drop = evidence.performance.drop
    if drop.value is not None and drop.significance is not None and drop.significance.reason is not None:
        accuracy = "too few units tell whether the model is as accurate as it was"
    if evidence.unsure and accuracy.startswith("no loss"):
        return f"An input looks moved, but not by more than chance could do, and {accuracy}."
    if told_watch(evidence):
        return f"What is there shows no failure, but the feed is not in order, and {accuracy}."
    if facts - {"accuracy_not_judged"}:
        return "Nothing failed, but not everything could be judged or told from noise."
    drift = "its watched inputs have not moved" if evidence.drift.features else "no input is watched for drift"
    return f"The data is valid, {drift}, and {accuracy}."


def _unresolved(evidence: Evidence) -> list[str]:
    """Return the questions this evidence cannot answer."""
    questions = []
    degraded = evidence.performance.outcome is Outcome.FAILED
    if evidence.fall is not None:
        questions += evidence.split.unresolved
    elif degraded:
        where = slices_named([part for part in evidence.performance.slices if part.outcome is Outcome.FAILED])
        questions.append(
            f"{UNEXPLAINED} the fall in {where}: only a fall of the whole is taken apart, and that is none"
        )
    if evidence.fall is not None and evidence.drifted and not evidence.split.parts:
        names = ", ".join(feature.name for feature in evidence.drifted[:3])
        questions.append(f"How much of the drop the changed mix of {names} explains")
    # The whole comes first; where only slices fell, the first of them.
    fell = next((onset for onset in evidence.onsets if onset.pillar is Pillar.PERFORMANCE), None)
    if degraded and (fell is None or fell.at is None):
        why = fell.reason if fell else "this packet compares two windows and no history"
        questions.append(f"When the drop began: {why}")
    if evidence.performance.drop.value is None:
        questions.append("Whether the model is still accurate")
    questions += _not_told(evidence.performance)
    if evidence.shown(Band.RED) and not degraded and evidence.performance.drop.value is None:
        questions.append("Whether the drift does any harm")
    for feature in evidence.unsure[:3]:
        more = detectable(feature.significance, "" if feature.method == PSI else "a PSI of ")
        questions.append(f"Whether {feature.name} moved at all{f': {more}' if more else ''}")
    return questions


def _not_told(performance: Performance) -> list[str]:
    """Return what the window had too few labels or units for: overall, then in the slices in doubt."""
    found = [("the model", performance.drop)]
    found += [
        (f"the model in {part.column} = {part.value}", part.drop)
        for part in performance.slices
        if part.outcome is Outcome.WARNED
    ][:MOST_SLICES]
    asked = {
        "within_noise": "Whether {} is worse at all",
        "too_coarse": "Whether {} is worse by as much as is tolerated",
        "too_few_units": "Whether {} is worse at all",
    }
    return [f"{asked[drop.needed.why].format(whose)}. {drop.needed.text}" for whose, drop in found if drop.needed]


def _together(feature: FeatureDrift, evidence: Evidence) -> str:
    """Say of a feature whose most popular values took over which and how many did, or what brought them along."""
    if feature.follows is not None:
        return feature.follows.message
    few = concentrated(evidence)
    return few.text if few is not None and few.feature == feature.name else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
