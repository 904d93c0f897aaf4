"""A replayed decision as rows of text that terminal, Markdown and report share."""

from __future__ import annotations

from dawnwatch.model.numbers import confidence, count, duration, interval, moment, number, plural, signed
from dawnwatch.model.replay import HIGHER_IS_BETTER, Candidate, Gain, Metric, Replay
from dawnwatch.report.words import VERDICT

__all__ = [
    "HEADINGS",
    "METRICS",
    "SLICE_HEADINGS",
    "decision_line",
    "gain_text",
    "headings",
    "how",
    "learned",
    "rows",
    "said_of",
    "slice_rows",
]

METRICS: dict[Metric, str] = {
    "auc": "AUC",
    "log_loss": "log loss",
    "brier": "Brier score",
    "ece": "calibration error",
    "precision": "precision",
    "recall": "recall",
    "cost": "cost of a row",
}
HEADINGS = ("action", "learned from")
SLICE_HEADINGS = ("slice", "action", "rows", "AUC")


def how(found: Replay) -> str:
    """Say what was replayed on what."""
    units = "" if found.units is None else f" of {plural(found.units, f'{found.unit} value')}"
    gap = f", up to {duration(found.gap_hours)} before the cut" if found.gap_hours else ""
    return (
        f"{found.window}, in order of time: {plural(found.learn_rows, 'labelled row')} before {moment(found.cut_at)} "
        f"to learn from{gap}, {count(found.judged_rows)} later ones{units} to judge by; differences from waiting with "
        f"{confidence(found.confidence)} intervals"
    )


def decision_line(found: Replay) -> str:
    """Say what stands, and what the packet said before: "Retrain (before the replay: cannot tell from ...)"."""
    said = VERDICT[found.verdict]
    return said if found.before is None else f"{said} (before the replay: {_lower(VERDICT[found.before])})"


def said_of(found: Replay) -> tuple[str, str]:
    """Say what the replay found, once, and in which colour.

    Where a decision stands that is not the replay's, its last reason says so, which quotes what the replay found.
    """
    decision, advice = found.decision, f"{found.advice.text}."
    if decision is None or decision.verdict == found.advice.verdict or not decision.reasons:
        return advice, ""
    why = decision.reasons[-1]
    return (f"{why}." if found.advice.text in why else f"{advice} {why}."), "yellow"


def _lower(said: str) -> str:
    return said[:1].lower() + said[1:]


def headings(found: Replay) -> tuple[str, ...]:
    """Return the columns' headings: the action, what it learned from, and the measures there are."""
    return (*HEADINGS, *(METRICS[gain.metric] for gain in found.waiting.gains))


def rows(found: Replay) -> list[tuple[str, ...]]:
    """Return a row of text for each candidate, in the columns of `headings`."""
    metrics = [gain.metric for gain in found.waiting.gains]
    return [_row(candidate, metrics) for candidate in found.candidates]


def _row(candidate: Candidate, metrics: list[Metric]) -> tuple[str, ...]:
    if candidate.reason is not None:
        return (candidate.title, learned(candidate), f"not judged: {candidate.reason}", *("" for _ in metrics[1:]))
    return (candidate.title, learned(candidate), *(gain_text(candidate, candidate.gain(metric)) for metric in metrics))


def learned(candidate: Candidate) -> str:
    """Say how many rows a candidate learned from."""
    return "" if candidate.learned_rows is None else plural(candidate.learned_rows, "row")


def gain_text(candidate: Candidate, gain: Gain | None) -> str:
    """Write a measure, and by how much it is higher than waiting's: "0.709 (+0.019, 0.005 to 0.032)"."""
    if gain is None:
        return ""
    if candidate.action == "wait":
        return number(gain.value)
    up = gain.metric in HIGHER_IS_BETTER
    moved = signed(gain.gain if up else -gain.gain)
    if gain.interval is None:
        return f"{number(gain.value)} ({moved})"
    low, high = gain.interval
    return f"{number(gain.value)} ({moved}, {interval((low, high) if up else (-high, -low))})"


def slice_rows(found: Replay) -> list[tuple[str, ...]]:
    """Return in the columns of `SLICE_HEADINGS` the AUC of each judged candidate in each declared slice.

    Recalibrating keeps the order of scores, so it has none.
    """
    judged = [one for one in found.candidates if one.reason is None and one.action != "recalibrate"]
    lines: list[tuple[str, ...]] = []
    for i, part in enumerate(found.waiting.slices):
        for candidate in judged:
            own = candidate.slices[i]
            said = gain_text(candidate, own.auc) or f"not computed: {own.reason}"
            lines.append((part.name, candidate.title, count(own.rows), said))
    return lines
