"""Which action the evidence supports, and what would change that; and the steps to take, in order."""

from __future__ import annotations

from dawnwatch.model.certainty import certainty, doubt
from dawnwatch.model.enums import Band, Outcome, Severity
from dawnwatch.model.numbers import number
from dawnwatch.model.packet import Action, Decision, Sla
from dawnwatch.model.sized import output_name, size_of
from dawnwatch.triage.causes import cause_words, mostly, newcomers, of_units
from dawnwatch.triage.doubts import doubt_decision
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import auc_sentence, check_title, slices_named
from dawnwatch.triage.serving import rollback, serving_actions, serving_decision
from dawnwatch.triage.watch import watch_actions, watch_decision

__all__ = ["actions", "decide"]


def decide(evidence: Evidence) -> Decision:
    """Apply the ordered rules: wrong scores, invalid data, then what could not be judged, then harm shown, then none.

    With two windows and no older or retrained model to compare, a shown drop supports no choice between rolling
    back and retraining; the verdict then is `cannot_tell`, with what would settle it.
    """
    facts = evidence.facts
    if evidence.serving is not None:
        return serving_decision(evidence.serving)
    if "quality_failed" in facts:
        failed = evidence.failed_quality[0]
        subject = check_title(failed)
        return Decision(
            verdict="fix_pipeline",
            reasons=[
                f"{subject[:1].upper()}{subject[1:]} failed: {failed.message}",
                "A model cannot be judged, retrained or rolled back on data that is not valid",
            ],
            would_change=["Valid data on which the drop or the drift remains"],
        )
    broken = watch_decision(evidence, degraded="performance_degraded" in facts)
    if broken is not None:
        return broken
    if evidence.worse_versions:
        return rollback(evidence)
    if "performance_degraded" in facts and evidence.doubts:
        return doubt_decision(evidence)
    if "performance_degraded" in facts:
        return Decision(
            verdict="cannot_tell",
            reasons=[_sentence(auc_sentence(evidence.performance)), *_reasons(evidence)],
            would_change=_settles(evidence),
        )
    if facts & {"pillar_not_judged", "check_not_judged", "check_errored"}:
        return Decision(
            verdict="cannot_tell",
            reasons=list(evidence.not_judged[:3]),
            would_change=["Judging what could not be judged: mend the cause and run again"],
        )
    if evidence.performance.drop.value is None:
        drifted, leading = evidence.drifted, evidence.leading
        return Decision(
            verdict="cannot_tell" if drifted or leading else "wait",
            reasons=[f"Accuracy was not computed: {evidence.performance.reason}"]
            + ([f"{drifted[0].name} has drifted, and whether that harms is not known"] if drifted else [])
            + [f"The {output_name(output)} moved, and whether they are right is not known" for output in leading],
            would_change=["Labels and scores for this window"],
        )
    reasons = ["No loss of accuracy beyond the tolerance was shown"]
    if evidence.beyond:
        where, drop = next(iter(evidence.beyond.items()))
        fell = "The AUC fell" if where is None else f"In {where} the AUC fell"
        reasons = [f"{fell} by more than its threshold, but {doubt(drop.significance)}"]
    if evidence.drifted:
        reasons.append("Drift alone does not show harm")
    if evidence.unsure:
        feature = evidence.unsure[0]
        reasons.append(f"{feature.name} is RED by size, but {doubt(feature.significance)}")
    return Decision(
        verdict="wait",
        reasons=reasons,
        would_change=[_would_page(evidence)],
    )


def _would_page(evidence: Evidence) -> str:
    performance = evidence.performance
    sure = "" if performance.significance == "off" else " that is more than chance"
    return f"A drop of the AUC above {performance.threshold:g}{sure}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _reasons(evidence: Evidence) -> list[str]:
    """Say what the causes of a fall mean for what to do."""
    most, new = mostly(evidence), newcomers(evidence)
    if new is not None:
        return [
            f"Most of it is no decay: {cause_words(new)} explains {number(new.amount)}, and an earlier model never "
            f"saw these {new.column} values either",
        ]
    told = [] if most is None else [f"Most of it is {cause_words(most)}"]
    return [*told, "Nothing here shows that an older or a retrained model would do better on these rows"]


