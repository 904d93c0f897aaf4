"""A replayed decision as rows of text that terminal, Markdown and report share."""

from __future__ import annotations

from dawnwatch.model.gains import HIGHER_IS_BETTER, Gain, Metric
from dawnwatch.model.numbers import confidence, count, duration, interval, moment, number, plural, signed
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.report.words import VERDICT

__all__ = [
    "METRICS",
    "SLICE_HEADINGS",
    "block_headings",
    "block_name",
    "block_rows",
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
    parts = len(found.blocks)
    chain = "" if parts < 2 else f", in {parts} blocks, each by what learned from rows before it (AUC: within blocks)"
    return (
        f"{found.window}, in order of time: {plural(found.learn_rows, 'labelled row')} before {moment(found.cut_at)} "
        f"to learn from{gap}, {count(found.judged_rows)} later ones{units} to judge by{chain}; differences from "
        f"waiting with {confidence(found.confidence)} intervals"
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
    """Say how many rows a candidate learned from: "900 rows", or "900 to 1,100 rows" where blocks differ."""
    if candidate.learned_rows is None:
        return ""
    first = next((one.learned_rows for one in candidate.blocks if one.learned_rows is not None), candidate.learned_rows)
    span = "" if first == candidate.learned_rows else f"{count(first)} to "
    return f"{span}{plural(candidate.learned_rows, 'row')}"


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


def block_name(found: Replay, at: int) -> str:
    """Name a block: "1 from 2026-02-01 06:00 UTC"."""
    return f"{at + 1} from {moment(found.blocks[at].begins_at)}"


def block_headings(found: Replay) -> tuple[str, ...]:
    """Return the headings of `block_rows`."""
    return ("action", "block", "learned from", "rows", *(METRICS[metric] for metric in _by_block(found)))


def block_rows(found: Replay) -> list[tuple[str, ...]]:
    """Return what each judged candidate would have come to in each block; none where one block holds all rows."""
    if len(found.blocks) < 2:
        return []
    lines: list[tuple[str, ...]] = []
    for candidate in found.candidates:
        for at, block in enumerate(candidate.blocks):
            said = [gain_text(candidate, block.gain(metric)) for metric in _by_block(found)]
            from_rows = "" if block.learned_rows is None else count(block.learned_rows)
            if not any(said):
                said[0] = f"not computed: {block.reason}"
            lines.append((candidate.title, block_name(found, at), from_rows, count(found.blocks[at].rows), *said))
    return lines


def _by_block(found: Replay) -> list[Metric]:
    return [gain.metric for gain in found.waiting.gains if gain.metric in {one.judged_by for one in found.candidates}]
