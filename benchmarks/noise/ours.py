"""What we say of a pair of windows, with defaults."""

from __future__ import annotations

from benchmarks.noise.windows import COLUMNS, Pair
from dawnwatch import Config, Monitor, TriagePacket
from dawnwatch.model.certainty import is_shown
from dawnwatch.model.enums import Band, Outcome

__all__ = ["drifted", "judged", "missing"]

CONFIG = Config.from_dict({"columns": {name: {"monitor": True} for name in COLUMNS}})


def judged(pair: Pair) -> TriagePacket:
    """Return the packet of the second window against the first, every column watched and nothing else configured."""
    return Monitor(CONFIG).fit(pair[0]).check(pair[1])


def drifted(packet: TriagePacket) -> set[str]:
    """Return the columns out of GREEN by more than chance."""
    return {f.name for f in packet.drift.features if f.band not in {Band.GREEN, None} and is_shown(f.significance)}


def missing(packet: TriagePacket) -> set[str | None]:
    """Return the columns that failed for missing values."""
    checks = packet.quality.checks
    return {c.column for c in checks if c.kind == "missingness" and c.outcome is Outcome.FAILED}
