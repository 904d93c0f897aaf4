"""What could be done, each as a function of the rows before every block to scores of the block's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.errors import BaselineError, ConfigError, DataError, one_line
from dawnwatch.model.replay import ReplayAction
from dawnwatch.monitoring.baselines import Scorer
from dawnwatch.monitoring.by_unit import Trainer, scored_by
from dawnwatch.monitoring.replay.chain import Chain, Cut
from dawnwatch.monitoring.replay.labelled import Labelled
from dawnwatch.profiling.arrow import numbers
from dawnwatch.profiling.coding import label_text
from dawnwatch.profiling.learn import SCORE_COLUMN
from dawnwatch.profiling.scoring import ScoredSource
from dawnwatch.sources.base import TableSource
from dawnwatch.stats.recalibration import fit_isotonic, fit_platt

__all__ = ["Made", "Option", "earlier_models", "recalibrations", "retrainings", "waiting_scores", "windows"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """Scores of the judged rows, NaN where a row could not be scored, and for each block the rows learned from.

    The latter is empty where nothing was learned.
    """

    scores: Floats
    learned: list[Labelled] = field(default_factory=list)


@dataclass(frozen=True)
class Option:
    """An action that can be replayed.

    Attributes
    ----------
    make : what replays it; raises DawnwatchError where it cannot be
    """

    name: str
    action: ReplayAction
    how: str
    make: Callable[[], Made]


def waiting_scores(rows: Labelled, config: Config, scorer: Scorer) -> Floats:
    """Return the deployed model's scores: those the log has, else what the model gives; NaN where there is none.

    Raises
    ------
    ConfigError
        Where there is neither.
    """
    name = config.roles.score
    if scorer.model is None:
        if name is None or name not in rows.table.column_names:
            raise ConfigError(
                "waiting cannot be judged: the log has no score column that [roles] score names, and no [model] path "
                "leads to the deployed model"
            )
        return numbers(rows.table[name].combine_chunks())
    column = name or _free(rows.table)
    source = scorer.score(TableSource(rows.table, name=rows.name, shown=rows.name), column)
    return _scores_of(source, column, rows.name, config)


def earlier_models(earlier: Mapping[str, Any], rows: Labelled, config: Config) -> list[Option]:
    """Return rolling back to each of these models, by name."""
    return [
        Option(name, "rollback", "an earlier model, as it is", _asking(model, rows, config))
        for name, model in earlier.items()
    ]


def windows(cut: Cut, reference: Labelled | None) -> dict[str, Labelled]:
    """Return what may be learned from for a block, by name.

    The newer half of the rows before it, all of them, and all with the reference's before them.

    Parameters
    ----------
    reference : its rows from before the window; None where there are none
    """
    learn = cut.learn
    seconds = learn.seconds
    assert seconds is not None  # noqa: S101 - a window that was cut has times
    found = {
        "newest half": learn.between(int(np.searchsorted(seconds, np.median(seconds), "left")), seconds.size),
        "current": learn,
    }
    if reference is not None:
        table = pa.concat_tables([reference.table, learn.table], promote_options="permissive")
        times = None if reference.seconds is None else np.concatenate([reference.seconds, seconds])
        labels = np.concatenate([reference.labels, learn.labels])
        found["reference + current"] = Labelled("reference and current", table, labels, times, labels.size)
    return found


def retrainings(trainer: Trainer, how: str, chain: Chain, reference: Labelled | None, config: Config) -> list[Option]:
    """Return training anew on each of the `windows`, once for every block."""
    first = chain.cuts[0].learn.seconds
    if reference is not None and reference.seconds is not None and first is not None:
        # What overlaps with the window would be learned twice, or be later than a cut.
        reference = reference.only(reference.seconds < first[0])
    past = reference if reference is not None and reference.labels.size else None
    learnable = [windows(cut, past) for cut in chain.cuts]

    def retrained(cut: Cut, rows: Labelled) -> Floats:
        if rows.labels.min() == rows.labels.max():
            raise DataError(f"its {rows.labels.size:,} rows to learn from all have the same label")
        # A score the log holds is the deployed model's, and no feature.
        score = config.roles.score or _free(cut.judge.table)
        learn, judge = (_without(table, score) for table in (rows.table, cut.judge.table))
        try:
            made = trainer(learn, judge)
        except Exception as error:
            raise DataError(f"the trainer failed: {_told(error, config)}") from None
        try:
            scored = scored_by(made, judge, score)
            return numbers(scored[score].combine_chunks())
        except BaselineError as error:
            raise DataError(one_line(error)) from None
        except (pa.ArrowException, ValueError, TypeError) as error:
            raise DataError(f"the trainer returned what are no scores: {_told(error, config)}") from None

    def option(name: str) -> Option:
        own = [found[name] for found in learnable]

        def made() -> Made:
            return Made(_each(chain, lambda at, cut: retrained(cut, own[at])), own)

        return Option(f"retrain on {name}", "retrain", how, made)

    return [option(name) for name in learnable[0]]


def recalibrations(chain: Chain) -> list[Option]:
    """Return both ways of learning anew what chance a score stands for, from the labels before every block."""

    def mapped(cut: Cut, fit: Callable[..., Callable[..., Floats] | None]) -> Floats:
        known = np.isfinite(cut.before)
        labels, scores = cut.learn.labels[known], cut.before[known]
        found, line = fit(labels, scores), fit_platt(labels, scores)
        if found is None or line is None:
            raise DataError(f"the {int(known.sum()):,} rows before the cut all have the same label")
        if line.slope <= 0:  # a falling curve would turn the ranking round, and a rising one would be flat
            raise DataError(
                "before the cut higher scores come true less often than lower ones: the order turned, which is a "
                "changed concept and no matter of calibration"
            )
        return found(cut.after)

    def option(name: str, how: str, fit: Callable[..., Callable[..., Floats] | None]) -> Option:
        def made() -> Made:
            learned = [cut.learn.only(np.isfinite(cut.before)) for cut in chain.cuts]
            return Made(_each(chain, lambda _, cut: mapped(cut, fit)), learned)

        return Option(f"recalibrate ({name})", "recalibrate", how, made)

    return [
        option("Platt", "a logistic curve over the scores", fit_platt),
        option("isotonic", "a rising step curve over the scores", fit_isotonic),
    ]


def _each(chain: Chain, scores: Callable[[int, Cut], Floats]) -> Floats:
    """Return the scores of every block, one after the other. Raises DataError, naming the block that has none."""
    found = []
    for at, cut in enumerate(chain.cuts):
        try:
            found.append(scores(at, cut))
        except DataError as error:
            raise DataError(f"{chain.within(at)}{one_line(error)}") from None
    return np.concatenate(found)


def _told(error: Exception, config: Config) -> str:
    """Return a foreign message; its type alone where it may quote a value that must not be shown."""
    if any(column.private for column in config.columns.values()):
        return f"{type(error).__name__} (its message may quote a private column)"
    return one_line(error)


def _asking(model: Any, rows: Labelled, config: Config) -> Callable[[], Made]:
    def asked() -> Made:
        column = _free(rows.table)
        table = _without(rows.table, config.roles.score) if config.roles.score else rows.table
        features = config.model.features
        if callable(model) and not hasattr(model, "predict_proba") and not hasattr(model, "decision_function"):
            features = _asked_for(model, features)
        source = ScoredSource(
            TableSource(table, name=rows.name, shown=rows.name),
            model,
            features,
            label_text(config.labels.positive),
            column,
        )
        return Made(_scores_of(source, column, rows.name, config))

    return asked


def _asked_for(model: Any, features: list[str]) -> list[str]:
    """Return the features that a callable is given: those it names itself, such as none for every column."""
    own = getattr(model, "features", None)
    return features if own is None else list(own)


def _scores_of(source: Any, column: str, name: str, config: Config) -> Floats:
    parts = [batch.column(batch.schema.get_field_index(column)) for batch in source.batches()]
    scores = np.concatenate([numbers(part) for part in parts])
    if isinstance(source, ScoredSource):
        private = any(entry.private for entry in config.columns.values())
        fault = source.fault(private=private)
        if fault is not None:
            raise DataError(f"{name}: {fault}")
        if source.logged:
            filled = np.concatenate([numbers(batch.column(batch.num_columns - 1)) for batch in source.batches()])
            scores = np.where(np.isfinite(scores), scores, filled)
    return scores


def _without(table: pa.Table, name: str) -> pa.Table:
    return table.drop_columns([name]) if name in table.column_names else table


def _free(table: pa.Table) -> str:
    return next(
        name for name in (SCORE_COLUMN, f"model {SCORE_COLUMN}", "(replayed score)") if name not in table.column_names
    )
