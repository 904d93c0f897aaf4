"""The views checks read: each kind of subject, and what of a profile concerns it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.units import Units
from dawnwatch.config import Config
from dawnwatch.model.coded_sample import CodedSample
from dawnwatch.model.distances import Method
from dawnwatch.model.frequent import Frequent
from dawnwatch.model.measurement import Example, NotComputed
from dawnwatch.model.moments import Moments
from dawnwatch.model.plan import Binning, ColumnPlan
from dawnwatch.model.profile import EXAMPLES, ColumnProfile
from dawnwatch.model.window import Window
from dawnwatch.stats.jackknife import ClusteredAuc
from dawnwatch.stats.replicates import Part

__all__ = ["Bins", "Cells", "Columns", "Keys", "Labels", "ModelScores", "RunContext", "Subject"]


@dataclass(frozen=True)
class RunContext:
    """The windows of one run. Three things are called reference in the field; here each has its own name."""

    config: Config
    drift_baseline: Window
    performance_baseline: Window
    current: Window
    by_unit: Window | None = None
    """Rows of the reference, scored by models that never learned from their units; None where nobody made them."""
    ripe: Window | None = None
    """The rows of the current window whose labels have had the time to come; None where labels of all are judged."""
    unripe: str | None = None
    """Why labels of no row are judged; None where some are."""
    weighted: ClusteredAuc | None = None
    """The AUC of those rows weighted by the inverse chance of having a label; None where the raw one is of record."""
    label_gain: Part | None = None
    """What the weights add to the raw AUC, where the weighted one is of record."""
    label_weights: NDArray[np.float64] | None = None
    """What a row weighs by label and score bin then, shape (2, score bins)."""
    as_of: datetime | None = None
    """When the labels were looked at; None: when the run started."""
    coded: Callable[[Window], CodedSample | NotComputed] | None = None
    """Reads a window's sampled rows as codes; None where no check is to look at single rows."""

    @property
    def labels_late(self) -> bool:
        """Whether labels are announced to come after the data, or no row is old enough to have one."""
        return self.no_labels is not None

    @property
    def no_labels(self) -> str | None:
        """Why nothing is judged by labels; None where something is."""
        return "labels come late ([labels] expected)" if self.config.labels.expected == "late" else self.unripe

    def of_labels(self) -> RunContext:
        """Return the run with only those rows of the current window that are judged by their labels."""
        return self if self.ripe is None else replace(self, current=self.ripe, ripe=None)


@dataclass(frozen=True)
class Subject:
    """What one call of a check is about: a column, or the whole table where `column` is None."""

    column: str | None
    reference: object
    current: object


