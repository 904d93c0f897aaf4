"""What is said of scores that are not what the model gives: the finding, the step to take, what would settle it."""

from __future__ import annotations

from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import Action, Decision, Finding
from dawnwatch.model.sections import Serving
from dawnwatch.triage.evidence import Evidence

__all__ = ["serving_actions", "serving_decision", "serving_findings"]

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


def serving_findings(evidence: Evidence) -> list[Finding]:
    """Return the finding that logged scores are not the model's, where they are not."""
    serving = evidence.serving
    if serving is None:
        return []
    return [Finding(pillar=Pillar.PERFORMANCE, subject=serving.score, text=serving.message)]


def serving_decision(serving: Serving) -> Decision:
    """Return the decision that wrong scores leave: no model can be judged by the scores of another, or of none."""
    return Decision(
        verdict="fix_pipeline",
        reasons=[serving.message, "A model cannot be judged by scores that it did not give for these rows"],
        would_change=["Logged scores that are the model's, on which the drop remains"],
    )


def serving_actions(evidence: Evidence) -> list[Action]:
    """Return the step that mends the scores."""
    serving = evidence.serving
    if serving is None or serving.reading is None:
        return []
    action, reason = STEPS[serving.reading]
    where = f", in rows where {serving.column} is {serving.value}" if serving.column else ""
    return [Action(action=f"{action}{where}", reason=reason)]
