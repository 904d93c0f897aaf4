"""How far off incidents with a known beginning are dated within their window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.inject import inject
from dawnwatch.drills.play import ROWS
from dawnwatch.drills.registry import all_kinds
from dawnwatch.drills.scoring import score
from dawnwatch.drills.split import by_unit
from dawnwatch.drills.volume import rows_of_window
from dawnwatch.errors import UsageError

__all__ = ["Onsets", "dated", "page"]

HEAD = """# Since when: incidents with a known beginning

Made by `make history-bench`. Drills at the middle strength, about {rows:,} rows, seeds {first} to {last}; each begins
at 20 to 40 % of its window. Detected: windows in which the incident was found at all. Off: median distance of the date
from the first row that could be touched, in shares of the window's time. Held: dates whose 95 % interval holds it.

| kind | data | windows | detected | dated | off | held |
|---|---|--:|--:|--:|--:|--:|
"""


@dataclass
class Onsets:
    """The windows of one kind in one data set."""

    kind: str
    data: str
    windows: int = 0
    detected: int = 0
    off: list[float] | None = None
    held: int = 0

    def __str__(self) -> str:
        off = self.off or []
        shown = f"{100 * median(off):.1f} %" if off else "-"
        cells = [self.kind, self.data, self.windows, self.detected, len(off), shown, self.held if off else "-"]
        return f"| {' | '.join(map(str, cells))} |"


def dated(data: DataSet, seeds: range) -> list[Onsets]:
    """Play every kind that has a beginning and that a pillar should report, and date it."""
    found = {kind.name: Onsets(kind.name, data.name, off=[]) for kind in all_kinds() if kind.measure}
    for seed in seeds:
        print(f"{data.name}, seed {seed}", flush=True)
        split = by_unit(data, seed)
        came = rows_of_window(split.pool, ROWS, seed)
        monitor = split.monitor(rows=ROWS)
        for kind in all_kinds():
            if kind.measure is None or kind.pillar is None or not kind.applies(data):
                continue
            try:
                played = inject(split, kind, "middle", seed=seed, rows=came)
            except UsageError:
                continue
            packet = monitor.check(played.table)
            told, of, row = score(packet, played.truth), packet.provenance.current, found[kind.name]
            row.windows += 1
            row.detected += bool(told.detected)
            if told.onset_error is not None and row.off is not None and of.first_at and of.last_at:
                row.off.append(told.onset_error * 3600 / (of.last_at - of.first_at).total_seconds())
                row.held += bool(told.onset_held)
    return [row for row in found.values() if row.windows]


def page(rows: Iterable[Onsets], seeds: range) -> str:
    """Return the page."""
    return HEAD.format(rows=ROWS, first=seeds[0], last=seeds[-1]) + "\n".join(map(str, rows)) + "\n"
