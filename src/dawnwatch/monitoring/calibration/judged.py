"""Drawn windows, judged: what each check measured of each, and whether that is more than chance.

What there is one of for every feature or column is taken for all of them at once, and gives what the checks `drift.psi`
and `quality.missing` do; all else is measured by the checks themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.budget import Budget, too_few
from dawnwatch.checks.needs import Bins
from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.registry import CheckSpec, all_checks
from dawnwatch.checks.runner import Found, measure
from dawnwatch.checks.units import Units, clustering
from dawnwatch.config import Config
from dawnwatch.config.policy import INFORMING
from dawnwatch.model.calibration import ThresholdName
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Pillar
from dawnwatch.model.measurement import Measured, Measurement
from dawnwatch.monitoring.calibration.drawn import Pair, pair
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.stats.auc import AucEstimate, auc_from_counts
from dawnwatch.stats.shifts import Shifts, shifts

__all__ = ["Judge", "Measures", "Subject", "measured", "with_scores"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LEAST = 1e-300
NO_ROWS = "the check faulted: ValueError: shares of no rows are not defined"


@dataclass(frozen=True, order=True)
class Subject:
    """What one threshold is held against: a feature, a column, the AUC overall or of a slice."""

    threshold: ThresholdName
    name: str


@dataclass(frozen=True)
class Measures:
    """What one drawn window measured.

    Attributes
    ----------
    missing : share of rows without a value of every judged column, shape (columns,); NaN where the column is absent
    shifts : of every feature judged by its PSI
    found : all else, as the runner gives it
    few : why units are too few to test a feature's shift by; None where they are enough, or rows are independent
    budget : what the tests share; None where size alone is judged
    clustered : whether units are independent, and not rows
    """

    pair: Pair
    missing: Floats
    shifts: Shifts
    found: list[Found]
    few: str | None
    budget: Budget | None
    clustered: bool

    @property
    def falls(self) -> list[tuple[Subject, Found]]:
        """The falls of the AUC, overall and in every slice."""
        found = [one for one in self.found if one.spec.name == "performance.auc_drop"]
        return [(Subject("auc_drop", _name(one)), one) for one in found]

    def evidence(self, measurement: Measurement) -> float:
        """Return how much stands against chance: 1 or more counts, and inf where size alone is judged.

        The logarithm of the p-value over that of the largest that counts; 0 where too few units are there to be tested.
        """
        if self.budget is None or not isinstance(measurement, Measured):
            return inf
        chance = measurement.chance
        if chance is None or too_few(measurement, self.budget.least) is not None:
            return 0.0
        return log(max(chance.p_value, LEAST)) / log(self.budget.each)

    def evidence_of(self, p_values: Floats) -> Floats:
        """Return the same of shifts by their p-values, NaN where there is no test; shape of `p_values`."""
        if self.budget is None:
            return np.full(p_values.shape, inf)
        if self.few is not None:
            return np.zeros(p_values.shape)
        tested = np.where(np.isnan(p_values), 1.0, p_values)
        return np.asarray(np.log(np.maximum(tested, LEAST)) / log(self.budget.each))


class Judge:
    """Draws windows of a history, and measures them by every check of drift and performance and the missing values."""

    def __init__(self, history: History, config: Config) -> None:
        self.history, self.config = history, config
        binned = {name: history.plan.column(name).binning for name in config.watched}
        by_psi = [name for name, of in binned.items() if of is not None and config.method_for(name, of.kind) == PSI]
        others = [name for name in config.watched if name not in by_psi]
        self.features = [Subject("psi", name) for name in by_psi]
        self.columns = [Subject("missing", one.name) for one in history.plan.columns if self._judged(one.name)]
        self.absent = np.array([history.data.types[one.name] is None for one in self.columns], dtype=bool)
        self._seen = [name for name in config.watched if name in others or name in history.plan.slices]
        self._others = _watching(config, others)
        checks = all_checks()
        self._of_bins = [spec for spec in checks if spec.needs is Bins] if others else []
        self._drift = [spec for spec in checks if spec.needs is not Bins and self._can_count(spec)]
        self._performance = [spec for spec in checks if spec.pillar is Pillar.PERFORMANCE]

    def _judged(self, column: str) -> bool:
        """Whether the check of missing values looks at a column; see `checks.needs.Cells`."""
        roles, absent = self.config.roles, self.history.data.types[column] is None
        late = column == roles.label and self.config.labels.expected == "late"
        return not (late or column == roles.label_time or (absent and not self.config.column(column).required))

    def _can_count(self, spec: CheckSpec) -> bool:
        # What informs only changes no severity; and a drawn pair has no rows that a classifier could be asked of.
        informs = spec.threshold in INFORMING and not self.config.counts(spec.threshold)
        return spec.pillar is Pillar.DRIFT and spec.threshold != "domain" and not informs

    def judged(self, rng: np.random.Generator) -> Measures:
        """Draw a pair of windows and measure it."""
        return self.measures(pair(self.history, self.config, rng, self._seen))

    def measures(self, drawn: Pair) -> Measures:
        """Measure a drawn pair."""
        run, least = drawn.run, self.config.significance.min_units
        cluster, _ = clustering(Units.of(run.drift_baseline), Units.of(run.current))
        few = too_few(Measured(0.0, "nats", 0, clustering=cluster), least)
        moved = self._shifts(drawn.reference, drawn.current, clustered=cluster is not None)
        found = [
            *measure(replace(run, config=self._others), Pillar.DRIFT, self._of_bins),
            *measure(run, Pillar.DRIFT, self._drift),
            *measure(run, Pillar.PERFORMANCE, self._performance),
        ]
        p_values = [] if few is not None else moved.p_value[~np.isnan(moved.p_value)].tolist()
        budget = Budget.of([(one.spec, one.measurement) for one in found], self.config, p_values)
        missing = np.where(self.absent, np.nan, drawn.missing[self._gaps] / max(run.current.profile.rows, 1))
        return Measures(drawn, missing, moved, found, few, budget, cluster is not None)

    @cached_property
    def _gaps(self) -> NDArray[np.intp]:
        """Where each judged column stands among those that missing rows were counted of."""
        names = list(self.history.data.missing)
        return np.array([names.index(one.name) for one in self.columns], np.intp)

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        """Where each feature judged by its PSI stands among all of all stacks, one behind the other."""
        all_ = [name for stack in self.history.data.stacks for name in stack.names]
        return np.array([all_.index(one.name) for one in self.features], np.intp)

    def _shifts(self, reference: Sequence[Ints], current: Sequence[Ints], *, clustered: bool) -> Shifts:
        """Return how far the features moved, in the order of `features`."""
        parts = [
            shifts(*(_comparable(of, opened) for of in (then, now)), clustered=clustered)
            for then, now, opened in zip(reference, current, self._open, strict=True)
        ]
        if not parts:
            return Shifts(*np.empty((6, 0)))
        return Shifts(*(of[self._order] for of in Shifts.joined(parts)))

    @cached_property
    def _open(self) -> list[list[tuple[int, int, int]]]:
        """Of each stack the features whose reference keeps bringing new values, and their bins of other and new."""
        found = []
        for stack in self.history.data.stacks:
            of = [(at, self.history.plan.column(name).binning) for at, name in enumerate(stack.names)]
            found.append([(at, one.other, one.unseen) for at, one in of if one is not None and one.open])
        return found

    def tables(self, drawn: Pair, name: str) -> tuple[Ints, Ints]:
        """Return one feature's rows of the reference and of the current window, shape (bins, groups) each."""
        stack, at = self.history.places[name]
        opened = [(0, other, unseen) for of, other, unseen in self._open[stack] if of == at]
        then, now = (_comparable(of[stack][at : at + 1], opened)[0] for of in (drawn.reference, drawn.current))
        return then, now


