"""What must hold whatever the monitor learns next: strong incidents are found, nothing faults, a seed is a seed."""

from __future__ import annotations

from dawnwatch.cli.drill import DATA, data_set
from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.inject import inject
from dawnwatch.drills.play import ROWS
from dawnwatch.drills.registry import all_kinds
from dawnwatch.drills.scoring import score
from dawnwatch.drills.split import by_time, by_unit
from dawnwatch.drills.volume import rows_of_window
from dawnwatch.drills.windows import window_of_time
from dawnwatch.errors import UsageError

__all__ = ["smoke"]

SEED = 0


def smoke() -> int:
    """Play every kind at its strongest in every data set; return 1, saying why, where something does not hold."""
    faults, played = [], 0
    for name in DATA:
        data = data_set(name)
        found, windows = _incidents(data)
        faults += found + _ordered(data)
        played += windows
    print("\n".join(faults) if faults else f"{played} drills, no fault")
    return 1 if faults else 0


def _incidents(data: DataSet) -> tuple[list[str], int]:
    split, faults, played = by_unit(data, SEED), [], 0
    monitor, came = split.monitor(rows=ROWS), rows_of_window(split.pool, ROWS, SEED)
    for kind in all_kinds():
        if not kind.applies(data):
            continue
        try:
            one, two = (inject(split, kind, "strong", seed=SEED, rows=came) for _ in range(2))
        except UsageError:
            continue  # not every model has so much to lose
        played += 1
        if not one.table.equals(two.table) or one.truth != two.truth:
            faults.append(f"{data.name} {kind.name}: the same seed gave other rows")
        if score(monitor.check(one.table), one.truth).detected is False:
            faults.append(f"{data.name} {kind.name}: strong, and not detected")
    return faults, played


def _ordered(data: DataSet) -> list[str]:
    """See that a window in order of time is judged, whatever is found in it."""
    if data.time is None:
        return []
    split = by_time(data, SEED)
    packet = split.monitor().check(window_of_time(split.pool, ROWS, SEED))
    return [f"{data.name} in order of time: {line}" for line in packet.could_not_judge]
