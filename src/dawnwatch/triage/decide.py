"""Which action the evidence supports, by the table of actions; and the steps to take, in order."""

from __future__ import annotations

from dawnwatch.model.certainty import certainty
from dawnwatch.model.enums import Band, Outcome, Severity
from dawnwatch.model.numbers import number, p_value
from dawnwatch.model.packet import Action, Decision, Sla, Verdict
from dawnwatch.model.sized import output_name, size_of
from dawnwatch.triage.causes import mostly, new_units_matter, newcomers
from dawnwatch.triage.classes import classes, stopped, to_come, undated
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import check_title, slices_named
from dawnwatch.triage.level import level_actions
from dawnwatch.triage.reasons import REASONS
from dawnwatch.triage.serving import serving_actions
from dawnwatch.triage.settles import settles
from dawnwatch.triage.verdicts import first_verdict
from dawnwatch.triage.watch import watch_actions

__all__ = ["COMPARE", "FREEZE", "RETRAIN", "actions", "decide", "paging"]

RETRAIN = (
    "Retrain on recent rows and judge the candidate on later ones, in time order",
    "a random split would promise too much",
)
FREEZE = "Page the owner and freeze deploys"
COMPARE = (
    "Page the owner, freeze deploys, and compare the last good model on this window: roll back only if it does better"
)
"""The same, with what a replay answers."""


def paging(verdict: Verdict) -> str:
    """Return the first step of a critical packet: deploys are frozen unless the decision itself puts a model out."""
    return FREEZE if verdict in {"fix_pipeline", "cannot_tell", "wait"} else f"Page the owner: {_PUTS_OUT[verdict]}"


_PUTS_OUT: dict[Verdict, str] = {
    "rollback": "roll back, and hold every other deploy",
    "retrain": "retrain, and hold every other deploy",
    "recalibrate": "recalibrate, and hold every other deploy",
}


def decide(evidence: Evidence) -> Decision:
    """Return the verdict of the first row of `verdicts.VERDICTS` that holds, its reasons and what would change it."""
    found = classes(evidence)
    rule = first_verdict(evidence.facts | found)
    told = REASONS[rule.name](evidence)
    return Decision(
        verdict=rule.verdict,
        reasons=told.reasons,
        would_change=told.would_change,
        rule=rule.name,
        classes=sorted(found),
        settles=settles(evidence, rule.name),
    )