def _settles(evidence: Evidence) -> list[str]:
    new, novelty = newcomers(evidence), evidence.drift.novelty
    retrained = "A model retrained on recent rows, judged on later ones in time order (for retraining)"
    if new is not None:
        return [
            f"A performance baseline that holds out whole {new.column} values, against which new ones are no fall",
            retrained,
        ]
    needs = ["An earlier model's AUC on the current window (for rollback)", retrained]
    told = any(c.resolvable and of_units(c, evidence) for c in evidence.split.parts)
    if novelty is not None and novelty.current_share > 0.2 and not told:
        needs.append(
            f"The AUC on new {novelty.unit} values at training time (`dawnwatch profile --by-unit`): without it the "
            "drop may be no decay"
        )
    return needs


def actions(evidence: Evidence, severity: Severity, sla: Sla) -> list[Action]:
    """Return the recommended steps, first things first."""
    facts, steps = evidence.facts, serving_actions(evidence)

    def step(action: str, reason: str) -> None:
        steps.append(Action(action=action, reason=reason))

    degraded, drifted = "performance_degraded" in facts, "red_drift" in facts
    if evidence.not_judged:
        more = len(evidence.not_judged) - 1
        step("Restore what could not be judged", evidence.not_judged[0] + (f" (and {more} more)" if more else ""))
    steps += watch_actions(evidence)
    for check in evidence.failed_quality[:3]:
        step(f"Trace {check_title(check)} upstream and fix the pipeline", check.message)
    shown = " while inputs drifted; " if degraded and drifted else "; "
    worst = [s for s in evidence.performance.slices if s.outcome is Outcome.FAILED]
    overall = evidence.performance.drop.outcome is Outcome.FAILED
    where = "" if overall or not worst else f" in {slices_named(worst)}"
    why = f"performance degraded{where}{shown}{sla.text}" if degraded else sla.text
    new = newcomers(evidence)
    if new is not None:
        step(
            f"{'Page' if severity is Severity.CRITICAL else 'Tell'} the owner: most of the drop is new {new.column} "
            "values, which no earlier model knows either",
            why,
        )
        step(
            f"Give new {new.column} values an answer of their own, such as what is popular, until they are known",
            f"{number(new.amount)} of the drop is theirs",
        )
        step(
            f"Hold out whole {new.column} values in the performance baseline",
            "rows of known ones promise more than new ones can get",
        )
    elif severity is Severity.CRITICAL and degraded:
        step(
            "Page the owner, freeze deploys, and compare the last good model on this window: roll back only if it "
            "does better",
            why,
        )
    elif severity is Severity.CRITICAL:
        step("Page the owner and freeze deploys", why)
    elif degraded or severity is Severity.HIGH:
        step(f"Have the owner review {'the drop' if degraded else 'this window'}", why)
    if worst and len(worst) < len(evidence.performance.slices):
        step(f"Look at {slices_named(worst)} first", "these slices fell beyond the threshold, others did not")
    for feature in evidence.shown(Band.RED)[:3]:
        step(
            f"Ask what changed {feature.name}: a release, a campaign, an upstream job?",
            f"{size_of(feature, 2)}, {feature.moved_most}",
        )
    for output in evidence.leading:
        changed = (
            "a deploy, a feature, another model version" if output.what == "prediction" else "the world, or its logging"
        )
        step(f"Ask what moved the {output_name(output)}: {changed}?", f"{size_of(output, 2)}, {output.moved_most}")
    novelty = evidence.drift.novelty
    if degraded and novelty and novelty.current_share > 0.2 and new is None:
        step(f"Measure the model on {novelty.unit} values it never saw, and plan for them", novelty.message)
    if degraded:
        step(
            "Retrain on recent rows and judge the candidate on later ones, in time order",
            "a random split would promise too much",
        )
    for feature in evidence.shown(Band.YELLOW)[:2]:
        step(f"Watch {feature.name} over the next windows", f"{size_of(feature, 2)} is in the YELLOW band")
    if "drop_within_noise" in facts:
        doubted, drop = next(iter(evidence.within_noise.items()))
        lacking = f". {drop.needed.text}" if drop.needed else ""
        step(
            f"Wait for more labels before acting on the drop{f' in {doubted}' if doubted else ''}",
            f"it is {certainty(drop.significance)}{lacking}",
        )
    for feature in evidence.unsure[:2]:
        step(f"Look at {feature.name} again over a longer window", f"RED by size, {certainty(feature.significance)}")
    if "accuracy_not_judged" in facts:
        step("Judge accuracy once labels and scores are there", evidence.performance.reason or "it was not computed")
    if not steps:
        step("Nothing to do; keep watching", "all checks pass")
    return steps
