"""The level of the scores: whether they promise more, or less, than comes true, and what is said and done then."""

from __future__ import annotations

from dawnwatch.model.causes import LabelShift
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.numbers import interval, number, short_share, signed
from dawnwatch.model.packet import Action, Finding
from dawnwatch.model.score_meaning import Calibration
from dawnwatch.triage.evidence import Evidence

__all__ = [
    "goes_along",
    "hopeless",
    "hopeless_sentence",
    "level_actions",
    "level_findings",
    "level_moved",
    "level_sentence",
]

LEVEL = 0.05
"""Change of the mean score less the share of positives from which on recalibrating is worth a decision."""
CHANCE = 0.5
"""AUC of a model that ranks as a draw of lots does."""
SURE = 0.01
"""Chance of such a change where nothing changed, up to which it is acted on."""
ALONG = 0.5
"""How far, of the way that the labels' shares alone would have moved the scores, they moved at least where these are
named first: halfway between a shift of the labels and rows that came true otherwise."""


def level_moved(evidence: Evidence) -> Calibration | None:
    """Return the calibration where it moved since the baseline, by more than chance and enough to decide on."""
    found = evidence.performance.calibration
    if found is None or found.p_value is None:
        return None
    moved = found.p_value <= SURE and abs(found.in_the_large - found.in_the_large_before) >= LEVEL
    return found if moved else None


def level_sentence(evidence: Evidence) -> str:
    """Say how far off the scores are, where that is what there is to act on; else nothing."""
    found = level_moved(evidence)
    if found is None or evidence.performance.outcome is Outcome.FAILED:
        return ""
    value, (low, high) = found.in_the_large, found.in_the_large_interval
    if value < 0:
        low, high = -high, -low
    size = f"{number(abs(value))} ({interval((low, high))})"
    which = "of the rows that have a label " if found.partial else ""
    return f"{which}the scores promise {size} {'more' if value > 0 else 'less'} than comes true"


def hopeless(evidence: Evidence) -> bool:
    """Whether the level moved and the model ranks no better than chance, so that recalibrating cannot help.

    A map from scores to chances keeps their order: where that is chance's, the best of them gives every row the share
    of positives.
    """
    found = evidence.performance.current.interval
    return level_moved(evidence) is not None and found is not None and found[0] <= CHANCE


def hopeless_sentence(evidence: Evidence) -> str:
    """Say why recalibrating cannot help."""
    current = evidence.performance.current
    span = f" ({interval(current.interval)})" if current.interval is not None else ""
    return (
        f"Recalibrating cannot help: with an AUC of {number(current.value)}{span} the model ranks no better than "
        "chance, and a map from scores to chances keeps their order"
    )


def goes_along(shift: LabelShift) -> bool | None:
    """Whether the scores moved as the labels' shares alone would have moved them; None where that is not known."""
    way = shift.along if shift.along is not None else shift.fit
    return None if way is None else way >= ALONG


def level_findings(evidence: Evidence) -> list[Finding]:
    """Return what moved apart: the scores' level and, where it did by more than chance, the share of positives.

    A change of that share alone (prior shift) moves the scores as well; where they moved that way it stands first, and
    else the scores do, since then rows scored as before came true otherwise. Where the model ranks weakly that way is
    short, chance moves the scores as far, and the order is a guess.
    """
    found = level_moved(evidence)
    if found is None:
        return []
    cannot = f". {hopeless_sentence(evidence)}" if hopeless(evidence) else ""
    scores = Finding(pillar=Pillar.PERFORMANCE, subject=None, text=found.message + cannot)
    shift, label = evidence.split.label_shift, next((o for o in evidence.drift.outputs if o.what == "label"), None)
    if shift is None or label is None or label.significance is None or not label.significance.significant:
        return [scores]
    goes = goes_along(shift)
    alone = "" if goes is None else f"; the scores {'moved' if goes else 'did not move'} as that alone would move them"
    text = (
        f"Positives went from {short_share(shift.then)} to {short_share(shift.now)} of the labelled rows "
        f"({signed(shift.interval[0])} to {signed(shift.interval[1])}){alone}"
    )
    labels = Finding(pillar=Pillar.DRIFT, subject=label.name, text=text)
    return [labels, scores] if goes else [scores, labels]


def level_actions(evidence: Evidence) -> list[Action]:
    """Return the step towards scores that are chances again, where nothing graver stands before it."""
    if not level_sentence(evidence) or hopeless(evidence):
        return []
    return [
        Action(
            action="Recalibrate the scores on recent labels, judged on later ones, in time order",
            reason=f"{level_sentence(evidence)}; their ranking holds. `dawnwatch decide` replays it",
        )
    ]