def actions(evidence: Evidence, severity: Severity, sla: Sla) -> list[Action]:
    """Return the recommended steps, first things first."""
    facts, steps = evidence.facts, serving_actions(evidence)

    def step(action: str, reason: str) -> None:
        steps.append(Action(action=action, reason=reason))

    verdict = first_verdict(facts | classes(evidence)).verdict
    degraded, drifted = "performance_degraded" in facts, "red_drift" in facts
    if evidence.not_judged:
        more = len(evidence.not_judged) - 1
        step("Restore what could not be judged", evidence.not_judged[0] + (f" (and {more} more)" if more else ""))
    steps += watch_actions(evidence)
    late, untold = to_come(evidence) or stopped(evidence) is not None, undated(evidence)
    for check in evidence.failed_quality[:3]:
        if late:
            step("Judge again once the labels are there", check.message)
            continue
        if untold:
            step(f"Ask whether {check.column} is still to come for these rows, or lost", check.message)
            continue
        step(f"Trace {check_title(check)} upstream and fix the pipeline", check.message)
    for name, clock in evidence.displaced[:2]:
        step(f"Find the job that takes {name} from another clock", clock.message)
    shown = " while inputs drifted; " if degraded and drifted else "; "
    worst = [s for s in evidence.performance.slices if s.outcome is Outcome.FAILED]
    overall = evidence.performance.drop.outcome is Outcome.FAILED
    where = "" if overall or not worst else f" in {slices_named(worst)}"
    why = f"performance degraded{where}{shown}{sla.text}" if degraded else sla.text
    new = newcomers(evidence)
    if new is not None:
        step(
            f"{'Page' if severity is Severity.CRITICAL else 'Tell'} the owner: most of the drop is new {new.column} "
            "values, new to any model",
            why,
        )
        step(
            f"Give new {new.column} values an answer of their own until they are known",
            f"such as what is popular: {number(new.amount)} of the drop is theirs",
        )
        step(
            f"Hold out whole {new.column} values in the performance baseline",
            f"rows of known ones promise more than new ones can get{_promised(evidence)}",
        )
    elif severity is Severity.CRITICAL and degraded and verdict == "cannot_tell":
        step(COMPARE, why)
    elif severity is Severity.CRITICAL:
        step(paging(verdict), why)
    elif degraded or severity is Severity.HIGH:
        step(f"Have the owner review {'the drop' if degraded else 'this window'}", why)
    if verdict == "rollback" and not evidence.worse_versions:  # which are to be taken out of service: the same step
        step("Roll back to the version that ranks better", "; ".join(decide(evidence).reasons[1:2]) or why)
    if verdict == "retrain":
        step(*RETRAIN)
    steps += _places_to_look(evidence)
    for output in evidence.leading:
        changed = (
            "a deploy, a feature, another model version" if output.what == "prediction" else "the world, or its logging"
        )
        step(f"Ask what moved the {output_name(output)}: {changed}?", f"{size_of(output, 2)}, {output.moved_most}")
    novelty = new_units_matter(evidence)
    if degraded and novelty is not None and new is None:
        step(f"Measure the model on {novelty.unit} values it never saw, and plan for them", novelty.message)
    if degraded and verdict == "cannot_tell":
        step(*RETRAIN)
    steps += level_actions(evidence)
    for feature in evidence.shown(Band.YELLOW)[:2]:
        step(f"Watch {feature.name} over the next windows", f"{size_of(feature, 2)} is in the YELLOW band")
    if "drop_within_noise" in facts:
        doubted, drop = next(iter(evidence.within_noise.items()))
        lacking = f". {drop.needed.text}" if drop.needed else ""
        # What no further rows of this window's kind would tell, nobody is to wait for.
        baseline = drop.needed is not None and drop.needed.baseline_lacks
        step(
            f"{'Enlarge the performance baseline' if baseline else 'Wait for more labels'} before acting on the drop"
            f"{f' in {doubted}' if doubted else ''}",
            f"it is {certainty(drop.significance)}{lacking}",
        )
    for feature in evidence.unsure[:2]:
        step(f"Look at {feature.name} again over a longer window", f"RED by size, {certainty(feature.significance)}")
    if "accuracy_not_judged" in facts:
        step("Judge accuracy once labels and scores are there", evidence.performance.reason or "it was not computed")
    if not steps:
        step("Nothing to do; keep watching", "all checks pass")
    return steps


def _promised(evidence: Evidence) -> str:
    """Say what known and new units got at training time, where both were measured; else nothing."""
    then = {pair.which: pair.then for pair in evidence.split.pairs}
    known, new = then.get("known"), then.get("new")
    return "" if known is None or new is None else f": AUC {number(known)} against {number(new)} at training time"


def _places_to_look(evidence: Evidence) -> list[Action]:
    """Return what to ask of the features that moved, and the slices that fell more than the others of their column.

    The feature that explains most of the fall comes first of all: of several steps the screen has room for few.
    """
    most = mostly(evidence)
    red = sorted(evidence.shown(Band.RED), key=lambda feature: most is None or feature.name != most.column)
    asked = [
        Action(
            action=f"Ask what changed {feature.name}: a release, a campaign, an upstream job?",
            reason=f"{size_of(feature, 2)}, {feature.moved_most}",
        )
        for feature in red[:3]
    ]
    apart = [part for part in evidence.performance.slices if evidence.performance.fell_apart(part)]
    if not apart:
        return asked
    columns = list(dict.fromkeys(part.column for part in apart))
    p_values = ", ".join(f"{column} {p_value(evidence.performance.homogeneity[column])}" for column in columns)
    look = Action(
        action=f"Look at {slices_named(apart)} first",
        reason=f"the slices of their column did not fall alike ({p_values}), and these fell beyond the threshold by "
        "more than chance",
    )
    causal = most is not None and bool(red) and red[0].name == most.column
    return [*asked[:causal], look, *asked[causal:]]
