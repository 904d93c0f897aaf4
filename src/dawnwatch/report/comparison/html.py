"""Runs side by side as one page that opens anywhere, offline: no script, no other file."""

from __future__ import annotations

from pathlib import Path

from dawnwatch.atomic import write_atomically
from dawnwatch.model import numbers
from dawnwatch.model.comparison import Comparison
from dawnwatch.report.comparison.table import side_by_side
from dawnwatch.report.comparison.words import CAUSE, same_line
from dawnwatch.report.page import PALETTE, environment, read
from dawnwatch.report.words import SEVERITY_SIGN

__all__ = ["save_html", "to_html"]


def save_html(comparison: Comparison, path: Path) -> Path:
    """Write the page to `path`, whole or not at all. Raises StoreError where that cannot be done."""
    return write_atomically(path, to_html(comparison).encode("utf-8", "backslashreplace"))


def to_html(comparison: Comparison) -> str:
    """Return the whole page as one document; whatever comes from the packets is escaped."""
    document: str = (
        environment()
        .get_template("comparison.html.j2")
        .render(
            c=comparison,
            sections=side_by_side(comparison),
            projects=list(dict.fromkeys(run.project for run in comparison.runs)),
            same_line=same_line,
            cause=CAUSE,
            n=numbers,
            severity_sign=SEVERITY_SIGN,
            css=read("report.css") + read("comparison.css"),
            palette=PALETTE,
        )
    )
    return document
