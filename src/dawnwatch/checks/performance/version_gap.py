"""Version gap: how much worse one version of the model ranks than the others that scored the same window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext, Subject
from dawnwatch.checks.performance.like_rows import gap_on_like_rows, kinds
from dawnwatch.checks.registry import check
from dawnwatch.checks.units import Units, clustering, in_parts
from dawnwatch.model.coded_sample import CodedSample
from dawnwatch.model.measurement import Chance, Interval, Measured, Measurement, NotComputed
from dawnwatch.model.window import Window
from dawnwatch.stats.auc import AucEstimate, DropEstimate, auc_drop, auc_from_counts
from dawnwatch.stats.jackknife import ClusteredDrop, clustered_auc, clustered_drop

__all__ = ["Part", "Versions", "on_like_rows", "version_gap"]

Counts = NDArray[np.int64]
NAMED = 3


@dataclass(frozen=True)
class Part:
    """Labels and scores of some versions' rows."""

    table: Counts
    """[label, score bin], the last label being "unknown", the last bin "no score"."""
    groups: Counts | None
    """[unit group, label, score bin], where a unit is configured."""
    exact: NDArray[np.bool_]
    units: Units | None

    @property
    def auc(self) -> AucEstimate | None:
        """From score bins; None where a class is empty."""
        return auc_from_counts(self.table[0, :-1], self.table[1, :-1], exact=self.exact)

    @property
    def positives(self) -> int:
        """Scored rows of the positive class."""
        return int(self.table[1, :-1].sum())

    @property
    def scored(self) -> int:
        """Rows with both a label and a score."""
        return int(self.table[:2, :-1].sum())

    @property
    def least(self) -> int:
        """Scored rows of the rarer class."""
        return int(self.table[:2, :-1].sum(axis=1).min())

    def interval(self, level: float) -> Interval | None:
        """Return the AUC's interval, by units where the rows have them."""
        found = self.auc
        if found is None:
            return None
        by_unit = None if self.groups is None else clustered_auc(self.groups[:, :2, :-1])
        of = found if by_unit is None else replace(by_unit, value=found.value, bound=found.bound)
        return of.interval(level)