@dataclass(frozen=True)
class Cells:
    """One column's counters."""

    plan: ColumnPlan
    profile: ColumnProfile
    rows: int

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield every planned column, but not a label that comes late, nor one that may be absent and is.

        When a label came is empty as long as it has not, which the label's own check says.
        """
        roles = run.config.roles
        for plan in run.current.plan.columns:
            absent = run.current.profile.columns[plan.name].type is None
            if (plan.name == roles.label and run.labels_late) or plan.name == roles.label_time:
                continue
            if absent and not run.config.column(plan.name).required:
                continue
            current = run.of_labels().current if plan.name == roles.label else run.current
            yield Subject(plan.name, cls._of(run.drift_baseline, plan), cls._of(current, plan))

    @classmethod
    def _of(cls, window: Window, plan: ColumnPlan) -> Cells:
        return cls(plan, window.profile.columns[plan.name], window.profile.rows)

    @property
    def absent(self) -> bool:
        """Whether the window lacks this column."""
        return self.profile.type is None

    @property
    def unreadable(self) -> bool:
        """Whether the values are of another type than planned, so that rules on them cannot be judged."""
        return self.profile["wrong_type"] > 0

    def examples(self, *counters: str) -> list[Example]:
        """Return up to five failing rows of these counters, in window order."""
        found = sorted((row for name in counters for row in self.profile.examples.get(name, [])), key=lambda r: r[0])
        return _examples(found[:EXAMPLES])


@dataclass(frozen=True)
class Columns:
    """The whole table's columns and their types."""

    expected: dict[str, str]
    optional: frozenset[str]
    found: dict[str, str]
    fractional: frozenset[str]
    """Columns planned as integers that hold fractions."""
    extra_fails: bool
    rows: int

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield one subject: the table."""
        yield Subject(None, cls._of(run.drift_baseline, run), cls._of(run.current, run))

    @classmethod
    def _of(cls, window: Window, run: RunContext) -> Columns:
        roles = run.config.roles
        optional = {name for name, column in run.config.columns.items() if not column.required}
        if run.labels_late and roles.label:
            optional.update(filter(None, (roles.label, roles.label_time)))
        return cls(
            expected={plan.name: plan.type for plan in window.plan.columns},
            optional=frozenset(optional),
            found={name: type_ for name, type_ in window.types.items() if name != window.plan.score}
            | {name: column.type for name, column in window.profile.columns.items() if column.type is not None},
            fractional=frozenset(name for name, c in window.profile.columns.items() if c["fractional"]),
            extra_fails=run.config.data.extra_columns == "fail",
            rows=window.profile.rows,
        )


@dataclass(frozen=True)
class Keys:
    """How often a row's key stood before in the same window; counted in the current window only."""

    names: tuple[str, ...]
    absent: tuple[str, ...]
    rows: int
    repeats: int | None
    """None where they were not counted."""
    examples: list[Example]

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield one subject where key columns are configured."""
        if run.current.plan.keys:
            yield Subject(None, cls._of(run.drift_baseline), cls._of(run.current))

    @classmethod
    def _of(cls, window: Window) -> Keys:
        profile = window.profile
        return cls(
            names=window.plan.keys,
            absent=tuple(name for name in window.plan.keys if profile.columns[name].type is None),
            rows=profile.rows,
            repeats=None if profile.repeats is None else profile.repeats.repeats,
            examples=_examples(window.repeated),
        )


@dataclass(frozen=True)
class Labels:
    """The label column's values that are neither of the two classes."""

    name: str
    classes: tuple[str, str]
    other: Frequent
    private: bool
    rows: int
    examples: list[Example]

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield one subject where a label is configured and there."""
        label = run.config.roles.label
        if label and run.current.profile.columns[label].type not in {None, "null"}:
            yield Subject(label, cls._of(run.performance_baseline, run), cls._of(run.current, run))

    @classmethod
    def _of(cls, window: Window, run: RunContext) -> Labels:
        plan = window.plan
        return cls(
            name=plan.label or "",
            classes=(plan.negative or "", plan.positive),
            other=window.profile.label_values,
            private=run.config.column(plan.label or "").private,
            rows=window.profile.rows,
            examples=_examples(window.profile.examples.get("label", [])),
        )


@dataclass(frozen=True)
class ModelScores:
    """The scores as probabilities; `moments` of the logged ones, None where none are logged."""

    name: str
    outside: int
    rows: int
    examples: list[Example]
    moments: Moments | None = None

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield one subject where the score is declared a probability."""
        if run.current.plan.score and run.config.roles.score_kind == "probability":
            yield Subject(run.current.plan.score, cls._of(run.performance_baseline), cls._of(run.current))

    @classmethod
    def _of(cls, window: Window) -> ModelScores:
        profile = window.profile
        examples = _examples(profile.examples.get("score", []))
        name = window.plan.score or ""
        logged = profile.columns.get(name)
        return cls(name, profile.score_outside, profile.rows, examples, None if logged is None else logged.moments)


@dataclass(frozen=True)
class Bins:
    """One watched feature's rows per bin."""

    name: str
    kind: Literal["categorical", "numeric"]
    names: tuple[str, ...]
    counts: NDArray[np.int64]
    unseen: Frequent
    fault: NotComputed | None
    window: Window
    groups: NDArray[np.int64] | None
    """[bin, unit group], where a unit is configured."""
    units: Units | None
    method: Method
    """The distance its shift is judged by."""
    edges: NDArray[np.float64]
    """Numeric: upper edges of the bins but the last; the missing values' bin stands behind them."""
    extremes: tuple[float | None, float | None]
    """Smallest and largest value; None where there is none, or the column is private."""

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield every watched feature."""
        for name in run.config.watched:
            yield Subject(name, cls._of(run.drift_baseline, name, run), cls._of(run.current, name, run))

    @classmethod
    def _of(cls, window: Window, name: str, run: RunContext) -> Bins:
        plan, column = window.plan.column(name), window.profile.columns[name]
        if plan.binning is None or column.cube is None:
            raise ValueError(f"{name!r} was not binned")
        fault = None
        if column.type is None:
            fault = NotComputed(reason=f"the window has no column {name!r}")
        elif column["wrong_type"]:
            fault = NotComputed(reason=f"the column is {column.type} where the reference is {plan.type}")
        return cls(
            name,
            plan.binning.kind,
            plan.binning.names,
            _comparable(column.cube.sum(axis=(1, 2)), plan.binning),
            column.unseen,
            fault,
            window,
            None if column.groups is None else _comparable(column.groups, plan.binning),
            Units.of(window),
            run.config.method_for(name, plan.binning.kind),
            plan.binning.edges,
            # A private column's are not kept with its counts, so they are used nowhere.
            (None, None) if plan.private else (column.moments.low, column.moments.high),
        )


def _comparable(counts: NDArray[np.int64], binning: Binning) -> NDArray[np.int64]:
    """Return rows by bin, unseen values with the other known ones where the reference itself keeps bringing new ones.

    No reference holds a value that it does not hold, so a bin of its own would set nought against what chance brings.
    """
    if not binning.open:
        return counts
    found = counts.copy()
    found[binning.other] += found[binning.unseen]
    found[binning.unseen] = 0
    return found


def _examples(found: Sequence[tuple[int, Mapping[str, Any]]]) -> list[Example]:
    return [Example(row=row, values=dict(values)) for row, values in found]
