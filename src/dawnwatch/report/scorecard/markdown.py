"""The scorecard as Markdown, for a review or a page of docs."""

from __future__ import annotations

from dawnwatch.model.scorecard import Scorecard
from dawnwatch.report.plan.markdown import table, text
from dawnwatch.report.scorecard.tables import blocks, title
from dawnwatch.report.words import visible

__all__ = ["to_markdown"]


def to_markdown(card: Scorecard, *, level: int = 1) -> str:
    """Return the whole scorecard; names and notes cannot act as Markdown.

    Parameters
    ----------
    level : of its heading, so that it fits into a page
    """
    lines = [f"{'#' * level} {text(visible(title(card)))}", ""]
    for block in blocks(card):
        lines += [f"{'#' * (level + 1)} {block.title}", ""]
        lines += [said for line in block.lines for said in (text(visible(line)), "")]
        if block.rows:
            rows = [[text(visible(cell), begins_line=False) for cell in row] for row in block.rows]
            lines += [*table(block.header, rows), ""]
    return "\n".join(lines).rstrip("\n") + "\n"
