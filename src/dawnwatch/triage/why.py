"""The sentences of a comparison: what a flipped fact rests on, and why the severity moved."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.comparison import Attribution, Cause, Change
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.slice_words import slice_line
from dawnwatch.triage.causes import is_shown, parts_sentence
from dawnwatch.triage.changes import Differences

__all__ = ["fall_sentence", "flip_sentence", "step_sentence"]

NAME = {
    "thresholds": "thresholds",
    "policy": "the severity table",
    "data": "data (the current window)",
    "baseline": "the baseline",
    "model": "the model",
    "settings": "other settings",
    "software": "other versions of the software",
}
SHOWN = 2


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
        if len(names) == 1:
            return f"perhaps {names[0]}; the packets cannot tell"
        return f"{_listed(names, 'or')}: the packets cannot tell which"
    if attribution == "alone":
        return f"{names[0]} alone"
    if attribution == "either":
        return f"{_listed(names, 'or')}: {'either' if len(names) == 2 else 'any one'} would have done it"
    none = "neither" if len(names) == 2 else "none of them"
    return f"{_listed(names, 'and')} together; {none} would have done it alone"


def flip_sentence(
    fact: str,
    holds: bool,
    ground: Sequence[str],
    attribution: Attribution,
    causes: Sequence[Cause],
    thresholds: Sequence[Change],
    fall: str = "",
) -> str:
    """Say which fact flipped, what it rests on and what flipped it; `fall` is what the fall is made of, if it did."""
    said = f"{fact} {'now holds' if holds else 'no longer holds'}"
    if ground:
        more = f" and {len(ground) - SHOWN} more" if len(ground) > SHOWN else ""
        said += f" ({'' if holds else 'it was: '}{', '.join(ground[:SHOWN])}{more})"
    if "thresholds" in causes and attribution in {"alone", "together", "either"}:
        limits = _moves(thresholds)
        if attribution == "alone":
            return f"{limits}: {said}"
        return f"{said}: {_because(attribution, causes)} ({limits}){fall}"
    return f"{said}: {_because(attribution, causes)}{fall}"


def fall_sentence(packet: TriagePacket, *, brief: bool = False) -> str:
    """Say behind a semicolon what the fall of a packet is made of; "" where it was not taken apart.

    Parameters
    ----------
    packet : the run in which the AUC fell
    brief : whether to name nothing but the causes that surely explain or offset some of it
    """
    found = packet.diagnosis.causes
    said = parts_sentence([c for c in found if is_shown(c) or c.offsets] if brief else found, "the fall")
    if brief or not packet.diagnosis.weak_slices:
        return f"; {said}" if said else ""
    first, *more = packet.diagnosis.weak_slices
    weak = f"weakest slice {slice_line(first)}" + (f" (and {len(more)} more)" if more else "")
    return "; ".join(["", *filter(None, (said, weak))])


def step_sentence(
    before: TriagePacket,
    after: TriagePacket,
    attribution: Attribution | None,
    causes: Sequence[Cause],
    found: Differences,
    limits: Sequence[Change],
    fall: str = "",
) -> str:
    """Say where the severity went and what moved it, with the thresholds that did; or that it stayed, and why.

    `fall` is what the fall of the AUC is made of, where that flipped with the numbers and not with a threshold alone.
    """
    if attribution is not None:
        said = f"{before.severity} → {after.severity}: {_because(attribution, causes)}{fall}"
        return f"{said} ({_moves(limits)})" if "thresholds" in causes and limits else said
    stays = f"stays {after.severity}"
    if before.rule != after.rule:
        return f"{stays}, by another rule: {before.rule} → {after.rule}"
    if set(before.facts) != set(after.facts):
        return stays
    if not found.changes:
        where = "in what the packets show" if found.unproved else "in rows, model, thresholds or severity table"
        return f"{stays}: nothing differs {where}"
    return f"{stays}: no fact flipped"
