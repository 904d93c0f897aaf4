"""Runs side by side as GitHub-flavoured Markdown, for a ticket or a page of docs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dawnwatch.model import numbers
from dawnwatch.model.comparison import Comparison, Step
from dawnwatch.report.comparison.table import Section, side_by_side
from dawnwatch.report.comparison.words import moved_lines, same_line
from dawnwatch.report.words import visible

__all__ = ["to_markdown"]

_ACTIVE = re.compile(r"[\\|<>*\[\]`~]|(?<!\w)_|_(?!\w)")
"""What Markdown or HTML would take for more than a letter; an underscore within a word is none."""


def to_markdown(comparison: Comparison) -> str:
    """Return the whole comparison as Markdown; names from the data are escaped."""
    lines = [f"# {' → '.join(_text(run.name) for run in comparison.runs)}", ""]
    projects = dict.fromkeys(run.project for run in comparison.runs)
    severities = " → ".join(run.severity.value for run in comparison.runs)
    lines += [f"{_text(', '.join(projects))}: severity {severities}.", ""]
    lines += [line for text in comparison.warnings for line in (f"**Warning:** {_text(text)}.", "")]
    lines += ["## Why the severity moved", ""]
    for step in comparison.steps:
        lines += [*_step(step), ""]
    lines += ["## Side by side", "", *_table(comparison), ""]
    lines += ["≠ marks what differs between any two runs; **bold**, what differs from the run before.", ""]
    lines += ["## The packets", "", "| run | packet | made | file |", "|---|---|---|---|"]
    for run in comparison.runs:
        made = numbers.moment(run.created_at)
        lines.append(f"| {_text(run.name)} | `{_code(run.id)}` | {made} | {_text(run.source) or 'not from a file'} |")
    return "\n".join(lines) + "\n"


def _step(step: Step) -> Iterator[str]:
    yield f"### {_text(step.before)} → {_text(step.after)}"
    yield ""
    yield f"**{_text(step.text)}**"
    yield ""
    for flip in step.flips:
        yield f"- {_text(flip.text)}"
    for line in moved_lines(step):
        yield f"- differs: {_text(line)}"
    if step.same:
        yield f"- the same in both: {same_line(step)}"
    for text in step.unproved:
        yield f"- not known: {_text(text)}"


def _table(comparison: Comparison) -> Iterator[str]:
    names = [_text(run.name) for run in comparison.runs]
    yield f"| | | {' | '.join(names)} |"
    yield "|---|---" + "|---" * len(names) + "|"
    for section in side_by_side(comparison):
        yield from _rows(section, len(names))


def _rows(section: Section, runs: int) -> Iterator[str]:
    yield f"| | **{_text(section.title)}** |{' |' * runs}"
    for row in section.rows:
        cells = [_text(cell.text) for cell in row.cells]
        bold = [f"**{text}**" if row.moved(place) else text for place, text in enumerate(cells)]
        yield f"| {'≠' if row.differs else ''} | {_text(row.name)} | {' | '.join(bold)} |"


def _text(text: str) -> str:
    r"""Write text so that Markdown shows it as it is: one line, nothing of it acting.

    Examples
    --------
    >>> print(_text("a|b <script> user_id"))
    a\|b \<script\> user_id
    """
    return _ACTIVE.sub(lambda found: f"\\{found[0]}", visible(text).replace("&", "&amp;"))


def _code(text: str) -> str:
    return visible(text).replace("`", "'").replace("|", "/")
