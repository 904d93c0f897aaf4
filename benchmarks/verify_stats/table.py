"""The measured shares as tables of a page, between two marks; what misses its target is in bold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import sqrt
from pathlib import Path
from typing import Any

from benchmarks.verify_stats.studies import STUDIES
from benchmarks.verify_stats.study import Study

__all__ = ["BEGIN", "END", "tables_of", "write"]

BEGIN, END = "<!-- verify-stats: begin -->", "<!-- verify-stats: end -->"
Kept = Mapping[tuple[str, tuple[str, ...], int], Mapping[str, Any]]


def write(page: Path, kept: Kept, tables: int) -> None:
    """Put the tables between the marks of the page."""
    before, rest = page.read_text("utf-8").split(BEGIN)
    there, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n{tables_of(kept, tables, there)}\n{END}{after}", "utf-8")
    print(f"wrote the tables of {page.name}")


def tables_of(kept: Kept, tables: int, there: str = "") -> str:
    """Return all tables as Markdown.

    Parameters
    ----------
    there : the tables that stand on the page; one of which nothing was simulated here is left as it is
    """
    error = 100 * sqrt(0.95 * 0.05 / tables)
    lines = [
        f"Percent of {tables:,} simulated tables a row, by `make verify-stats`; a share near 95 or 5 is known to "
        f"within {2 * error:.1f}. **Bold** misses its target.",
    ]
    for study in STUDIES:
        if not any((study.name, cell.labels, study.tables(tables)) in kept for cell in study.cells()):
            old = re.search(rf"### {re.escape(study.title)}.*?(?=\n###|\Z)", there, re.DOTALL)
            if old:
                lines += ["", old[0].strip()]
                continue
        fewer = f" ({study.tables(tables):,} runs a row)" if study.tables(tables) < tables else ""
        lines += ["", f"### {study.title}{fewer}", "", *_table(study, kept, tables)]
    return "\n".join(lines)


def _table(study: Study, kept: Kept, tables: int) -> list[str]:
    rows = [(cell.labels, kept.get((study.name, cell.labels, study.tables(tables)))) for cell in study.cells()]
    columns = list(dict.fromkeys(column for _, record in rows if record for column in record["right"]))
    columns = columns or list(study.targets) or [""]
    columns.sort(key=lambda column: column not in study.targets)
    lines = [_line([*study.labels, *columns]), _line([*("---" for _ in study.labels), *("--:" for _ in columns)])]
    for labels, record in rows:
        if record is None:
            lines.append(_line([*labels, *("not simulated" for _ in columns)]))
        else:
            lines.append(_line([*labels, *(_share(study, column, record) for column in columns)]))
    return lines


def _share(study: Study, column: str, record: Mapping[str, Any]) -> str:
    if column not in record["right"]:
        return ""
    share = 100 * record["right"][column] / max(record["computed"], 1)
    low, high = study.targets.get(column, (0.0, 100.0))
    text = f"{share:.1f}"
    return text if low <= round(share, 1) <= high else f"**{text}**"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
