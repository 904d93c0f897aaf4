"""What the failed checks of a packet measured, beside the thresholds that were in force."""

from __future__ import annotations

from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.quality import QualityCheck
from dawnwatch.model.scorecard import FailedCheck
from dawnwatch.triage.recovery import failed_checks

__all__ = ["failed_values"]

_THRESHOLD = {"missingness": "missing", "range": "range", "duplicates": "duplicates"}


def failed_values(packet: TriagePacket) -> list[FailedCheck]:
    """Return the checks that failed, or where none did those that warned, by the names of `recovery.outcomes`."""
    section = packet.performance
    every = {f"{c.name} of {c.column or 'the table'}": _quality(c) for c in packet.quality.checks}
    every |= {f"drift of {f.name}": (f.method, f.size, f.red) for f in packet.drift.features}
    every["AUC overall"] = ("auc_drop", section.drop.value, section.threshold)
    every |= {f"AUC of {s.column} = {s.value}": ("auc_drop", s.drop.value, section.threshold) for s in section.slices}
    return [
        FailedCheck(name=name, threshold=threshold, value=value, limit=limit)
        for name, (threshold, value, limit) in every.items()
        if name in failed_checks(packet)
    ]


def _quality(check: QualityCheck) -> tuple[str | None, float | None, float | None]:
    share = None if check.failed_rows is None or not check.rows else check.failed_rows / check.rows
    return _THRESHOLD.get(check.kind), share, check.threshold
