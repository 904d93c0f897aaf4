"""Learning the plan from the reference: what is counted, and in which bins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.config.column import ColumnConfig
from dawnwatch.errors import BaselineError, did_you_mean
from dawnwatch.model.plan import Binning, Bounds, ColumnPlan, Plan, UnitPlan
from dawnwatch.model.score_bins import GROUPS, ScoreBins
from dawnwatch.profiling.arrow import canonical, numbers, texts, type_name
from dawnwatch.profiling.bins import gather_bins
from dawnwatch.profiling.coding import NUMERIC, SCORES, label_text
from dawnwatch.profiling.hashing import hash_column
from dawnwatch.profiling.scoring import ScoredSource
from dawnwatch.sources.base import Source
from dawnwatch.stats.binning import score_edges, with_spare_edges
from dawnwatch.stats.quantiles import Thinned

__all__ = ["SCORE_COLUMN", "learn_plan", "score_bins", "score_groups"]

SCORE_COLUMN = "score"
FINE_SCORE_BINS = 8000
"""With the spare bins outside, at most 16,256; the bound on the reference itself is 1 / 16,000."""
SCORES_KEPT = 8_000_000
"""Beyond, the score bins are placed by every second, fourth ... score, a thousand of them to a bin."""


def learn_plan(config: Config, reference: Source, baseline: Source, training: Source | None, score: str | None) -> Plan:
    """Fix every bin by the reference, reading it once, or twice where its numbers do not fit in memory.

    Parameters
    ----------
    reference : the drift baseline; its columns are the expected schema
    baseline : the performance baseline, whose labels and scores place the score bins
    training : the rows the model learned from, for "never seen"; the drift baseline stands in where None
    score : name of the score column, logged or the model's; None where there is neither

    Raises
    ------
    BaselineError
        Where the reference has no rows or lacks what the configuration names, or its labels or scores cannot
        serve.
    """
    found = {field.name: type_name(field.type) for field in reference.schema}
    _require(config, found, reference.name)
    version = config.roles.model_version
    binned = list(dict.fromkeys([*config.watched, *config.roles.slices, *([version] if version else [])]))
    kinds = {name: _kind(config.column(name), found[name]) for name in binned}
    if version:
        kinds[version] = "categorical"  # a number of a version is a name
    bins = gather_bins(reference, kinds, private=[name for name in binned if config.column(name).private])
    names = dict.fromkeys([*found, *config.columns])
    columns = tuple(_column_plan(name, config.column(name), found.get(name), bins.get(name)) for name in names)
    label = config.roles.label
    positive = label_text(config.labels.positive)
    negative, scores = _labels_and_scores(baseline, label, positive, score, config)
    placed = score_bins(scores, with_spare_edges(score_edges(scores, FINE_SCORE_BINS)), config.model.threshold)
    known = None if config.roles.unit is None else _units(training or reference, config.roles.unit)
    return Plan(
        columns=columns,
        label=label,
        positive=positive,
        negative=negative,
        score=score,
        score_bins=placed,
        slices=tuple(config.roles.slices),
        version=version,
        keys=tuple(config.roles.keys),
        unit=known,
        seed=config.project.seed,
    )


def _kind(column: ColumnConfig, type_: str) -> str:
    return column.kind or ("numeric" if type_ in {"integer", "number", "timestamp"} else "categorical")


def _column_plan(name: str, column: ColumnConfig, found: str | None, binning: Binning | None) -> ColumnPlan:
    rule = column.range
    seen = None if found == "null" else found
    number = rule is not None or column.kind == "numeric"
    return ColumnPlan(
        name=name,
        type=column.type or seen or ("number" if number else "other"),
        private=column.private,
        binning=binning,
        bounds=None if rule is None else Bounds(rule.min, rule.max, rule.min_inclusive, rule.max_inclusive),
        allowed=None if column.allowed is None else frozenset(_allowed(column.allowed)),
        pattern=column.pattern,
    )


def _allowed(values: Iterable[object]) -> Iterable[str]:
    return (str(v).lower() if isinstance(v, bool) else canonical(v) for v in values)


def _require(config: Config, found: dict[str, str], where: str) -> None:
    roles = config.roles
    needed = {
        "roles.label": [roles.label] if roles.label else [],
        "roles.unit": [roles.unit] if roles.unit else [],
        "roles.timestamp": [roles.timestamp] if roles.timestamp else [],
        "roles.label_time": [roles.label_time] if roles.label_time else [],
        "roles.keys": roles.keys,
        "roles.slices": roles.slices,
        "roles.model_version": [roles.model_version] if roles.model_version else [],
        "model.features": config.watched,
        "columns": [name for name, column in config.columns.items() if column.required],
    }
    for setting, names in needed.items():
        for name in names:
            if name not in found:
                raise BaselineError(
                    f"{where}: no column {name!r}, which {setting} names in the configuration."
                    f"{did_you_mean(name, found)} Its columns: {', '.join(found)}"
                )
    if roles.label_time is not None and found[roles.label_time] not in {*NUMERIC, "null"}:
        raise BaselineError(
            f"{where}: column {roles.label_time!r}, which roles.label_time names in the configuration, is "
            f"{found[roles.label_time]} and holds no times; name the column that says when a row's label came"
        )
    for name, column in config.columns.items():
        have = found.get(name)
        same = have in {column.type, "null", None} or {have, column.type} == {"integer", "number"}
        if column.type is not None and not same:
            raise BaselineError(f"{where}: column {name!r} is {have}, but the configuration says {column.type}")
        if column.range is not None and have not in {*NUMERIC, "null", None}:
            raise BaselineError(f"{where}: column {name!r} is {have}, so columns.{name}.range cannot be checked")
        if column.kind == "numeric" and have not in {*NUMERIC, "null", None}:
            raise BaselineError(f"{where}: column {name!r} is {have}, so it has no numeric bins; drop `kind`")


def _labels_and_scores(
    source: Source, label: str | None, positive: str, score: str | None, config: Config
) -> tuple[str | None, NDArray[np.float64]]:
    """Return the negative class and the finite scores, after checking that both can serve as a baseline."""
    wanted = [name for name in (label, score) if name]
    values: Counter[str] = Counter()
    kept = Thinned(SCORES_KEPT)
    low, high, outside, rows = np.inf, -np.inf, 0, 0
    for batch in source.batches(wanted) if wanted else ():
        rows += batch.num_rows
        if label and label in batch.schema.names:
            codes, names = texts(batch.column(label))
            for name, times in zip(names, np.bincount(codes[codes >= 0], minlength=len(names)), strict=True):
                if times and name:
                    values[label_text(name)] += int(times)
        if score and score in batch.schema.names:
            array = batch.column(score)
            if type_name(array.type) not in {*SCORES, "null"}:
                raise BaselineError(f"{source.name}: score column {score!r} is {type_name(array.type)}, not a number")
            if type_name(array.type) != "null":
                found = numbers(array)
                found = found[np.isfinite(found)]
                kept.add(found)
                if found.size:
                    low, high = min(low, float(found.min())), max(high, float(found.max()))
                    outside += int(((found < -1e-6) | (found > 1 + 1e-6)).sum())
    negative = None
    private = label is not None and config.column(label).private
    if label:
        shown = "its values are private" if private else "found " + ", ".join(map(repr, list(values)[:5]))
        if len(values) != 2:
            raise BaselineError(
                f"{source.name}: label {label!r} must have exactly two values and has {len(values)} ({shown})"
            )
        if positive not in values:
            raise BaselineError(
                f"{source.name}: label {label!r} never is the positive class "
                f"{config.labels.positive!r} ({shown}); set [labels] positive"
            )
        negative = next(value for value in values if value != positive)
    hidden = any(column.private for column in config.columns.values())
    fault = source.fault(private=hidden) if isinstance(source, ScoredSource) else None
    if score and fault:
        raise BaselineError(f"{source.name}: {fault}")
    if score and not kept.total:
        raise BaselineError(
            f"{source.name}: score column {score!r} holds no number in {rows:,} rows; name the right one in [roles] "
            "score, or set [model] path"
        )
    if score and outside and config.roles.score_kind == "probability":
        span = "" if config.column(score).private else f" (from {low:.4g} to {high:.4g})"
        raise BaselineError(
            f"{source.name}: score column {score!r} is declared a probability, and {outside:,} of {rows:,} rows lie "
            f'outside [0, 1]{span}; set [roles] score_kind = "ranking" if it is none'
        )
    return negative, kept.values


def score_bins(scores: NDArray[np.float64], edges: NDArray[np.float64], threshold: float | None) -> ScoreBins:
    """Return the score bins; where the model answers from a threshold on, fine and coarse ones both part there."""
    if threshold is None:
        return ScoreBins(edges, score_groups(scores, edges))
    # Bins hold their upper edge, and whatever equals the threshold is answered with yes.
    edge = np.nextafter(threshold, -np.inf)
    edges = np.union1d(edges, [edge])
    groups = score_groups(scores, edges)
    below = int(np.searchsorted(edges, edge))
    shared = groups[below]
    if groups[below + 1] == shared:
        # One side joins the neighbour, so that there are no more coarse bins than before.
        inside = np.flatnonzero(groups[:-1] == shared)
        if shared > 0:
            groups[inside[inside <= below]] = shared - 1
        else:
            groups[inside[inside > below]] = shared + 1
    return ScoreBins(edges, groups)


def score_groups(scores: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the coarse bin of each fine bin, 0 to 511, then 512 for "no score".

    Where there are at most 512 fine bins, each has a coarse one to itself; else they hold about equal numbers of
    reference rows. Both halve well: neighbours stay neighbours when two coarse bins become one.
    """
    fine = len(edges) + 1
    if fine <= GROUPS:
        groups = np.arange(fine) * GROUPS // fine
    else:
        rows = np.bincount(np.searchsorted(edges, scores, side="left"), minlength=fine)
        before = np.cumsum(rows) - rows
        groups = np.minimum(before * GROUPS // max(int(rows.sum()), 1), GROUPS - 1)
    return np.append(groups, GROUPS).astype(np.int32)


def _units(source: Source, unit: str) -> UnitPlan:
    if unit not in source.schema.names:
        raise BaselineError(f"{source.name}: no column {unit!r}, which roles.unit names in the configuration")
    parts = [np.unique(hash_column(batch.column(unit).drop_null())) for batch in source.batches([unit])]
    return UnitPlan(unit, np.unique(np.concatenate([*parts, np.empty(0, np.uint64)])))
