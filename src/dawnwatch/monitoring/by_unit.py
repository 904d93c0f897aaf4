"""What the model makes of units it never learned from: rows scored by models trained without their units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.errors import BaselineError, ConfigError, one_line
from dawnwatch.model.plan import UNIT_GROUPS, Plan, UnitPlan
from dawnwatch.profiling.arrow import null_mask
from dawnwatch.profiling.hashing import hash_column, mix, seed_word
from dawnwatch.profiling.models import imported
from dawnwatch.sources.base import Source, TableSource
from dawnwatch.sources.decimals import without_decimals

__all__ = ["Trainer", "load_trainer", "out_of_fold", "scored_by"]

Trainer = Callable[[pa.Table, pa.Table], Any]
"""Given rows to learn from and rows of other units, returns the scores of the latter, shape (rows,), or these rows as
they would have been logged: with a score column, and with features made without what their units' own rows say."""


def load_trainer(name: str, folder: str | Path) -> Trainer:
    """Return the function that `[model] trainer` names as `module:function`.

    Parameters
    ----------
    folder : where the module may lie, beside wherever Python looks for modules

    Raises
    ------
    ConfigError
        Where there is none.
    """
    found = imported(name, folder, what="model.trainer", kind="function")
    if not callable(found):
        raise ConfigError(f"model.trainer: {name!r} is no function")
    trainer: Trainer = found
    return trainer


def out_of_fold(
    reference: Source, training: Source, plan: Plan, trainer: Trainer, *, folds: int, probabilities: bool = False
) -> TableSource:
    """Deal the units into folds, and have each fold's rows scored by a model trained on the others' rows.

    Parameters
    ----------
    reference : the rows that are scored
    training : the rows that may be learned from
    folds : at least 2
    probabilities : whether scores are declared to be some, so that none may lie outside [0, 1]

    Returns
    -------
    The reference's rows that have a unit, fold by fold, with scores.

    Raises
    ------
    BaselineError
        Where the trainer fails or returns something else, or a fold has nothing to learn from.
    """
    if plan.unit is None or plan.score is None:
        raise BaselineError(
            "a by-unit profile needs [roles] unit, and scores: a trainer must know which rows belong together"
        )
    rows, learned = (pa.Table.from_batches(source.batches(), source.schema) for source in (reference, training))
    of_rows, of_learned = (_folds(table, plan.unit, plan.seed, folds) for table in (rows, learned))
    parts = []
    for fold in range(folds):
        held, others = (
            rows.filter(pa.array(of_rows == fold)),
            learned.filter(pa.array((of_learned != fold) & (of_learned >= 0))),
        )
        if not held.num_rows:
            continue
        if not others.num_rows:
            raise BaselineError(
                f"{training.name}: all rows are of one {plan.unit.column}, so none is left to learn from"
            )
        try:
            made = trainer(without_decimals(others), without_decimals(held))
        except Exception as error:
            raise BaselineError(f"model.trainer failed on fold {fold + 1} of {folds}: {one_line(error)}") from None
        parts.append(scored_by(made, held, plan.score, probabilities=probabilities))
    if not parts:
        raise BaselineError(f"{reference.name}: no row has a {plan.unit.column}")
    scores = np.concatenate([part[plan.score].to_numpy() for part in parts])
    if scores.size > 1 and np.unique(scores[~np.isnan(scores)]).size == 1:
        value = f"{scores[~np.isnan(scores)][0]:g}"
        raise BaselineError(f"model.trainer gave every row of every fold the same score, {value}: nothing is ranked")
    name = f"{reference.name}, scored without their own {plan.unit.column} in training ({folds} folds)"
    return TableSource(pa.concat_tables(parts, promote_options="default"), name=name, shown=name)


def _folds(table: pa.Table, unit: UnitPlan, seed: int, folds: int) -> NDArray[np.int64]:
    """Return the fold of each row's unit, -1 for rows without one; independent of the unit's group."""
    column = table[unit.column].combine_chunks()
    seeded = mix(hash_column(column) ^ seed_word(seed)) // np.uint64(UNIT_GROUPS)
    found = (seeded % np.uint64(folds)).astype(np.int64)
    return np.where(null_mask(column), -1, found)


def scored_by(made: Any, held: pa.Table, score: str, *, probabilities: bool = False) -> pa.Table:
    """Return the rows with what a trainer made of them in the column `score`. Raises BaselineError."""
    table = _with_scores(made, held, score)
    scores = table[score].to_numpy()
    known = scores[~np.isnan(scores)]
    if scores.size and not np.isfinite(known).any():
        raise BaselineError(f"model.trainer gave none of {scores.size:,} rows a score: all are null, NaN or infinite")
    outside = known[(known < 0) | (known > 1)]
    if probabilities and outside.size:
        raise BaselineError(
            f"model.trainer gave {outside.size:,} of {scores.size:,} rows a score outside [0, 1], such as "
            f'{outside[0]:g}, and [roles] score_kind is "probability"; return probabilities'
        )
    return table


def _with_scores(made: Any, held: pa.Table, score: str) -> pa.Table:
    if isinstance(made, pa.Table):
        if made.num_rows != held.num_rows or score not in made.column_names:
            raise BaselineError(
                f"model.trainer must return the {held.num_rows:,} rows it was given with a column {score!r}, and "
                f"returned {made.num_rows:,} with {', '.join(made.column_names)}"
            )
        at = made.schema.get_field_index(score)
        return made.set_column(at, score, pa.array(_as_scores(made[score].to_numpy())))
    scores = _as_scores(made)
    if scores.shape != (held.num_rows,):
        raise BaselineError(
            f"model.trainer must return one score a row, shape ({held.num_rows},), and returned shape {scores.shape}"
        )
    kept = held.drop_columns([score]) if score in held.column_names else held
    return kept.append_column(score, pa.array(scores))


def _as_scores(made: Any) -> NDArray[np.float64]:
    try:
        return np.array(made, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BaselineError(f"model.trainer must return one number a row: {one_line(error)}") from None
