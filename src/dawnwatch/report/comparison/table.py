"""The side-by-side table, before anything is drawn: the terminal, Markdown and HTML show the same cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dawnwatch.model import numbers
from dawnwatch.model.auc import Drop
from dawnwatch.model.causes import CAUSE_ORDER, Cause
from dawnwatch.model.certainty import doubt
from dawnwatch.model.comparison import CheckRow, ComparedRun, Comparison, FeatureRow, OutputRow, SliceRow
from dawnwatch.model.distances import PSI
from dawnwatch.model.drift import DomainClassifier
from dawnwatch.model.enums import Band, Outcome, Severity
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.packet import ThresholdInForce
from dawnwatch.model.quality import QualityCheck
from dawnwatch.model.sized import amount_of, size_of
from dawnwatch.model.weak_slices import WeakSlice
from dawnwatch.report.words import BAND_OUTCOME, OUTCOME_SIGN, OUTCOME_WORD, SEVERITY_SIGN, cause_title, shown

__all__ = ["Cell", "Row", "Section", "cells_of", "side_by_side"]

T = TypeVar("T")
NONE = "\N{EN DASH}"
MAIN = ("psi", "auc_drop")
"""Thresholds shown even in a brief table where they did not move."""
FEATURES, SLICES = ("more feature", "more features"), ("more slice", "more slices")
WEAK = ("more weak slice", "more weak slices")
CHECKS = ("more check not passed", "more checks not passed")
BRIEF = 3
"""Features, slices and checks of a brief table; what is left is counted."""


@dataclass(frozen=True)
class Cell:
    """What one run has in a row."""

    text: str
    outcome: Outcome | None = None
    severity: Severity | None = None


@dataclass(frozen=True)
class Row:
    """One measure, a cell for each run."""

    name: str
    cells: tuple[Cell, ...]
    compared: bool = True
    """False for what differs by nature, such as the time: it is shown, and never marked."""

    @property
    def differs(self) -> bool:
        """Whether any run reads differently from the first."""
        return self.compared and len({cell.text for cell in self.cells}) > 1

    def moved(self, place: int) -> bool:
        """Whether a run reads differently from the one before it."""
        return self.compared and place > 0 and self.cells[place].text != self.cells[place - 1].text


@dataclass(frozen=True)
class Section:
    """Rows that belong together."""

    title: str
    prefix: str
    """What stands before a row's name where there is no room for the title."""
    rows: tuple[Row, ...]
    left: str = ""
    """How many more rows there are, in words; empty where all are shown."""


def side_by_side(comparison: Comparison, *, brief: bool = False) -> list[Section]:
    """Return the whole table; `brief` leaves out what passed everywhere or is one of many, and counts it."""
    runs = comparison.runs
    most = BRIEF if brief else None
    sections = [
        Section("Verdict", "", tuple(_verdict(runs, brief=brief))),
        Section("Thresholds", "limit: ", tuple(_thresholds(runs, brief=brief))),
        _cut("Drift (PSI)", "PSI ", [_feature(row) for row in comparison.features], most, FEATURES),
        Section("Scores and labels (PSI)", "PSI ", tuple(_feature(row) for row in comparison.outputs)),
        Section("Windows told apart (AUC)", "apart ", tuple(_domain(runs))),
        Section("Performance (AUC)", "AUC ", tuple(_performance(runs))),
        _cut("Slices (fall of the AUC)", "in ", [_slice(row, runs) for row in comparison.slices], most, SLICES),
        _cut("Weak slices that were found", "weak ", _weak_slices(comparison), most, WEAK),
        _quality(comparison, most),
    ]
    return [section for section in sections if section.rows]


def cells_of(values: Sequence[T | None], cell: Callable[[T], Cell]) -> tuple[Cell, ...]:
    """Return a cell for each run, a dash where it has none."""
    return tuple(Cell(NONE) if value is None else cell(value) for value in values)


