"""The view of labels and scores: one AUC per window, overall and per declared slice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext, Subject
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.checks.units import Units, clustering
from dawnwatch.model.measurement import NotComputed
from dawnwatch.model.window import Window
from dawnwatch.stats.auc import AucEstimate
from dawnwatch.stats.jackknife import ClusteredAuc, clustered_auc

__all__ = ["Scores", "slices_of"]

_ROLES = ("the performance baseline", "the current window")


@dataclass(frozen=True)
class Scores:
    """Labels and scores of one window or of one of its slices."""

    auc: AucEstimate | None
    n: int
    """Rows with both a label and a score."""
    positives: int
    fault: NotComputed | None
    window: Window
    slice: tuple[str, str] | None = None
    """Slice column and value; None for the whole window."""
    groups: NDArray[np.int64] | None = None
    """[unit group, label, score bin], where a unit is configured."""
    units: Units | None = None
    weighted: ClusteredAuc | None = None
    """In place of the raw AUC: of rows weighted by the inverse chance of having a label."""

    def interval(self, level: float) -> tuple[float, float] | None:
        """Return the AUC's interval, by units where the rows have them; None where there is no AUC."""
        found = self._estimate
        return None if found is None else found.interval(level)

    @property
    def variance(self) -> float | None:
        """Variance of the AUC, by units where the rows have them; None where there is no AUC."""
        found = self._estimate
        return None if found is None else found.variance

    @property
    def _estimate(self) -> AucEstimate | ClusteredAuc | None:
        if self.auc is None or self.weighted is not None:
            return self.weighted
        found = None
        if clustering(self.units, self.units)[0] is not None and self.groups is not None:
            tables = self.groups[:, :2, :-1]
            found = self.window.once(("clustered auc", self.slice), lambda: clustered_auc(tables))
        if found is None:
            return self.auc
        # The groups' score bins are coarser than what the AUC itself was read off.
        return replace(found, value=self.auc.value, bound=self.auc.bound)

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield the whole window, then every value of every declared slice column."""
        run = run.of_labels()
        least = run.config.performance.min_per_class
        windows = (run.performance_baseline, run.current)
        faults = [_fault(window, run, role) for window, role in zip(windows, _ROLES, strict=True)]
        reference, current = (
            cls._of(window, fault, least, role) for window, fault, role in zip(windows, faults, _ROLES, strict=True)
        )
        yield Subject(None, reference, current._reweighted(run.weighted))
        # What blinds the whole window is said once, there.
        faults = [s.fault and s.fault.model_copy(update={"expected": True}) for s in (reference, current)]
        slices = slices_of(run)
        for column, code, value in slices:
            pair = [
                cls._slice(window, fault, run, (column, code, value), role)
                for window, fault, role in zip(windows, faults, _ROLES, strict=True)
            ]
            yield Subject(column, *pair)

    def _reweighted(self, weighted: ClusteredAuc | None) -> Scores:
        if weighted is None or self.auc is None:
            return self
        return replace(self, weighted=weighted, auc=replace(self.auc, value=weighted.value, variance=weighted.variance))

    @classmethod
    def _of(cls, window: Window, fault: NotComputed | None, least: int, role: str) -> Scores:
        whole = estimate(window)
        n, few = whole.n, min(whole.positives, whole.n - whole.positives)
        if fault is None and n == 0:
            fault = NotComputed(reason=f"no row of {role} has both a label and a score")
        elif fault is None and whole.auc is None:
            fault = NotComputed(reason=f"all scored rows of {role} ({n:,}) have the same label")
        elif fault is None and few < least:
            # DeLong's interval says nothing of so few; a guess would look like a measurement.
            fault = NotComputed(
                reason=f"not enough labels: only {few:,} scored rows of one class in {role} (of {least} needed)"
            )
        tables = window.profile.group_scores
        groups = None if tables is None else tables.sum(axis=0)
        return cls(None if fault else whole.auc, n, whole.positives, fault, window, None, groups, Units.of(window))

    @classmethod
    def _slice(
        cls,
        window: Window,
        fault: NotComputed | None,
        run: RunContext,
        which: tuple[str, int, str],
        role: str,
    ) -> Scores:
        column, code, value = which
        found = estimate(window, column, code)
        rules = run.config.performance
        n, few = found.n, min(found.positives, found.n - found.positives)
        if fault is None and window.profile.columns[column].type is None:
            fault = NotComputed(reason=f"{role} has no column {column!r}")
        elif fault is None and window.profile.columns[column]["wrong_type"]:
            type_, planned = window.profile.columns[column].type, window.plan.column(column).type
            fault = NotComputed(reason=f"column {column!r} of {role} is {type_} where the reference is {planned}")
        elif fault is None and n < rules.min_rows:
            fault = NotComputed(reason=f"only {n:,} scored rows (of {rules.min_rows} needed)", expected=True)
        elif fault is None and few < rules.min_per_class:
            what = "one class only" if few == 0 else f"only {few} rows of one class"
            fault = NotComputed(reason=f"{what} (of {rules.min_per_class} needed)", expected=True)
        cubes = window.profile.columns[column].group_cubes
        groups = None if cubes is None else cubes[code]
        auc = None if fault else found.auc
        return cls(auc, n, found.positives, fault, window, (column, value), groups, Units.of(window))


def slices_of(run: RunContext) -> list[tuple[str, int, str]]:
    """Return (column, bin code, value) of every slice that either window holds."""
    found = []
    for column in run.current.plan.slices:
        binning = run.current.plan.column(column).binning
        pair = [window.profile.columns[column].cube for window in (run.performance_baseline, run.current)]
        held = sum(cube.sum(axis=(1, 2)) for cube in pair if cube is not None)
        if binning is not None:
            found += [(column, code, name) for code, name in enumerate(binning.names) if np.atleast_1d(held)[code] > 0]
    return found


def _fault(window: Window, run: RunContext, role: str) -> NotComputed | None:
    """Say why a window's AUC cannot be judged, or None."""
    plan, profile, config = window.plan, window.profile, run.config
    if plan.label is None:
        return NotComputed(reason="no label column is configured ([roles] label)", expected=True)
    if plan.score is None:
        return NotComputed(reason="neither a score column nor a model is configured", expected=True)
    if window is run.current and run.no_labels is not None:
        return NotComputed(reason=run.no_labels, expected=True)
    label = profile.columns.get(plan.label)
    if label is None or label.type is None:
        return NotComputed(reason=f"{role} has no label column {plan.label!r}")
    if profile.labelled == 0 and not profile.label_values.total:
        return NotComputed(reason=f"label {plan.label!r} is empty in all {profile.rows:,} rows of {role}")
    tolerated = config.thresholds.range.max * profile.rows
    if profile.label_values.total > tolerated:
        others = profile.label_values.total
        return NotComputed(reason=f"label {plan.label!r} is neither of the two classes in {others:,} rows of {role}")
    if int(profile.scores[:, :-1].sum()) == 0:
        return NotComputed(reason=window.scoring_fault or _no_score(window, plan.score, role))
    if config.roles.score_kind == "probability" and profile.score_outside > tolerated:
        return NotComputed(
            reason=f"{profile.score_outside:,} scores of {role} lie outside [0, 1] although declared probabilities"
        )
    return None


def _no_score(window: Window, score: str, role: str) -> str:
    column = window.profile.columns.get(score)
    if column is None or column.type is None:
        return f"{role} has no score column {score!r}"
    if column["wrong_type"]:
        return f"score {score!r} is {column.type}, not a number"
    return f"score {score!r} is empty in all {window.profile.rows:,} rows of {role}"
