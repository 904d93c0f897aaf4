"""The replay from end to end: rows, cut, options, gains, advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dawnwatch.config import Config
from dawnwatch.engines import open_data
from dawnwatch.errors import ConfigError
from dawnwatch.model.numbers import moment, plural
from dawnwatch.model.replay import Candidate, Replay, ReplayNeeds
from dawnwatch.monitoring.baselines import Progress, Scorer, as_baseline_error
from dawnwatch.monitoring.by_unit import Trainer
from dawnwatch.monitoring.replay.advice import advise, needs
from dawnwatch.monitoring.replay.arrival import Arrival, arrival_of
from dawnwatch.monitoring.replay.candidates import are_chances, candidate_of, measures_of, waiting_candidate
from dawnwatch.monitoring.replay.chain import chained
from dawnwatch.monitoring.replay.effort import Effort
from dawnwatch.monitoring.replay.judged import Judge
from dawnwatch.monitoring.replay.labelled import Labelled, labelled
from dawnwatch.monitoring.replay.options import earlier_models, recalibrations, retrainings, waiting_scores
from dawnwatch.monitoring.replay.slices import slices_of
from dawnwatch.stats.multiplicity import bonferroni_level

__all__ = ["CUTS", "WORTH", "replay"]

WORTH = 0.01
"""A gain of AUC below this does not matter, unless the user says otherwise."""
CUTS = 3
"""Blocks of the newer rows, unless the user says otherwise: enough to see a gain that came once."""


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
    cuts: int = CUTS,
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
        is called once for each window to learn from, for every block
    trained_by : what the trainer is, in words
    share : part of the labelled rows before the first cut, in (0, 1)
    cuts : blocks of about equal rows that the later ones are parted into by time, 1 or more; what is learned for a
        block is learned from earlier rows alone
    gap_hours : rows this long before a block are not learned from for it, as their labels would not have come
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
    scorer = Scorer.build(config, model)
    scores = waiting_scores(rows, config, scorer)
    chain = chained(rows, scores, config, share=share, gap_hours=gap_hours, cuts=cuts)
    first = chain.cuts[0]
    judge = Judge(chain, slices_of(first.learn, chain.judge, config), config)
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
        options += retrainings(trainer, trained_by, chain, past, config)
        if past is None:
            notes.append("no reference was given, so that retraining on it with the current rows was not replayed")
    chances = config.roles.score_kind == "probability"
    if chances and not are_chances(chain.after, *(cut.before for cut in chain.cuts)):
        chances = False
        notes.append("scores lie outside [0, 1] and are no chances: recalibrating was not replayed")
    elif not chances:
        notes.append('[roles] score_kind is "ranking", so scores are no chances: recalibrating was not replayed')
    metrics = measures_of(config, chances=chances)
    if chances:
        options += recalibrations(chain)
    one = config.performance.confidence
    # Ranking and calibration are two questions, each with its own candidates.
    ranked = sum(option.action != "recalibrate" for option in options)
    joint = {True: bonferroni_level(1 - one, ranked), False: bonferroni_level(1 - one, len(options) - ranked)}
    how = f"the deployed model as it is: {scorer.model_name or f'scores of column {config.roles.score}'}"
    candidates = [waiting_candidate(judge, metrics, how=how, chances=chances)]
    made: dict[str, Any] = {}
    for option in options:
        progress(option.name, 0, None)
        candidates.append(candidate_of(option, judge, metrics, 1 - joint[option.action != "recalibrate"], made))
    blocks = [cut.block for cut in chain.cuts]
    judged_to = blocks[-1].judged_to
    cut_at = blocks[0].begins_at
    unit = config.roles.unit
    of, now = ("label", judge.rows.labels.size) if judge.units is None else (f"{unit}", judge.units)

    # Of a population that is nearly used up nobody knows when, or whether, more will come.
    coming = unit is None or judge.units is None or judge.rows.keep_coming(unit, config.project.seed)

    def dated(found: ReplayNeeds) -> ReplayNeeds:
        return found.arriving(judged_to - cut_at, judged_to) if coming else found

    def lacking(candidate: Candidate) -> ReplayNeeds | None:
        gain = judge.left_out(made[candidate.name], "auc")
        confidence = candidate.joint_confidence or one
        found = None if gain is None else needs(gain, worth=worth, joint=confidence, of=of, now=now)
        return None if found is None else dated(found)

    few = None
    if judge.too_few_units is not None:
        few = dated(ReplayNeeds(of=of, now=now, more=config.significance.min_units - now, size=worth))
    return Replay(
        packet=packet,
        project=config.project.name,
        created_at=datetime.now(UTC),
        window=rows.name,
        window_rows=rows.rows,
        labelled_rows=rows.labels.size,
        cut_at=cut_at,
        gap_hours=gap_hours,
        blocks=blocks,
        learn_rows=first.learn.labels.size,
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


def _past(config: Config, reference: object | None) -> Labelled | None:
    """Return the labelled rows of the reference; None where there is none. Raises BaselineError."""
    path = config.path
    given = reference or path(config.data.training) or path(config.data.reference)
    if given is None:
        return None
    with as_baseline_error():
        return labelled(open_data(given, what="reference", types=_types(config)), config, timed=False)