def _cut(title: str, prefix: str, rows: Sequence[Row], most: int | None, more: tuple[str, str]) -> Section:
    """Keep the first rows and count the others; one alone is as short as saying that there is one."""
    kept = tuple(rows if most is None or len(rows) <= most + 1 else rows[:most])
    left = len(rows) - len(kept)
    return Section(title, prefix, kept, numbers.plural(left, *more) if left else "")


def _verdict(runs: Sequence[ComparedRun], *, brief: bool) -> Iterator[Row]:
    yield Row("severity", tuple(Cell(f"{SEVERITY_SIGN[r.severity]} {r.severity}", severity=r.severity) for r in runs))
    yield Row("rule", tuple(Cell(r.rule) for r in runs))
    if brief:
        return
    yield Row("act within", tuple(Cell(numbers.duration(r.sla_hours)) for r in runs))
    yield Row("made", tuple(Cell(numbers.moment(r.created_at)) for r in runs), compared=False)
    for fact in dict.fromkeys(fact for r in runs for fact in r.facts):
        yield Row(fact, tuple(Cell("holds" if fact in r.facts else NONE) for r in runs))


def _thresholds(runs: Sequence[ComparedRun], *, brief: bool) -> Iterator[Row]:
    named = [{(t.name, t.column): t for t in run.thresholds} for run in runs]
    for name, column in dict.fromkeys(key for run in named for key in run):
        values = [run.get((name, column)) for run in named]
        parts = next((list(t.value) for t in values if t), [])
        title = name if parts == ["max"] else f"{name} {', '.join(parts)}"
        row = Row(f"{title} of {shown(column)}" if column is not None else title, cells_of(values, _threshold))
        if row.differs or not brief or (name in MAIN and column is None):
            yield row


def _threshold(threshold: ThresholdInForce) -> Cell:
    return Cell(", ".join(f"{value:g}" for value in threshold.value.values()))


def _feature(row: FeatureRow | OutputRow) -> Row:
    def cell(feature: FeatureDrift) -> Cell:
        if feature.size is None or feature.band is None:
            return _judged("", feature.outcome)
        # The section's title says PSI.
        size = amount_of(feature) if feature.method == PSI else size_of(feature)
        outcome = BAND_OUTCOME[feature.band]
        unsure = (
            f", {doubt(feature.significance)}" if feature.band is not Band.GREEN and doubt(feature.significance) else ""
        )
        return Cell(f"{size} {OUTCOME_SIGN[outcome]} {feature.band}{unsure}", outcome)

    return Row(shown(row.name), cells_of(row.runs, cell))


def _domain(runs: Sequence[ComparedRun]) -> Iterator[Row]:
    def cell(domain: DomainClassifier) -> Cell:
        text = "" if domain.auc is None else numbers.number(domain.auc, apart_from=[domain.threshold])
        return _judged(text, domain.outcome)

    if any(run.domain for run in runs):
        yield Row("by all features", cells_of([run.domain for run in runs], cell))


def _performance(runs: Sequence[ComparedRun]) -> Iterator[Row]:
    yield Row("reference", tuple(Cell(numbers.number(r.reference.value)) for r in runs))
    yield Row("current", tuple(Cell(numbers.number(r.current.value)) for r in runs))
    levels = {r.drop.confidence for r in runs if r.drop.interval}
    title = f"fall, {numbers.confidence(levels.pop())} interval" if len(levels) == 1 else "fall, interval"
    yield Row(title, tuple(Cell(numbers.interval(r.drop.interval) if r.drop.interval else NONE) for r in runs))
    named = dict.fromkeys((c.cause, c.column) for r in runs for c in r.causes)
    for name, column in sorted(named, key=lambda which: CAUSE_ORDER.index(which[0])):
        parts = [next((c for c in r.causes if (c.cause, c.column) == (name, column)), None) for r in runs]
        title = next(cause_title(part) for part in parts if part is not None)
        yield Row(f"of it {title[:1].lower()}{title[1:]}", cells_of(parts, _cause))
    # Last, so that the slices' falls stand under it.
    yield Row("fall", tuple(_fall(r.drop, r.drop.outcome, r.auc_threshold) for r in runs))


