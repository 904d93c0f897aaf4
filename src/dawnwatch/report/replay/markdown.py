"""A replayed decision as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.replay import Replay
from dawnwatch.report.replay.table import (
    SLICE_HEADINGS,
    block_headings,
    block_rows,
    decision_line,
    headings,
    how,
    rows,
    said_of,
    slice_rows,
)

__all__ = ["to_markdown"]


def to_markdown(found: Replay) -> str:
    """Return the whole answer: the advice, each action beside waiting, the slices, and what was left out."""
    lines = [f"# {_cell(found.project)}: what each action would have come to", "", f"{_cell(how(found))}.", ""]
    lines += [f"**{decision_line(found)}.** {_cell(said_of(found)[0])}", ""]
    reasons = found.advice.reasons
    lines += [*(f"- {_cell(reason)}" for reason in reasons)]
    lines += [""] if reasons else []
    if found.decision is not None and found.decision.would_change:
        lines += ["What would change it:", "", *(f"- {_cell(text)}" for text in found.decision.would_change), ""]
    lines += _table(headings(found), rows(found), left=2)
    blocks = block_rows(found)
    if blocks:
        lines += ["", "In each block of the judged rows, by time:", "", *_table(block_headings(found), blocks, left=2)]
    parts = slice_rows(found)
    if parts:
        lines += ["", "The AUC in each declared slice:", "", *_table(SLICE_HEADINGS, parts, left=2)]
    notes = [*found.not_run, *found.notes]
    lines += ["", *(f"- {_cell(note)}." for note in notes)] if notes else []
    return "\n".join(lines) + "\n"


def _table(heads: Sequence[str], body: Sequence[Sequence[str]], *, left: int) -> list[str]:
    rule = f"|{'---|' * left}{'--:|' * (len(heads) - left)}"
    return [f"| {' | '.join(map(_cell, row))} |" if row else rule for row in (heads, (), *body)]


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
