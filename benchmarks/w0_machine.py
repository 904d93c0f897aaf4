"""W0: what single NumPy steps cost on this machine, beside which the others are read."""

from __future__ import annotations

from benchmarks.limits import micro
from benchmarks.work import Contestant, Group, Scale, Work

__all__ = ["WORK", "micro"]


def _groups(scale: Scale) -> list[Group]:
    rows = scale.rows(5_000_000)
    steps = Contestant("steps", "w0_machine:micro", limit=True, note="nanoseconds per element, in the answer")
    return [Group("numpy", rows, lambda: {"rows": rows}, (steps,), "steps")]


WORK = Work(
    "W0",
    "Limits of the machine: NumPy steps, one thread",
    _groups,
    notes=("Answers are nanoseconds per element, each the median of five calls.",),
)