def _cause(part: Cause) -> Cell:
    sure = f" ({numbers.number(part.interval[0])} to {numbers.number(part.interval[1])})" if part.interval else ""
    return Cell(f"{numbers.number(part.amount)}{sure}")


def _fall(drop: Drop, outcome: Outcome, limit: float) -> Cell:
    return _judged("" if drop.value is None else numbers.number(drop.value, apart_from=[limit]), outcome)


def _judged(text: str, outcome: Outcome) -> Cell:
    """Return a measured value with the sign and word of what it came to."""
    return Cell(f"{text} {OUTCOME_SIGN[outcome]} {OUTCOME_WORD[outcome]}".strip(), outcome)


def _slice(row: SliceRow, runs: Sequence[ComparedRun]) -> Row:
    cells = [
        Cell(NONE) if part is None else _fall(part.drop, part.outcome, run.auc_threshold)
        for part, run in zip(row.runs, runs, strict=True)
    ]
    return Row(f"{shown(row.column)} = {shown(row.value)}", tuple(cells))


def _weak_slices(comparison: Comparison) -> list[Row]:
    """Return a row for each slice that any run named; a run that searched and did not name it says so."""
    searched = [run.slice_search is not None and run.slice_search.tests > 0 for run in comparison.runs]
    rows = []
    for row in comparison.weak_slices:
        cells = [
            _weak(one) if one is not None else Cell("not found" if looked else "not searched")
            for one, looked in zip(row.runs, searched, strict=True)
        ]
        rows.append(Row(shown(row.text), tuple(cells)))
    return rows


def _weak(one: WeakSlice) -> Cell:
    part = f", {numbers.short_share(max(one.share_of_drop, 0.0))} of the drop" if one.share_of_drop is not None else ""
    if one.kind == "composition":
        grew = f"{numbers.short_share(one.share_before)} → {numbers.short_share(one.share_now)} of rows"
        return Cell(f"{grew}{part}")
    return Cell(f"fell {numbers.number(one.drop)} ({numbers.interval(one.drop_interval)}){part}")


def _quality(comparison: Comparison, most: int | None) -> Section:
    """Say how many checks passed, then show each that did not in some run."""
    places = range(len(comparison.runs))
    made = [[row.runs[i] for row in comparison.checks if row.runs[i]] for i in places]
    summary = Row("checks", tuple(_checks(found, run) for found, run in zip(made, comparison.runs, strict=True)))
    unclean = [row for row in comparison.checks if any(c and c.outcome is not Outcome.PASSED for c in row.runs)]
    cut = _cut("Quality", "quality ", [_check(row) for row in unclean], most, CHECKS)
    return Section(cut.title, cut.prefix, (summary, *cut.rows), cut.left)


def _checks(found: Sequence[QualityCheck | None], run: ComparedRun) -> Cell:
    if not found:
        return Cell(NONE)
    passed = sum(check is not None and check.outcome is Outcome.PASSED for check in found)
    said = f"all {passed} passed" if passed == len(found) else f"{passed} of {len(found)} passed"
    return Cell(f"{OUTCOME_SIGN[run.quality]} {said}", run.quality)


def _check(row: CheckRow) -> Row:
    def cell(check: QualityCheck) -> Cell:
        if check.failed_rows is None:
            return _judged("", check.outcome)
        return _judged(numbers.share(check.failed_rows / max(check.rows, 1)), check.outcome)

    name = row.name.replace("_", " ")
    return Row(f"{name} in {shown(row.column)}" if row.column is not None else name, cells_of(row.runs, cell))