def _comparable(stack: Ints, opened: Sequence[tuple[int, int, int]]) -> Ints:
    """Return a stack with the values the reference never held among its other ones, where it keeps bringing such."""
    if not opened:
        return stack
    found = stack.copy()
    for at, other, unseen in opened:
        found[at, other] += found[at, unseen]
        found[at, unseen] = 0
    return found


def _watching(config: Config, names: Sequence[str]) -> Config:
    """Return the configuration with only these features watched."""
    columns = {
        name: config.column(name).model_copy(update={"monitor": name in names})
        for name in {*config.columns, *config.watched}
    }
    return config.model_copy(update={"columns": {name: columns[name] for name in [*names, *columns]}})


def measured(found: Found, current: object) -> Measured | None:
    """Return what the check says of another current window; None where nothing could be computed."""
    measurement = found.spec.function(found.subject.reference, current)
    return measurement if isinstance(measurement, Measured) else None


def with_scores(view: Scores, table: Ints) -> Scores:
    """Return the view of labels and scores with others, shape (groups, label, score bin)."""
    auc: AucEstimate | None = auc_from_counts(*table.sum(axis=0)[:2, :-1])
    return replace(view, auc=auc, groups=table, window=replace(view.window))


def _name(found: Found) -> str:
    current = found.subject.current
    if isinstance(current, Scores):
        return "overall" if current.slice is None else " = ".join(current.slice)
    return found.subject.column or "the whole table"