@dataclass(frozen=True)
class Versions:
    """One version's rows in a window, and those of all others."""

    window: Window
    column: str
    name: str
    rows: int
    this: Part
    others: Part
    fault: NotComputed | None
    code: int
    """Of the version's bin."""
    features: tuple[str, ...]
    coded: Callable[[Window], CodedSample | NotComputed] | None
    """Reads a window's sampled rows; None where none are to be looked at."""

    def sampled(self) -> CodedSample | None:
        """Return the window's sampled rows that have a label and a score; None where there are none to look at."""
        found = None if self.coded is None else self.coded(self.window)
        return found if isinstance(found, CodedSample) and found.rows else None

    def rival(self, current: Versions) -> tuple[Part, AucEstimate]:
        """Return what a version of the current window is held against: the others there, or all of this baseline.

        Whichever has the lower AUC; the others where the baseline has none.
        """
        others, before = current.others.auc, self.whole.auc
        assert others is not None  # noqa: S101 - asked only where the others were judged
        return (current.others, others) if before is None or others.value <= before.value else (self.whole, before)

    @property
    def whole(self) -> Part:
        """All rows of the window."""
        groups = (self.this.groups, self.others.groups)
        joined = None if groups[0] is None or groups[1] is None else groups[0] + groups[1]
        return Part(self.this.table + self.others.table, joined, self.this.exact, self.this.units)

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield every version that the current window holds, most rows first."""
        run = run.of_labels()
        column = run.current.plan.version
        if column is None or run.current.profile.columns[column].cube is None:
            return
        binning = run.current.plan.column(column).binning
        cube = run.current.profile.columns[column].cube
        assert binning is not None and cube is not None  # noqa: S101, PT018 - learned together
        rows = cube.sum(axis=(1, 2))
        for code in np.argsort(-rows, kind="stable").tolist():
            if rows[code]:
                yield Subject(column, *(cls._of(w, column, code, run) for w in (run.performance_baseline, run.current)))

    @classmethod
    def _of(cls, window: Window, column: str, code: int, run: RunContext) -> Versions:
        found, binning = window.profile.columns[column], window.plan.column(column).binning
        assert binning is not None and found.cube is not None  # noqa: S101, PT018
        exact, units = window.plan.score_bins.coarse_points(found.cube.shape[2] - 1), Units.of(window)
        parts = []
        for chosen in (np.arange(len(binning.names)) == code, np.arange(len(binning.names)) != code):
            groups = None if found.group_cubes is None else found.group_cubes[chosen].sum(axis=0)
            parts.append(Part(found.cube[chosen].sum(axis=0), groups, exact, units))
        rules, this, others = run.config.performance, *parts
        fault = None
        if run.labels_late:
            fault = run.no_labels
        elif not others.table.sum():
            fault = "every row is of this version, so there are no others to compare it with"
        elif min(this.scored, others.scored) < rules.min_rows or min(this.least, others.least) < rules.min_per_class:
            fault = f"too few scored rows of it or of the others ({rules.min_rows}, {rules.min_per_class} of a class)"
        name = binning.names[code]
        if code == binning.unseen and found.unseen.counts:
            new = sorted(found.unseen.counts)
            more = "" if len(new) <= NAMED else f" and {len(new) - NAMED} more"
            name = ", ".join(new[:NAMED]) + more
        reason = None if fault is None else NotComputed(reason=fault, expected=True)
        config = run.config
        features = tuple(name for name in config.model.features or config.watched if name != column)
        rows = int(this.table.sum())
        return cls(window, column, name, rows, this, others, reason, code, features, run.coded)


@check("performance.version_gap", needs=Versions, unit="AUC", threshold="auc_drop")
def version_gap(reference: Versions, current: Versions) -> Measurement:
    """The AUC of all other versions in the window, or the baseline's if that is lower, minus that of one version.

    A version that never was better is no incident because a new one is: hence the lower of the two. Versions score
    different rows: where these are of other kinds, those it is held against are weighted to the kinds it scored, and
    where there are too few of these nothing is compared.
    """
    this, others = current.this.auc, current.others.auc
    if current.fault is not None or this is None or others is None:
        return current.fault or NotComputed(reason="a class is empty", expected=True)
    rival, than = reference.rival(current)
    drop = auc_drop(than, this)
    cluster, caution = clustering(current.this.units, rival.units)
    alike = on_like_rows(reference, current)
    if isinstance(alike, str):
        return NotComputed(reason=f"versions score different kinds of rows: {alike}", expected=True)
    if alike is not None:
        return Measured(alike.value, "AUC", current.this.scored, alike, cluster, caution)
    if cluster is None:
        return Measured(drop.value, "AUC", current.this.scored, drop, None, caution)
    cluster = in_parts(cluster, [(part.units, part.groups) for part in (current.this, rival)])
    chance = current.window.against(
        reference.window, ("version gap", current.name), lambda: _by_unit(rival, current.this, drop)
    )
    return Measured(drop.value, "AUC", current.this.scored, chance, cluster, caution)


def on_like_rows(reference: Versions, current: Versions) -> ClusteredDrop | str | None:
    """Return the gap with the rival's rows weighted to the kinds this version scored, or why that cannot be.

    None where the rows are of the same kinds, where this version ranks no worse as they are, and where no row or
    feature is sampled that would tell.
    """
    this = current.this.auc
    if current.fault is not None or this is None or current.others.auc is None:
        return None
    rival, than = reference.rival(current)
    if than.value <= this.value:
        return None
    return current.window.against(
        reference.window,
        ("like rows", current.name, current.features),
        lambda: _on_like_rows(reference, current, others=rival is current.others),
    )


def _on_like_rows(reference: Versions, current: Versions, *, others: bool) -> ClusteredDrop | str | None:
    baseline, now = reference.sampled(), current.sampled()
    if baseline is None or now is None or current.column not in now.bins:
        return None
    names = [name for name in current.features if name in baseline.bins and name in now.bins]
    mine = now.bins[current.column] == current.code
    rival, this = now.only(~mine) if others else baseline, now.only(mine)
    least = min((int(np.bincount(side.labels, minlength=2).min()) for side in (rival, this)), default=0)
    if not names or not least:
        return None
    return gap_on_like_rows(rival, this, kinds(baseline, (rival, this), names))


def _by_unit(rival: Part, this: Part, drop: DropEstimate) -> Chance | None:
    if rival.groups is None or this.groups is None:
        return None
    found = clustered_drop(rival.groups[:, :2, :-1], this.groups[:, :2, :-1])
    return found and replace(found, value=drop.value, bound=drop.bound)
