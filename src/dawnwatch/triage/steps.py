"""From one run to the next: what differs, which facts flipped, and why the severity moved."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.comparison import Attribution, Cause, Change, Flip, Step
from dawnwatch.model.distances import DISTANCES
from dawnwatch.model.packet import TriagePacket
from dawnwatch.triage.attribution import Crossing, attribute
from dawnwatch.triage.changes import HIDDEN, Differences, differences
from dawnwatch.triage.grounds import grounds
from dawnwatch.triage.why import fall_sentence, flip_sentence, step_sentence

__all__ = ["step_between"]

INPUTS: tuple[Cause, ...] = ("data", "baseline", "model")
"""What the measured numbers come from."""
DEGRADED = "performance_degraded"
"""The fact that the AUC fell; what the fall is made of stands beside it."""
PERFORMANCE = {
    *("performance_degraded", "drop_within_noise", "accuracy_not_judged", "serving_failed", "version_worse"),
    *("red_prediction_drift", "red_label_drift", "estimate_gap"),
}
"""Facts that rest on the performance baseline."""
DRIFT = {"red_drift", "yellow_drift", "windows_told_apart"}
LEARNED = {"schema", "constant", "label_values"}
"""Quality checks that ask whether the window is like the baseline; the others hold it against configured rules."""
SCORED = {"score_range"}
THRESHOLDS = {
    "quality_failed": ("missing", "range", "duplicates"),
    "red_drift": tuple(DISTANCES),
    "yellow_drift": tuple(DISTANCES),
    "red_prediction_drift": ("prediction",),
    "red_label_drift": ("label",),
    "windows_told_apart": ("domain",),
    "performance_degraded": ("auc_drop", "performance"),
    "drop_within_noise": ("auc_drop", "performance"),
    "serving_failed": ("serving",),
    "estimate_gap": ("performance",),
    "version_worse": ("auc_drop", "performance"),
}
ASKED = {
    "quality_failed": ("rule",),
    "red_drift": ("watched", "kind", "distance"),
    "yellow_drift": ("watched", "kind", "distance"),
    "performance_degraded": ("slice",),
    "drop_within_noise": ("slice",),
}
"""First words of the settings, as `changes` lists them, that decide what a fact asks about."""


def step_between(before: TriagePacket, after: TriagePacket, names: tuple[str, str]) -> Step:
    """Compare two runs. Pure: it reads nothing but the two packets."""
    found = differences(before, after)
    crossing = Crossing(before, after)
    flips = [
        _flip(fact, before, after, found, crossing)
        for fact in dict.fromkeys([*before.facts, *after.facts])
        if (fact in before.facts) is not (fact in after.facts)
    ]
    moved = before.severity is not after.severity
    attribution, causes = _severity(found, crossing, _ruled(flips, before, after)) if moved else (None, [])
    return Step(
        before=names[0],
        after=names[1],
        severity_before=before.severity,
        severity_after=after.severity,
        changes=found.changes,
        same=found.same,
        unproved=found.unproved,
        flips=flips,
        attribution=attribution,
        causes=causes,
        text=step_sentence(
            before, after, attribution, causes, found, _limits(flips, found), _fall(before, after, flips, causes)
        ),
    )


def _ruled(flips: Sequence[Flip], before: TriagePacket, after: TriagePacket) -> Sequence[Flip]:
    """Keep the facts that a rule of either severity table asks for: what only informs moves no severity."""
    rules = [rule for packet in (before, after) for rule in packet.policy]
    named = {fact for rule in rules for fact in (*rule.all, *rule.any, *rule.none)}
    return [flip for flip in flips if flip.fact in named] if rules else flips


def _fall(before: TriagePacket, after: TriagePacket, flips: Sequence[Flip], causes: Sequence[Cause]) -> str:
    """Say what the fall is made of where its coming or going moved the severity, and numbers rather than thresholds."""
    fell = next((flip for flip in flips if flip.fact == DEGRADED), None)
    if fell is None or not {*fell.causes} & {*INPUTS} & {*causes}:
        return ""
    return fall_sentence(after if fell.holds else before, brief=True)


def _flip(fact: str, before: TriagePacket, after: TriagePacket, found: Differences, crossing: Crossing) -> Flip:
    holds = fact in after.facts
    ground = grounds(after if holds else before, fact)
    relevant = _inputs(fact, after if holds else before, found)
    thresholds = _about(fact, found, "thresholds", THRESHOLDS)
    asked: list[Cause] = ["thresholds"] if thresholds else []
    asked += ["settings"] if _about(fact, found, "settings", ASKED) else []
    moved = [*[0] * bool(relevant), *[1] * bool(asked)]
    attribution, parts = attribute(lambda choice: crossing.fact(fact, choice), moved, 2)
    attribution, causes = _resolved(attribution, [(relevant, asked)[part] for part in parts], found)
    fell = fact == DEGRADED and bool({*causes} & {*INPUTS})
    fall = fall_sentence(after if holds else before) if fell else ""
    return Flip(
        fact=fact,
        holds=holds,
        grounds=ground,
        attribution=attribution,
        causes=causes,
        text=flip_sentence(fact, holds, ground, attribution, causes, thresholds, fall),
    )


def _limits(flips: Sequence[Flip], found: Differences) -> list[Change]:
    """Return the thresholds that moved and that the flipped facts rest on."""
    asked = [_about(flip.fact, found, "thresholds", THRESHOLDS) for flip in flips if "thresholds" in flip.causes]
    return [change for change in found.changes if any(change in about for about in asked)]


def _inputs(fact: str, packet: TriagePacket, found: Differences) -> list[Cause]:
    """Return which of the inputs that moved the fact can depend on."""
    windows = {change.what for change in found.changes if change.cause == "baseline"}
    scored = fact == "quality_failed" and bool(_failed(packet) & SCORED)
    if fact in PERFORMANCE:
        own = "drift baseline" if packet.provenance.performance_baseline is None else "performance baseline"
        asked = {"data", "model", *(["baseline"] if windows & {own, "performance baseline"} else [])}
        scored = fact in THRESHOLDS
    elif fact in DRIFT:
        asked = {"data", *(["baseline"] if "drift baseline" in windows else [])}
    elif fact == "quality_failed":
        learned = _failed(packet) & LEARNED
        asked = {
            "data",
            *(["model"] if scored else []),
            *(["baseline"] if learned and "drift baseline" in windows else []),
        }
    else:
        asked = set(INPUTS)
    inputs = [cause for cause in INPUTS if cause in asked and cause in found.moved]
    if scored and inputs and "model" not in {*found.same, *inputs}:
        inputs.append("model")  # new rows, and nothing shows that the same model scored them
    # What rests on no threshold may also rest on a setting that no packet lists, such as late labels.
    hidden = fact not in THRESHOLDS and "settings" not in found.same
    return [*inputs, "settings"] if inputs and hidden else inputs


def _failed(packet: TriagePacket) -> set[str]:
    return {check.name for check in packet.quality.checks if check.outcome == "failed"}


def _about(fact: str, found: Differences, cause: Cause, first_words: dict[str, tuple[str, ...]]) -> list[Change]:
    """Return the changes of one kind that a fact can depend on."""
    words = first_words.get(fact, ())
    return [change for change in found.changes if change.cause == cause and change.what.split()[0] in words]


def _resolved(
    attribution: Attribution, parts: Sequence[list[Cause]], found: Differences
) -> tuple[Attribution, list[Cause]]:
    """Name the causes in the parts that did it. A part in which several things moved cannot be taken apart."""
    causes = list(dict.fromkeys(cause for part in parts for cause in part))
    if not causes:
        return _elimination(found)
    return ("unknown" if any(len(part) > 1 for part in parts) else attribution), causes


def _elimination(found: Differences) -> tuple[Attribution, list[Cause]]:
    """Name the one thing that differs, where thresholds and inputs explain nothing and all else is proved equal."""
    moved = found.moved
    # What is open of the one cause itself is no other explanation.
    settled = len(moved) == 1 and set(found.unproved) <= {HIDDEN.get(moved[0])}
    return ("alone" if settled else "unknown"), moved


def _severity(found: Differences, crossing: Crossing, flips: Sequence[Flip]) -> tuple[Attribution, list[Cause]]:
    """Say what moved the severity: the inputs as one part, what is asked of them, and the severity table."""
    moved = list(dict.fromkeys(cause for flip in flips for cause in flip.causes)) or found.moved
    inputs = [cause for cause in INPUTS if cause in moved]
    asked: list[Cause] = ["thresholds"] if "thresholds" in moved else []
    if "settings" in moved and any(_about(flip.fact, found, "settings", ASKED) for flip in flips):
        asked.append("settings")
    elif "settings" in moved and inputs:
        inputs.append("settings")  # no packet lists it, so no crossing takes it from the inputs
    table: list[Cause] = ["policy"] if "policy" in found.moved else []
    parts = (inputs, asked, table)
    attribution, did = attribute(crossing.severity, [i for i, part in enumerate(parts) if part], len(parts))
    return _resolved(attribution, [parts[i] for i in did], found)
