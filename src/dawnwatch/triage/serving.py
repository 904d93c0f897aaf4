"""What is said of serving: scores that are not what the model gives, and a version that ranks worse than the others."""

from __future__ import annotations

from dawnwatch.model.auc import VersionPerformance
from dawnwatch.model.enums import Pillar
from dawnwatch.model.numbers import number, short_share
from dawnwatch.model.packet import Action, Finding
from dawnwatch.triage.evidence import Evidence

__all__ = ["serving_actions", "serving_findings", "version_sentence"]

STEPS = {
    "constant": ("Find what stands in for the model's answers", "a timeout, a fallback or a default is served"),
    "lagged": ("Clear and check the cache or the join that hands out scores", "rows have an earlier row's score"),
    "shuffled": ("Check how scores are joined to requests", "rows have each other's scores"),
    "rescaled": ("Compare the last step of the served model with this one", "the order is right and the scale is not"),
    "reversed": ("Compare the class whose score is logged with the positive one", "the order is upside down"),
    "skewed": ("Compare the features at serving with the logged ones", "the model was given others"),
    "alike": ("Ask which version of the model answers", "the scores go with this one's and are not the same"),
    "unexplained": ("Score some of the rows again by hand", "the scores are not this model's"),
}


def version_sentence(one: VersionPerformance, limit: float) -> str:
    """Say how a version ranks beside the others, and whether it explains the fall."""
    than = f"{one.others.value:.3f} on the rows of all others" if one.others.value is not None else "the others"
    said = f"version {one.version} has {short_share(one.share)} of the rows and AUC {one.auc.value:.3f} against {than}"
    if one.other_kinds and one.drop.value is not None:
        said += f", and ranks {number(one.drop.value)} lower on rows of the same kinds"
    return said + (f"; without it the AUC would be within {limit:g} of the baseline's" if one.explains else "")


def serving_findings(evidence: Evidence) -> list[Finding]:
    """Return that logged scores are not the model's, and which versions rank worse than the others, where they do."""
    found = []
    if evidence.serving is not None:
        serving = evidence.serving
        found.append(Finding(pillar=Pillar.PERFORMANCE, subject=serving.score, text=serving.message))
    found += [
        Finding(pillar=Pillar.PERFORMANCE, subject=one.score, text=one.message[:1].upper() + one.message[1:])
        for one in evidence.doubts
    ]
    for one in evidence.worse_versions:
        text = version_sentence(one, evidence.performance.threshold)
        found.append(Finding(pillar=Pillar.PERFORMANCE, subject=None, text=text[:1].upper() + text[1:]))
    return found


def serving_actions(evidence: Evidence) -> list[Action]:
    """Return the steps that mend the scores, or take a bad version away."""
    serving, steps = evidence.serving, []
    if serving is not None and serving.reading is not None:
        action, reason = STEPS[serving.reading]
        where = f", in rows where {serving.column} is {serving.value}" if serving.column else ""
        steps.append(Action(action=f"{action}{where}", reason=reason))
    steps += [
        Action(
            action=f"Compare {one.column} in the log with what the model was given: its unit, its join, its type",
            reason=one.message,
        )
        for one in evidence.doubts
        if one.column is not None
    ]
    if evidence.doubts:
        action = "Score some rows again with the deployed model, or set [model] path so that each run does"
        steps.append(Action(action=action, reason=evidence.doubts[0].message))
    for one in evidence.worse_versions[:2]:
        reason = version_sentence(one, evidence.performance.threshold)
        steps.append(Action(action=f"Take version {one.version} out of service", reason=reason))
    return steps
