"""The replay from end to end: rows, cut, options, gains, advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dawnwatch.config import Config
from dawnwatch.engines import open_data
from dawnwatch.errors import ConfigError, DataError, DawnwatchError, one_line
from dawnwatch.model.numbers import moment, plural
from dawnwatch.model.replay import Candidate, Metric, Replay, ReplayNeeds
from dawnwatch.monitoring.baselines import Progress, Scorer, as_baseline_error
from dawnwatch.monitoring.by_unit import Trainer
from dawnwatch.monitoring.facts import moment_at
from dawnwatch.monitoring.replay.advice import advise, needs
from dawnwatch.monitoring.replay.arrival import Arrival, arrival_of
from dawnwatch.monitoring.replay.effort import Effort
from dawnwatch.monitoring.replay.judged import Judge
from dawnwatch.monitoring.replay.labelled import Labelled, Split, labelled, split
from dawnwatch.monitoring.replay.options import (
    Made,
    Option,
    earlier_models,
    recalibrations,
    retrainings,
    waiting_scores,
    windows,
)
from dawnwatch.monitoring.replay.slices import slices_of
from dawnwatch.stats.multiplicity import bonferroni_level

__all__ = ["WORTH", "replay"]

WORTH = 0.01
"""A gain of AUC below this does not matter, unless the user says otherwise."""
RANKS: list[Metric] = ["auc"]
CHANCES: list[Metric] = ["auc", "log_loss", "brier", "ece"]


def replay(
    config: Config,
    *,
    current: object | None = None,
    reference: object | None = None,
    model: Any | None = None,
    earlier: Mapping[str, Any] | None = None,
    trainer: Trainer | None = None,
    trained_by: str = "the given trainer",
    share: float = 0.5,
    gap_hours: float = 0.0,
    worth: float = WORTH,
    packet: str | None = None,
    arrival: Arrival | None = None,
    not_run: list[str] | None = None,
    progress: Progress = lambda step, rows, total: None,
) -> Replay:
    """Replay each action on the newest labelled rows, in time order.

    Parameters
    ----------
    current, reference : as `Monitor` takes them; by default the configured ones. The reference is only read where
        there is a trainer, which may then learn from it, too: [data] training where that is set.
    model : the deployed model; by default the configured one, or the log's own scores
    earlier : models that one could roll back to, by name
    trainer : function of (rows to learn from, later rows), both pyarrow Tables, that returns the latter's scores; it
        is called once for each window to learn from
    trained_by : what the trainer is, in words
    share : part of the labelled rows before the cut, in (0, 1)
    gap_hours : rows this long before the cut are not learned from, as their labels would not have come
    worth : smallest gain of AUC that matters
    packet, not_run : kept with the answer
    arrival : how labels come, as the packet found; by default as the configuration says

    Raises
    ------
    ConfigError, DataError
        Where nothing can be judged. An option that cannot be is a candidate with a reason.
    """
    progress("reading the labelled rows", 0, None)
    path = config.path
    given = path(config.data.current) if current is None else current
    if given is None:
        raise ConfigError("no current window: give one with --current, or set [data] current")
    source = open_data(given, what="current window", types=_types(config))
    arrival = arrival or arrival_of(config, None)
    last = arrival.last(source.name)
    rows = labelled(source, config, until=None if last is None else last.timestamp())
    cut = split(rows, share=share, gap_hours=gap_hours)
    scorer = Scorer.build(config, model)
    before, after = (waiting_scores(part, config, scorer) for part in (cut.learn, cut.judge))
    judge, waiting = _judged(cut, after, config)
    options = earlier_models(earlier or {}, judge.rows, config)
    notes = []
    if rows.aged < rows.rows and last is not None:
        notes.append(
            f"{plural(rows.rows - rows.aged, 'row')} later than {moment(last)}, or without a time, left out: their "
            "labels have not had the time to come"
        )
    if trainer is not None:
        progress("reading the reference", 0, None)
        past = _past(config, reference)
        options += retrainings(trainer, trained_by, Split(cut.learn, judge.rows, cut.at), windows(cut, past), config)
        if past is None:
            notes.append("no reference was given, so that retraining on it with the current rows was not replayed")
    chances = config.roles.score_kind == "probability"
    if chances and not _chances(before, waiting):
        chances = False
        notes.append("scores lie outside [0, 1] and are no chances: recalibrating was not replayed")
    elif not chances:
        notes.append('[roles] score_kind is "ranking", so scores are no chances: recalibrating was not replayed')
    answers = _answers(config)
    metrics = [*(CHANCES if chances else RANKS), *answers]
    if chances:
        options += recalibrations(Split(cut.learn, judge.rows, cut.at), before, waiting)
    one = config.performance.confidence
    # Ranking and calibration are two questions, each with its own candidates.
    ranked = sum(option.action != "recalibrate" for option in options)
    joint = {True: bonferroni_level(1 - one, ranked), False: bonferroni_level(1 - one, len(options) - ranked)}
    first = Candidate(
        name="wait",
        action="wait",
        how=f"the deployed model as it is: {scorer.model_name or f'scores of column {config.roles.score}'}",
        gains=judge.waiting(metrics),
        slices=judge.waiting_slices,
        reliability=judge.waiting_reliability if chances else [],
    )
    if first.gain("auc") is None:
        raise DataError(
            f"{rows.name}: without some of its units the judged rows hold one class of label alone, so no AUC can be "
            "compared; take a longer window"
        )
    scores: dict[str, Any] = {}
    candidates = [first]
    for option in options:
        progress(option.name, 0, None)
        candidates.append(_candidate(option, judge, metrics, 1 - joint[option.action != "recalibrate"], scores))
    times = judge.rows.seconds
    assert times is not None  # noqa: S101 - a window that was cut has times
    judged_to = moment_at(float(times[-1]))
    unit = config.roles.unit
    of, now = ("label", judge.rows.labels.size) if judge.units is None else (f"{unit}", judge.units)

    def lacking(candidate: Candidate) -> ReplayNeeds | None:
        gain = judge.left_out(scores[candidate.name], "auc")
        confidence = candidate.joint_confidence or one
        found = None if gain is None else needs(gain, worth=worth, joint=confidence, of=of, now=now)
        return None if found is None else found.arriving(judged_to - moment_at(cut.at), judged_to)

    few = None
    if judge.too_few_units is not None:
        few = ReplayNeeds(of=of, now=now, more=config.significance.min_units - now, size=worth)
        few = few.arriving(judged_to - moment_at(cut.at), judged_to)
    return Replay(
        packet=packet,
        project=config.project.name,
        created_at=datetime.now(UTC),
        window=rows.name,
        window_rows=rows.rows,
        labelled_rows=rows.labels.size,
        cut_at=moment_at(cut.at),
        gap_hours=gap_hours,
        learn_rows=cut.learn.labels.size,
        judged_rows=judge.rows.labels.size,
        judged_positives=int(judge.rows.labels.sum()),
        judged_to=judged_to,
        unit=unit,
        units=judge.units,
        confidence=one,
        worth=worth,
        candidates=candidates,
        advice=advise(
            candidates,
            worth=worth,
            effort=Effort(config),
            lacking=lacking,
            too_few=few,
            unsettled=arrival.unsettled(rows),
        ),
        not_run=not_run or [],
        notes=notes,
    )


def _types(config: Config) -> dict[str, str]:
    return {name: column.type for name, column in config.columns.items() if column.type}


def _judged(cut: Split, scores: Any, config: Config) -> tuple[Judge, Any]:
    """Return the rows that the deployed model scored, and its scores. Raises DataError where they cannot be judged."""
    rows, known = cut.judge, np.isfinite(scores)
    labels = rows.labels[known]
    if not labels.size or labels.min() == labels.max():
        raise DataError(
            f"{rows.name}: of {rows.labels.size:,} labelled rows after the cut {labels.size:,} have a score, not of "
            "both classes, so no AUC can be taken"
        )
    kept = rows.only(known)
    return Judge(kept, scores[known], slices_of(cut.learn, kept, config), config), scores[known]


def _past(config: Config, reference: object | None) -> Labelled | None:
    """Return the labelled rows of the reference; None where there is none. Raises BaselineError."""
    path = config.path
    given = reference or path(config.data.training) or path(config.data.reference)
    if given is None:
        return None
    with as_baseline_error():
        return labelled(open_data(given, what="reference", types=_types(config)), config, timed=False)


def _answers(config: Config) -> list[Metric]:
    """Return the measures of the answers at the threshold, where there is one; costs where they are known."""
    if config.model.threshold is None:
        return []
    return ["precision", "recall", *(["cost"] if config.costs.false_positive is not None else [])]  # type: ignore[list-item]


def _chances(*scores: Any) -> bool:
    return all(bool(((part >= 0) & (part <= 1))[np.isfinite(part)].all()) for part in scores)


def _candidate(option: Option, judge: Judge, metrics: list[Metric], joint: float, kept: dict[str, Any]) -> Candidate:
    """Replay one option; one that cannot be is a candidate with a reason."""
    try:
        made: Made = option.make()
        if not np.isfinite(made.scores).any():
            raise DataError("it scored no row")
        # What are no chances have no log loss; a threshold on them is the user's word.
        measures = metrics if _chances(made.scores) else [one for one in metrics if one not in CHANCES[1:]]
        leading: Metric = "log_loss" if option.action == "recalibrate" else "auc"
        gains = judge.gains(made.scores, measures, leading, joint)
        slices = judge.slices(made.scores)
        levels = judge.reliability(made.scores) if option.action == "recalibrate" else []
    except DawnwatchError as error:
        return Candidate(name=option.name, action=option.action, how=option.how, reason=one_line(error))
    kept[option.name] = made.scores
    learned = made.learned
    times = None if learned is None else learned.seconds
    return Candidate(
        name=option.name,
        action=option.action,
        how=option.how,
        learned_rows=None if learned is None else learned.labels.size,
        learned_from=None if times is None else moment_at(float(times[0])),
        learned_to=None if times is None else moment_at(float(times[-1])),
        gains=gains,
        joint_confidence=joint,
        slices=slices,
        reliability=levels,
        reason=None if gains else "the rows it scored hold too few units of both classes",
    )
