"""Whether a gain holds in each block of time, or came from one of them."""

from __future__ import annotations

from dawnwatch.model.gains import Gain
from dawnwatch.model.numbers import signed
from dawnwatch.model.replay import Candidate

__all__ = ["by_block", "turning"]


def by_block(candidate: Candidate) -> list[str]:
    """Say what a candidate gains in each block, as a reason of its own; nothing where one block holds all rows.

    A block's interval stands on its own; one that holds 0 is said to be within chance.
    """
    gains = [gain for block in candidate.blocks if (gain := block.gain(candidate.judged_by)) is not None]
    if len(gains) < 2:
        return []
    told = ", ".join(_told(gain) for gain in gains)
    if candidate.flips:
        return [f"The gain does not hold at each cut, its sign flips between blocks: {told}, in order of time"]
    above = sum(gain.gain > 0 for gain in gains)
    return [f"It gains in {above} of {len(gains)} blocks: {told}, in order of time"]


def turning(candidate: Candidate) -> str:
    """Say behind a candidate's gain that its sign flips between blocks; nothing where it does not."""
    return "; its sign flips between blocks" if candidate.flips else ""


def _told(gain: Gain) -> str:
    chance = gain.interval is not None and gain.interval[0] <= 0 <= gain.interval[1]
    return f"{signed(gain.gain)}{' (within chance)' if chance else ''}"
