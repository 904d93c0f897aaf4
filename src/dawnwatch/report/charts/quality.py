"""Panel 1: every quality check as a mark, columns against the four kinds; failed first, passed condensed."""

from __future__ import annotations

from typing import Any, get_args

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.quality import QualityCheck, QualityKind
from dawnwatch.report import summaries, theme
from dawnwatch.report.charts.parts import WIDE_ONLY, Row, message, rows, title, tooltips
from dawnwatch.report.words import OUTCOME_WORD, distinct, shorten, shown

__all__ = ["MOST", "quality_panel"]

MOST = 12
"""Columns drawn in rows of their own; further ones that passed share one row."""
STEP = 27
CELL = 72
HEADING = "1. Quality: is the data valid?"
TABLE = "(whole table)"
KINDS: list[str] = list(get_args(QualityKind))


def quality_panel(packet: TriagePacket, *, extent: float = 0) -> Any:
    """Return the matrix of checks. Columns with anything but a pass come first, and all of those up to 40."""
    checks = packet.quality.checks
    if not checks:
        return message(HEADING, "Not computed: no quality check ran.", extent=extent)
    cells, note = _cells(checks)
    present = [OUTCOME_WORD[o] for o in theme.OUTCOME_SHAPE if any(c["outcome"] == OUTCOME_WORD[o] for c in cells)]
    shape_of = {OUTCOME_WORD[o]: path for o, path in theme.OUTCOME_SHAPE.items()}
    colour_of = {OUTCOME_WORD[o]: colour for o, colour in theme.OUTCOME_COLOUR.items()}
    legend = alt.Legend(title=None, symbolSize=110, orient="bottom", offset=10)
    base = alt.Chart(rows(cells)).encode(
        x=alt.X(
            "kind:N",
            sort=None,
            title=None,
            scale=alt.Scale(type="band", domain=KINDS),
            axis=alt.Axis(orient="top", labelAngle=0, grid=False),
        ),
        y=alt.Y(
            "row:N",
            sort=None,
            title=None,
            scale=alt.Scale(type="band"),
            axis=alt.Axis(grid=True, tickBand="extent", minExtent=extent),
        ),
    )
    marks = base.mark_point(
        filled=False, size=105, opacity=1, strokeWidth=2.4, strokeCap="round", strokeJoin="round"
    ).encode(
        shape=alt.Shape(
            "outcome:N",
            scale=alt.Scale(domain=present, range=[shape_of[o] for o in present]),
            legend=legend,
        ),
        color=alt.Color(
            "outcome:N",
            scale=alt.Scale(domain=present, range=[colour_of[o] for o in present]),
            legend=legend,
        ),
        tooltip=tooltips(row="Column", kind="Kind", outcome="Outcome", message="Found", rule="Required"),
    )
    said = base.transform_filter("datum.said !== ''").mark_text(align="left", dx=13, size=11).encode(text="said:N")
    said = said.properties(name=f"{WIDE_ONLY}-said")
    chart = alt.layer(marks, said).properties(width=CELL * len(KINDS), height=alt.Step(STEP))
    return chart.properties(title=title(HEADING, summaries.quality(packet.quality), note, width=66))


def _cells(checks: list[QualityCheck]) -> tuple[list[Row], str]:
    """Return one row per (column, kind) that has a check, and a note where something was left out."""
    columns: dict[str | None, list[QualityCheck]] = {None: []}
    for check in checks:
        columns.setdefault(check.column, []).append(check)
    if not columns[None]:
        del columns[None]
    clean = {c: all(x.outcome == Outcome.PASSED for x in found) for c, found in columns.items()}
    order = sorted(columns, key=lambda c: (clean[c], c is not None))
    unclean = sum(not ok for ok in clean.values())
    # All that needs attention is drawn, then passed columns while there is room.
    keep = order if len(order) <= MOST + 1 else order[: max(min(unclean, 40), MOST)]
    names = distinct(TABLE if c is None else c for c in keep)
    cells = [cell for c, name in zip(keep, names, strict=True) for cell in _row(name, columns[c])]
    rest = [c for c in order if c not in keep]
    if not rest:
        return cells, ""
    every = [x for c in rest for x in columns[c]]
    cells += _row(f"{numbers.plural(len(rest), 'more column')}", every, counted=True)
    return cells, "Columns that need attention come first; the last row counts the checks of the others."


def _row(name: str, checks: list[QualityCheck], *, counted: bool = False) -> list[Row]:
    out = []
    for kind in KINDS:
        mine = [c for c in checks if c.kind == kind]
        if not mine:
            continue
        outcome = Outcome.worst([c.outcome for c in mine])
        said = _failing([c for c in mine if c.outcome == outcome]) if outcome != Outcome.PASSED else ""
        out.append(
            {
                "row": name,
                "kind": kind,
                "outcome": OUTCOME_WORD[outcome],
                "said": numbers.count(len(mine)) if counted else said,
                "message": shorten("; ".join(shown(c.message) for c in mine[:3]), 240),
                "rule": shorten("; ".join(shown(c.rule) for c in mine[:3]), 240),
            }
        )
    return out


def _failing(checks: list[QualityCheck]) -> str:
    """Return the largest share of failing rows, where rows were counted."""
    shares = [c.failed_rows / c.rows for c in checks if c.failed_rows and c.rows]
    return numbers.share(max(shares)) if shares else ""
