"""A drawn pair of windows: counts of features and of missing values, and what the checks read of labels and scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import keep_facts
from dawnwatch.config import Config
from dawnwatch.model.plan import LABELS, cube_scores
from dawnwatch.model.profile import Profile
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.model.window import Window
from dawnwatch.monitoring.calibration.cut import Pool
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.resampling import Draw, UnitDraw

__all__ = ["Pair", "Side", "pair"]

Ints = NDArray[np.int64]
UNKNOWN = 2


@dataclass(frozen=True)
class Side:
    """The counts of one drawn window.

    Attributes
    ----------
    stacks : the watched features as the history's stacks hold them, shape (features, bins, groups) each
    scores : shape (groups, label, score bin)
    slices : by column, shape (groups, bins, label, score bin)
    units : None where rows are independent
    """

    name: str
    stacks: list[Ints]
    scores: Ints
    slices: dict[str, Ints]
    rows: int
    units: UnitCounts | None


@dataclass(frozen=True)
class Pair:
    """A drawn reference and current window.

    Attributes
    ----------
    reference, current : the watched features of each, as in `Side.stacks`
    missing : rows of the current window without a value, of every column, shape (columns,)
    run : both as the checks read any
    """

    reference: list[Ints]
    current: list[Ints]
    missing: Ints
    run: RunContext


def pair(history: History, config: Config, rng: np.random.Generator, seen: Sequence[str] = ()) -> Pair:
    """Draw a reference and a current window, each as it would be judged.

    The share of each table that comes from one stretch of time is its own: the hour of the day may change from day
    to day where the device does not.

    Parameters
    ----------
    seen : watched features that the checks read themselves, and so stand in the windows of `run`
    """
    of_data, of_scores = history.draw(rng)
    now, missing = _current(history, of_data, of_scores, rng)
    before = _reference(history, of_data, of_data, history.data)
    drift = _window(history, before, seen)
    performance = drift
    if history.scored is not history.data:
        performance = _window(history, _reference(history, of_data, of_scores, history.scored), seen)
    return Pair(before.stacks, now.stacks, missing, RunContext(config, drift, performance, _window(history, now, seen)))


def _current(history: History, of_data: Draw, of_scores: Draw, rng: np.random.Generator) -> tuple[Side, Ints]:
    data, scored, share = history.data, history.scored, _share(history.of_scores)
    stacks = _stacks(history, of_data, current=True)
    scores = of_scores.current(scored.scores, share)
    slices = {name: of_scores.current(cells, share) for name, cells in scored.slices.items()}
    missing = history.drawn_gaps(rng, of_data.common)
    return Side("drawn window", stacks, scores, slices, history.window, _units(data, of_data, history)), missing


def _reference(history: History, of_data: Draw, of_scores: Draw, pool: Pool) -> Side:
    share = _share(history.of_scores)
    return Side(
        "drawn reference",
        _stacks(history, of_data, current=False),
        of_scores.reference(history.scored.scores, share),
        {name: of_scores.reference(cells, share) for name, cells in history.scored.slices.items()},
        pool.total,
        pool.all_units,
    )


def _share(effect: Any) -> float:
    return 0.0 if effect is None else float(effect.share)


def _stacks(history: History, draw: Draw, *, current: bool) -> list[Ints]:
    """Draw all watched features, shape (features, bins, groups) each stack."""
    if isinstance(draw, UnitDraw):
        drawn = draw.current_of_each if current else draw.reference_of_each
        pairs = zip(history.data.stacks, history.shares, strict=True)
        return [drawn(stack.cells, shares).transpose(1, 2, 0) for stack, shares in pairs]
    # Rows take chances of their own for every feature, in the order of the configuration.
    cells = history.data.features
    of_one = draw.current if current else draw.reference
    found = {name: of_one(cells[name], _share(history.of_features[name])) for name in history.data.watched}
    return [np.stack([found[name].T for name in stack.names]) for stack in history.data.stacks]


def _units(pool: Pool, draw: Draw, history: History) -> UnitCounts | None:
    """Return the units of the drawn window; a group that was drawn twice is of other units each time."""
    if pool.units is None or not isinstance(draw, UnitDraw):
        return None
    parts = []
    for start, group in zip(draw.began(0.0).ravel().tolist(), draw.groups.ravel().tolist(), strict=True):
        parts.append(history.rows_of_units(start, group))
    rows = np.concatenate(parts)
    return UnitCounts(np.arange(rows.size, dtype=np.uint64), rows, history.units_from(draw.common).limit)


def _window(history: History, drawn: Side, seen: Sequence[str]) -> Window:
    """Return drawn counts as a window, with nothing wrong in the columns that are not drawn."""
    plan, grouped, columns = history.plan, drawn.units is not None, dict(history.columns)
    for name, table in drawn.slices.items():
        columns[name] = replace(columns[name], cube=table.sum(axis=0), group_cubes=table.transpose(1, 0, 2, 3))
    for name in seen:
        groups = history.table(drawn.stacks, name)
        # The bins are of the rows that drift is judged by, which need not be those that accuracy is: no labels here.
        cube = np.zeros((groups.shape[0], LABELS, cube_scores(groups.shape[0]) + 1), np.int64)
        cube[:, UNKNOWN, -1] = groups.sum(axis=1)
        columns[name] = replace(columns[name], cube=cube, groups=groups)
    profile = Profile(
        rows=drawn.rows,
        columns=columns,
        scores=_fine(drawn.scores.sum(axis=0), *history.fine),
        units=_known(drawn) if grouped else None,
        unit_counts=drawn.units,
        # The rows of known units, and of new ones: of those there are none.
        group_scores=np.stack([drawn.scores, np.broadcast_to(np.int64(0), drawn.scores.shape)]),
    )
    window = Window(drawn.name, plan, profile, None, {n: t for n, t in history.data.types.items() if t is not None})
    keep_facts(window, _aucs(drawn))
    return window


def _aucs(drawn: Side) -> list[list[Any]]:
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


def _fine(table: Ints, held: NDArray[np.intp], first: NDArray[np.intp], bins: int) -> Ints:
    """Put coarse score bins into the first fine bin of each; shape (label, fine score bin)."""
    fine = np.zeros((table.shape[0], bins), np.int64)
    fine[:, first] = table[:, held]
    return fine


def _known(drawn: Side) -> Ints:
    """Return the rows as of units that are known, shape (known or new or missing, label, score bin)."""
    units = np.zeros((3, LABELS, cube_scores(3) + 1), np.int64)
    units[0, UNKNOWN, -1] = drawn.rows
    return units
