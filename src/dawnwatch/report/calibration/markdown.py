"""A calibration as Markdown."""

from __future__ import annotations

from dawnwatch.model.calibration import ThresholdCalibration
from dawnwatch.report.calibration.table import HEADINGS, check_rows, how, noticed, pages_line, suggestion_lines

__all__ = ["to_markdown"]


def to_markdown(found: ThresholdCalibration) -> str:
    """Return the whole answer as one table, the suggestions, and what the figures leave open."""
    lines = [f"# {_cell(found.project)}: what its thresholds cost and find", "", f"{_cell(how(found))}.", ""]
    lines += [f"| check | {' | '.join(HEADINGS)} |", f"|---|---|--:{'|--:' * (len(HEADINGS) - 2)}|"]
    for title, subject, rows in check_rows(found):
        for number, row in enumerate(rows):
            name = f"{title}: {subject}" if number == 0 else ""
            lines.append(f"| {_cell(name)} | {' | '.join(map(_cell, row))} |")
    lines += ["", f"**{_cell(pages_line(found))}.**", ""]
    lines += [f"- {_cell(line)}" for line in suggestion_lines(found)]
    notes = [*noticed(found.checks), *found.cautions]
    lines += ["", "What these figures leave open:", "", *(f"- {_cell(note)}." for note in notes)] if notes else []
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
