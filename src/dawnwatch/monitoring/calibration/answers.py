"""`calibrate`: from a reference's own past to what each threshold costs, what it finds, and what it should be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.engines import open_data
from dawnwatch.errors import BaselineError, UsageError
from dawnwatch.model.calibration import (
    ThresholdCalibration,
    ThresholdName,
)
from dawnwatch.monitoring.baselines import Progress, as_baseline_error, counted, learn_baselines
from dawnwatch.monitoring.calibration.answer import Answer
from dawnwatch.monitoring.calibration.cut import cut
from dawnwatch.monitoring.calibration.found import Incidents, probed
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.monitoring.calibration.judged import Judge, Subject
from dawnwatch.monitoring.calibration.schedule import Schedule, blocks_of
from dawnwatch.monitoring.calibration.suggest import floors_of
from dawnwatch.monitoring.calibration.tally import Tally
from dawnwatch.profiling.run import DEFAULT_MEMORY
from dawnwatch.sources.remembered import Remembered

__all__ = ["DRAWS", "QUARTERLY", "calibrate"]

DRAWS, INJECTED, LEAST_DRAWS = 700, 80, 50
MOST = 20
"""Times the rows it is drawn from that a window may hold: each drawn row would stand in it that often."""
QUARTERLY = 4.0
"""False pages a year that are wanted at most: one a quarter."""


def calibrate(
    config: Config,
    plan: Schedule,
    reference: object | None = None,
    *,
    holdout: object | None = None,
    training: object | None = None,
    model: Any | None = None,
    draws: int = DRAWS,
    injected: int = INJECTED,
    budget: float = QUARTERLY,
    floors: Mapping[ThresholdName, float] | None = None,
    seed: int | None = None,
    progress: Progress = lambda step, done, total: None,
    memory: int = DEFAULT_MEMORY,
) -> ThresholdCalibration:
    """Return what each threshold costs in false alarms, what it finds, and what it should be for a wanted budget.

    Parameters
    ----------
    plan : how production cuts its windows, and how often
    reference, holdout, training, model : as in `Monitor.fit`; by default the configured ones
    draws : windows drawn in which nothing happened
    injected : into how many of them incidents of growing size are put as well
    budget : false pages a year that are wanted at most, shared equally by the thresholds that page
    floors : sizes below which nothing matters, by threshold; by default those of [calibrate]
    seed : of all draws; by default that of the project

    Raises
    ------
    BaselineError, ConfigError, UsageError
        Where the reference cannot be cut into windows.
    DataError
        Where it cannot be read.
    """
    seed = config.project.seed if seed is None else seed
    if draws < LEAST_DRAWS:
        raise UsageError(f"--draws must be at least {LEAST_DRAWS}; got {draws}")
    history, name = _history(config, plan, reference, holdout, training, model, progress, memory)
    judge = Judge(history, config)
    drawn = Tally(judge)
    incidents = {subject: Incidents(subject, rows) for subject, rows in _shares(history).items()}
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        measures = judge.judged(rng)
        drawn.add(measures)
        if draw < injected:
            for subject, row in probed(incidents, judge, measures, rng).items():
                drawn.rows.setdefault(subject, []).append(row)
        progress("drawing windows", draw + 1, draws)
    return Answer(
        config,
        plan,
        history,
        drawn,
        incidents,
        seed,
        budget,
        {**floors_of(config), **(floors or {})},
        name,
        min(injected, draws),
    ).calibration(progress)


def _history(
    config: Config,
    plan: Schedule,
    reference: object | None,
    holdout: object | None,
    training: object | None,
    model: Any | None,
    progress: Progress,
    memory: int,
) -> tuple[History, str]:
    """Learn the baselines as a run does, and cut them by the schedule."""
    data, path = config.data, config.path
    given = {"reference": (reference, data.reference), "holdout": (holdout, data.holdout)}
    chosen = {name: path(named) if one is None else one for name, (one, named) in given.items()}
    training = path(data.training) if training is None else training
    if chosen["reference"] is None:
        raise UsageError("no reference to draw windows from: give one with --reference, or set [data] reference")
    types = {name: column.type for name, column in config.columns.items() if column.type}
    with as_baseline_error():
        opened = {
            name: None if one is None else Remembered(open_data(one, what=name, types=types), memory // 8)
            for name, one in chosen.items()
        }
        source, held = opened["reference"], opened["holdout"]
        assert source is not None  # noqa: S101
        baselines = learn_baselines(config, model, source, held, training, progress, memory)
        blocks = blocks_of(source, config.roles.timestamp, plan, baselines.drift.profile.rows)
        scored = baselines.scorer.score(source if held is None else held, baselines.plan.score)
        cutting = "cutting the reference into windows"
        data_of = partial(cut, plan=baselines.plan, blocks=blocks, features=config.watched)
        first = data_of(scored if held is None else source, progress=counted(progress, cutting, source))
        second = first if held is None else cut(scored, baselines.plan, blocks, [])
    rows = plan.rows or round(first.total * blocks.length / blocks.count)
    for name, pool in ((source.name, first), (source.name if held is None else held.name, second)):
        if rows > MOST * pool.total:
            raise BaselineError(
                f"a window of {rows:,} rows is over {MOST} times the {pool.total:,} rows of {name}, which say nothing "
                "of one so large: give a smaller --window, or more rows"
            )
    return History(baselines.plan, blocks, first, second, rows), source.name


def _shares(history: History) -> dict[Subject, NDArray[np.int64]]:
    """Return the reference's rows of every subject that incidents can be put into."""
    found = {Subject("psi", name): cells.whole().sum(axis=0) for name, cells in history.data.features.items()}
    found[Subject("auc_drop", "overall")] = history.scored.scores.whole().sum(axis=0)
    for column, cells in history.scored.slices.items():
        binning = history.plan.column(column).binning
        for code, value in enumerate(binning.names if binning else ()):
            found[Subject("auc_drop", f"{column} = {value}")] = cells.whole().sum(axis=0)[code]
    return found
