"""From one run to the next: what differs, which facts flipped, and why the severity moved."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.comparison import Attribution, Cause, Change, Flip, Step
from dawnwatch.model.packet import TriagePacket
from dawnwatch.triage.attribution import Crossing, attribute
from dawnwatch.triage.changes import Differences, differences
from dawnwatch.triage.grounds import grounds

__all__ = ["step_between"]

INPUTS: tuple[Cause, ...] = ("data", "baseline", "model")
"""What the measured numbers come from."""
PERFORMANCE = {"performance_degraded", "drop_within_noise", "accuracy_not_judged"}
DRIFT = {"red_drift", "yellow_drift"}
LEARNED = {"schema", "constant", "label_values"}
"""Quality checks that ask whether the window is like the baseline; the others hold it against configured rules."""
THRESHOLDS = {
    "quality_failed": ("missing", "range", "duplicates"),
    "red_drift": ("psi",),
    "yellow_drift": ("psi",),
    "performance_degraded": ("auc_drop", "performance"),
    "drop_within_noise": ("auc_drop", "performance"),
}
NAME = {
    "thresholds": "thresholds",
    "policy": "the severity table",
    "data": "data (the current window)",
    "baseline": "the baseline",
    "model": "the model",
    "settings": "other settings",
    "software": "the version of dawnwatch",
}
SHOWN = 2


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
    attribution, causes = _severity(found, crossing, flips) if moved else (None, [])
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
        text=_text(before, after, attribution, causes, found, flips),
    )


def _flip(fact: str, before: TriagePacket, after: TriagePacket, found: Differences, crossing: Crossing) -> Flip:
    holds = fact in after.facts
    ground = grounds(after if holds else before, fact)
    relevant = _inputs(fact, after if holds else before, found)
    thresholds = [c for c in found.changes if c.cause == "thresholds" and c.what.split()[0] in THRESHOLDS.get(fact, ())]
    moved = [*[0] * bool(relevant), *[1] * bool(thresholds)]
    attribution, parts = attribute(lambda choice: crossing.fact(fact, choice), moved, 2)
    causes: list[Cause] = []
    for part in parts:
        causes += relevant if part == 0 else ["thresholds"]
    if not causes:
        attribution, causes = _elimination(found)
    elif attribution == "alone" and len(causes) > 1:
        attribution = "unknown"
    return Flip(
        fact=fact,
        holds=holds,
        grounds=ground,
        attribution=attribution,
        causes=causes,
        text=_flip_text(fact, holds, ground, attribution, causes, thresholds),
    )


def _inputs(fact: str, packet: TriagePacket, found: Differences) -> list[Cause]:
    """Return which of the inputs that moved the fact can depend on."""
    windows = {change.what for change in found.changes if change.cause == "baseline"}
    if fact in PERFORMANCE:
        own = "drift baseline" if packet.provenance.performance_baseline is None else "performance baseline"
        asked = {"data", "model", *(["baseline"] if windows & {own, "performance baseline"} else [])}
    elif fact in DRIFT:
        asked = {"data", *(["baseline"] if "drift baseline" in windows else [])}
    elif fact == "quality_failed":
        learned = any(check.outcome == "failed" and check.name in LEARNED for check in packet.quality.checks)
        asked = {"data", *(["baseline"] if learned and "drift baseline" in windows else [])}
    else:
        asked = set(INPUTS)
    return _beside_settings([cause for cause in INPUTS if cause in asked and cause in found.moved], found)


def _beside_settings(inputs: list[Cause], found: Differences) -> list[Cause]:
    """Settings that no packet lists may decide what is counted: then they stand beside the inputs that moved."""
    return [*inputs, "settings"] if inputs and "settings" in found.moved else inputs


def _elimination(found: Differences) -> tuple[Attribution, list[Cause]]:
    """Name the one thing that differs, where thresholds and inputs explain nothing and all else is proved equal."""
    moved = found.moved
    settled = len(moved) == 1 and moved[0] in {"settings", "software"} and not found.unproved
    return ("alone" if settled else "unknown"), moved


def _severity(found: Differences, crossing: Crossing, flips: Sequence[Flip]) -> tuple[Attribution, list[Cause]]:
    """Say what moved the severity: the inputs as one part, the thresholds and the severity table."""
    flipped = {cause for flip in flips for cause in flip.causes}
    inputs = [cause for cause in INPUTS if cause in found.moved and (cause in flipped or not flips)]
    inputs = _beside_settings(inputs, found)
    moved = [*[0] * bool(inputs), *[1] * ("thresholds" in found.moved), *[2] * ("policy" in found.moved)]
    attribution, parts = attribute(crossing.severity, moved, 3)
    causes: list[Cause] = []
    for part in parts:
        causes += [inputs, ["thresholds"], ["policy"]][part]  # type: ignore[arg-type]
    if not causes:
        return _elimination(found)
    if len(inputs) > 1 and 0 in parts:
        attribution = "unknown"
    return attribution, causes


def _listed(words: Sequence[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _moves(changes: Sequence[Change]) -> str:
    return ", ".join(f"{change.what} {change.before} → {change.after}" for change in changes)


def _because(attribution: Attribution, causes: Sequence[Cause]) -> str:
    """Say what the causes did, after a colon."""
    names = [NAME[cause] for cause in causes]
    if attribution == "unknown":
        if not names:
            return "nothing in the packets says why"
        return f"{_listed(names, 'or')}: the packets cannot tell" + (" which" if len(names) > 1 else "")
    if attribution == "alone":
        return names[0] + " alone" if len(names) == 1 else _listed(names, "and")
    if attribution == "either":
        return f"{_listed(names, 'or')}: {'either' if len(names) == 2 else 'any one'} would have done it"
    none = "neither" if len(names) == 2 else "none of them"
    return f"{_listed(names, 'and')} together; {none} would have done it alone"


def _flip_text(
    fact: str,
    holds: bool,
    ground: Sequence[str],
    attribution: Attribution,
    causes: Sequence[Cause],
    thresholds: Sequence[Change],
) -> str:
    """Say which fact flipped, what it rests on and what flipped it."""
    said = f"{fact} {'now holds' if holds else 'no longer holds'}"
    if ground:
        more = f" and {len(ground) - SHOWN} more" if len(ground) > SHOWN else ""
        said += f" ({'' if holds else 'it was: '}{', '.join(ground[:SHOWN])}{more})"
    if "thresholds" in causes and attribution in {"alone", "together", "either"}:
        limits = _moves(thresholds)
        if attribution == "alone":
            return f"{limits}: {said}"
        return f"{said}: {_because(attribution, causes)} ({limits})"
    return f"{said}: {_because(attribution, causes)}"


def _text(
    before: TriagePacket,
    after: TriagePacket,
    attribution: Attribution | None,
    causes: Sequence[Cause],
    found: Differences,
    flips: Sequence[Flip],
) -> str:
    if attribution is not None:
        said = f"{before.severity} → {after.severity}: {_because(attribution, causes)}"
        asked = {name for flip in flips for name in THRESHOLDS.get(flip.fact, ())}
        limits = [c for c in found.changes if c.cause == "thresholds" and c.what.split()[0] in asked]
        return f"{said} ({_moves(limits)})" if "thresholds" in causes and limits else said
    stays = f"stays {after.severity}"
    if before.rule != after.rule:
        return f"{stays}, by another rule: {before.rule} → {after.rule}"
    if not found.changes:
        where = "in what the packets show" if found.unproved else "in rows, model, thresholds or severity table"
        return f"{stays}: nothing differs {where}"
    return stays if flips else f"{stays}: no fact flipped"
