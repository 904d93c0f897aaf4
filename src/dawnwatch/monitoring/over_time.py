"""Is the model worse over many windows? Each counts once, whatever was run on it and whenever its labels came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.errors import DawnwatchError, one_line
from dawnwatch.model.over_time import OverTime
from dawnwatch.model.packet import WindowFacts
from dawnwatch.model.performance import Performance
from dawnwatch.model.window import Window
from dawnwatch.monitoring.history import History, PastRun, ends_before, rows_of
from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.jackknife import clustered_auc
from dawnwatch.stats.sequential import Batch, worsening
from dawnwatch.triage.over_time import over_time_text

__all__ = ["Version", "late_batch", "over_time"]

Table = NDArray[np.int64]


@dataclass(frozen=True)
class Version:
    """A window as one packet found it."""

    packet: str
    facts: WindowFacts
    performance: Performance
    judged_at: datetime
    past: PastRun | None = None
    """None for the current window, whose counts are at hand."""

    @property
    def begins(self) -> datetime:
        """When its rows begin; where that is not known, when it was judged."""
        return self.facts.first_at or self.judged_at


@dataclass
class _Counted:
    """What counts so far."""

    batches: list[Batch] = field(default_factory=list)
    whose: dict[str, Version] = field(default_factory=dict)
    """By the key of the batch."""
    windows: dict[str, Version] = field(default_factory=dict)
    """By its rows: the newest version that counts."""
    left_out: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def over_time(history: History, now: Version, current: Window, config: Config) -> OverTime | None:
    """Return what the windows so far say together; None where the current one or the reference has no AUC.

    Parameters
    ----------
    now, current : the current window as it was judged, and its counts

    Notes
    -----
    The bound (`stats.sequential`) holds at all times for disjoint batches that come in a fixed order, so which windows
    count must not depend on when one looks: they are taken in the order in which they were judged, and one that
    shares a time with a window that counts already is left out, the current one too. A second packet on the same rows
    adds nothing, unless labels came meanwhile. Those are a batch of their own, the newly labelled rows alone
    (Podkopaev and Ramdas 2022). Putting the fuller window in the place of the old one would change what had been
    looked at before, and an alarm could be taken back.
    """
    reference = now.performance.reference
    if now.performance.drop.value is None or reference.value is None or reference.variance is None:
        return None
    counted = _Counted()
    versions = [Version(r.packet.id, r.facts, r.packet.performance, r.packet.created_at, r) for r in history.judged]
    for version in [*versions, now]:
        _count(version, counted, reference.value, current, config)
    rules = config.thresholds.auc_drop.max, config.significance.level
    timeless = any(version.facts.first_at is None for version in counted.windows.values())
    if timeless:
        counted.notes.append("some windows' times are not known, so whether they share rows cannot be told")
    found = worsening(counted.batches, tolerance=rules[0], reference_variance=reference.variance, level=rules[1])
    alarm = counted.whose[found.alarm] if found and found.alarm else None
    told = OverTime(
        windows=len(counted.windows),
        batches=len(counted.batches),
        left_out=len(counted.left_out - counted.windows.keys()),
        tolerance=rules[0],
        level=rules[1],
        worse=alarm is not None,
        drop=found.drop if found else None,
        low=found.low if found else None,
        since=counted.whose[found.since].begins if found and not timeless else None,
        fired=alarm.packet if alarm else None,
        fired_at=alarm.begins if alarm and not timeless else None,
        notes=counted.notes,
        text="",
    )
    return told.model_copy(update={"text": over_time_text(told)})


def _count(version: Version, counted: _Counted, reference: float, current: Window, config: Config) -> None:
    rows, auc, drop = rows_of(version.facts), version.performance.current, version.performance.drop
    known = counted.windows.get(rows)
    if known is not None and known.facts.fingerprint == version.facts.fingerprint:
        return
    few_units = drop.significance is not None and drop.significance.reason is not None
    if auc.value is None or not auc.variance or few_units:
        counted.left_out.add(rows)
        return
    if known is None:
        others = [other.facts for other in counted.windows.values()]
        if not all(ends_before(o, version.facts) or ends_before(version.facts, o) for o in others):
            counted.left_out.add(rows)
            return
        batch = Batch(version.facts.fingerprint, reference - auc.value, auc.variance, auc.n)
    else:
        try:
            before, after = _window(known, current), _window(version, current)
            found = late_batch(before, after, config.performance.min_per_class)
        except DawnwatchError as error:
            found = one_line(error)
        if isinstance(found, str):
            counted.notes.append(f"the labels that came late to {version.facts.source} do not count: {found}")
            return
        value, variance, labelled = found
        batch = Batch(version.facts.fingerprint, reference - value, variance, labelled)
    if batch.key in counted.whose:  # labels that went away and came back
        return
    counted.batches.append(batch)
    counted.whose[batch.key] = version
    counted.windows[rows] = version


def _window(version: Version, current: Window) -> Window:
    return current if version.past is None else version.past.window(current.plan)


def late_batch(before: Window, after: Window, least: int) -> tuple[float, float, int] | str:
    """Return AUC, variance and number of the rows that were labelled between two profiles of the same rows.

    Parameters
    ----------
    least : rows of a class that an AUC needs

    Returns
    -------
    In their place a sentence, where the difference is no table of newly labelled rows, or of too few.
    """
    table = _labelled(after.profile.scores) - _labelled(before.profile.scores)
    if int(table.min()) < 0:
        return "labels were changed or taken back, not only added"
    labelled = int(table.sum())
    if int(table.sum(axis=1).min()) < least:
        return f"the {labelled:,} newly labelled rows hold fewer than {least} of one class"
    auc = auc_from_counts(table[0], table[1], exact=after.plan.score_bins.points)
    clustered = None
    groups = [window.profile.group_scores for window in (before, after)]
    if groups[0] is not None and groups[1] is not None:
        then, now = (part.sum(axis=0)[:, :2, :-1] for part in groups if part is not None)
        clustered = clustered_auc(now - then)
    variance = clustered.variance if clustered else auc.variance if auc else 0.0
    if auc is None or not variance:
        return f"the {labelled:,} newly labelled rows give no variance"
    return auc.value, variance, labelled


def _labelled(scores: Table) -> Table:
    """Return the rows with a label and a score, [label, score bin]."""
    return scores[:2, :-1]
