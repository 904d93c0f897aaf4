"""A drawn pair of windows as the checks read any: profiles, made of counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import keep_facts
from dawnwatch.config import Config
from dawnwatch.model.plan import LABELS, cube_scores
from dawnwatch.model.profile import COUNTERS, ColumnProfile, Profile
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.model.window import Window
from dawnwatch.monitoring.calibration.cut import Pool
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.resampling import Cells, Draw, RowDraw, TimeEffect, UnitDraw

__all__ = ["Drawn", "pair"]

Ints = NDArray[np.int64]
UNKNOWN = 2


@dataclass(frozen=True)
class Drawn:
    """The counts of one drawn window.

    Attributes
    ----------
    features : by column, shape (groups, bins)
    scores : shape (groups, label, score bin)
    slices : by column, shape (groups, bins, label, score bin)
    missing : rows without a value, by column
    units : None where rows are independent
    """

    name: str
    features: dict[str, Ints]
    scores: Ints
    slices: dict[str, Ints]
    missing: dict[str, int]
    rows: int
    units: UnitCounts | None


def pair(history: History, config: Config, rng: np.random.Generator) -> RunContext:
    """Draw a reference and a current window, each as it would be judged.

    The share of each table that comes from one stretch of time is its own: the hour of the day may change from day
    to day where the device does not.
    """
    of_data, of_scores = history.draw(rng)
    current = _window(history, _current(history, of_data, of_scores, rng))
    drift = _window(history, _reference(history, of_data, of_data, history.data))
    performance = drift
    if history.scored is not history.data:
        performance = _window(history, _reference(history, of_data, of_scores, history.scored))
    return RunContext(config, drift, performance, current)


def _current(history: History, of_data: Draw, of_scores: Draw, rng: np.random.Generator) -> Drawn:
    data, scored = history.data, history.scored
    features = {n: of_data.current(c, _share(history.of_features[n])) for n, c in data.features.items()}
    share = _share(history.of_scores)
    return Drawn(
        "drawn window",
        features,
        of_scores.current(scored.scores, share),
        {name: of_scores.current(cells, share) for name, cells in scored.slices.items()},
        _missing(history, of_data, rng),
        history.window,
        _units(data, of_data, history),
    )


def _reference(history: History, of_data: Draw, of_scores: Draw, pool: Pool) -> Drawn:
    features = {n: of_data.reference(c, _share(history.of_features[n])) for n, c in history.data.features.items()}
    share = _share(history.of_scores)
    return Drawn(
        "drawn reference",
        features,
        of_scores.reference(history.scored.scores, share),
        {name: of_scores.reference(cells, share) for name, cells in history.scored.slices.items()},
        {name: int(gone.sum()) for name, gone in pool.missing.items()},
        pool.total,
        pool.all_units,
    )


def _share(effect: TimeEffect | None) -> float:
    return 0.0 if effect is None else effect.share


def _missing(history: History, draw: Draw, rng: np.random.Generator) -> dict[str, int]:
    """Draw how many rows of the window have no value, by column; a burst within units counts as one of time."""
    found = {}
    for name, gone in history.data.missing.items():
        if not gone.any():
            found[name] = 0
            continue
        counts = Cells(np.stack([history.data.rows - gone, gone], axis=1)[:, None])
        drawn = RowDraw(rng, history.blocks.length, draw.common, history.fills(history.data))
        found[name] = int(drawn.current(counts, _share(history.of_missing[name]))[0, 1])
    return found


def _units(pool: Pool, draw: Draw, history: History) -> UnitCounts | None:
    """Return the units of the drawn window; a group that was drawn twice is of other units each time."""
    if pool.units is None or not isinstance(draw, UnitDraw):
        return None
    groups = np.uint64(pool.scores.groups - 1)
    parts = []
    for start, group in zip(draw.began(0.0).ravel().tolist(), draw.groups.ravel().tolist(), strict=True):
        counts = history.units_from(start)
        parts.append(counts.rows[(counts.hashes & groups) == group])
    rows = np.concatenate(parts)
    return UnitCounts(np.arange(rows.size, dtype=np.uint64), rows, history.units_from(draw.common).limit)


def _window(history: History, drawn: Drawn) -> Window:
    """Return drawn counts as a window, with nothing wrong in the columns that are not drawn."""
    plan, grouped = history.plan, drawn.units is not None
    columns = {}
    for column in plan.columns:
        counts = np.zeros(len(COUNTERS), np.int64)
        counts[COUNTERS.index("null")] = drawn.missing.get(column.name, 0)
        columns[column.name] = ColumnProfile(history.data.types[column.name], counts, varies=True)
    for name, table in drawn.slices.items():
        columns[name] = replace(columns[name], cube=table.sum(axis=0), group_cubes=table.transpose(1, 0, 2, 3))
    for name, table in drawn.features.items():
        # The bins are of the rows that drift is judged by, which need not be those that accuracy is: no labels here.
        cube = np.zeros((table.shape[1], LABELS, cube_scores(table.shape[1]) + 1), np.int64)
        cube[:, UNKNOWN, -1] = table.sum(axis=0)
        columns[name] = replace(columns[name], cube=cube, groups=table.T)
    profile = Profile(
        rows=drawn.rows,
        columns=columns,
        scores=_fine(drawn.scores.sum(axis=0), plan.score_bins.groups),
        units=_known(drawn) if grouped else None,
        unit_counts=drawn.units,
        group_scores=np.stack([drawn.scores, np.zeros_like(drawn.scores)]),
    )
    window = Window(drawn.name, plan, profile, None, {n: t for n, t in history.data.types.items() if t is not None})
    keep_facts(window, _aucs(drawn))
    return window


def _aucs(drawn: Drawn) -> list[list[Any]]:
    """Return the AUCs, overall and per slice, as of rows whose scores are their bins': ties are ties."""
    tables: dict[tuple[str | None, int], Ints] = {(None, 0): drawn.scores.sum(axis=0)}
    for name, table in drawn.slices.items():
        tables |= {(name, code): table[:, code].sum(axis=0) for code in range(table.shape[1])}
    facts: list[list[Any]] = []
    for (column, code), table in tables.items():
        auc = auc_from_counts(*table[:2, :-1])
        n, positives = int(table[:2, :-1].sum()), int(table[1, :-1].sum())
        facts.append([column, code, n, positives, *([auc.value, auc.variance] if auc else [])])
    return facts


def _fine(table: Ints, groups: NDArray[np.int32]) -> Ints:
    """Put coarse score bins into the first fine bin of each; shape (label, fine score bin)."""
    fine = np.zeros((table.shape[0], groups.size), np.int64)
    held, first = np.unique(groups, return_index=True)
    fine[:, first] = table[:, held]
    return fine


def _known(drawn: Drawn) -> Ints:
    """Return the rows as of units that are known, shape (known or new or missing, label, score bin)."""
    units = np.zeros((3, LABELS, cube_scores(3) + 1), np.int64)
    units[0, UNKNOWN, -1] = drawn.rows
    return units
