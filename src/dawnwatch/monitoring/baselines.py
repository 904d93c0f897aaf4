"""Opening and profiling what a current window is compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike, fspath
from typing import Any

from dawnwatch.config import Config
from dawnwatch.engines import SparkEngine, open_data
from dawnwatch.errors import BaselineError, DataError, did_you_mean
from dawnwatch.model.plan import Plan
from dawnwatch.model.times import per_second
from dawnwatch.model.window import Window
from dawnwatch.monitoring.by_unit import out_of_fold
from dawnwatch.profiling.coding import label_text
from dawnwatch.profiling.learn import SCORE_COLUMN, learn_plan
from dawnwatch.profiling.rescoring import rescored
from dawnwatch.profiling.run import DEFAULT_MEMORY, Mapped, profile_window
from dawnwatch.profiling.scoring import ScoredSource, load_model
from dawnwatch.sources.base import Source, TableSource, known_rows
from dawnwatch.sources.remembered import Remembered

__all__ = ["Baselines", "Progress", "Scorer", "as_baseline_error", "counted", "learn_baselines"]

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how many rows of it are done, and of how many where that is known."""


@dataclass(frozen=True)
class Scorer:
    """Where scores come from: the log's own column, else the model."""

    config: Config
    model: Any | None

    @classmethod
    def build(cls, config: Config, model: Any | None) -> Scorer:
        """Take the given model, else load the configured one."""
        if model is None and config.model.path:
            model = load_model(config.path(config.model.path) or "", config.model.trusted)
        elif isinstance(model, str | PathLike):
            model = load_model(fspath(model), config.model.trusted)
        return cls(config, model)

    def column(self, reference: Source) -> str | None:
        """Name of the score column every window gets; None where there is neither log nor model."""
        name = self.config.roles.score
        if name and (name in reference.schema.names or self.model is not None):
            return name
        if name:
            raise BaselineError(
                f"{reference.name}: no score column {name!r}, which [roles] score names, and no [model] path to "
                f"compute it.{did_you_mean(name, reference.schema.names)}"
            )
        if self.model is None:
            return None
        return next(n for n in (SCORE_COLUMN, f"model {SCORE_COLUMN}") if n not in reference.schema.names)

    def score(self, source: Source, column: str | None) -> Source:
        """Return the source with scores, computed only for rows for which the log has none."""
        if column is None or self.model is None:
            return source
        positive = label_text(self.config.labels.positive)
        return ScoredSource(source, self.model, self.config.model.features, positive, column)

    def again(self, window: Window, source: Source) -> Window:
        """Return the window with the model's scores beside the logged ones of its sample, where there are both.

        Parameters
        ----------
        source : what `score` returned and the window was profiled from
        """
        if self.model is None or self.config.roles.score is None:
            return window
        if isinstance(source, ScoredSource) and not source.logged:
            return replace(window, rescore_fault=f"the log has no score column {self.config.roles.score!r}")
        if isinstance(source, ScoredSource) and 2 * source.filled > window.profile.rows:
            return replace(
                window, rescore_fault=f"{source.filled:,} of {window.profile.rows:,} rows have no logged score"
            )
        return rescored(window, self.model, self.config.model.features, label_text(self.config.labels.positive))

    @property
    def model_name(self) -> str | None:
        """Path or type of the model; None where there is none."""
        return None if self.model is None else self.config.model.path or _kind(self.model)

    def describe(self, source: Source) -> str:
        """Say where the scores of a source come from, once it has been read."""
        version = f", version {self.config.model.version}" if self.config.model.version else ""
        model = f"the model's ({self.model_name}{version})"
        if isinstance(source, ScoredSource) and not source.logged:
            return f"{model}: the log has no score column"
        if self.config.roles.score not in source.schema.names:
            return "none"
        logged = f"logged (column {self.config.roles.score})"
        filled = source.filled if isinstance(source, ScoredSource) else 0
        return f"{logged}; {model} for {filled:,} rows without a logged one" if filled else logged


def _kind(model: Any) -> str:
    """Name a model by its type; a pipeline by its last step."""
    steps = getattr(model, "steps", None)
    return f"{type(steps[-1][1]).__name__} pipeline" if steps else getattr(model, "__name__", type(model).__name__)


@dataclass(frozen=True)
class Baselines:
    """What was learned from the reference."""

    plan: Plan
    scorer: Scorer
    drift: Window
    performance: Window
    performance_text: str
    training: Window | None
    score_source: str
    warnings: list[str]
    by_unit: Window | None = None
    """Rows of the reference, or of other whole units, scored by models that never learned from their units."""


def learn_baselines(
    config: Config,
    model: Any | None,
    reference: object,
    holdout: object | None,
    training: object | None,
    progress: Progress,
    memory: int = DEFAULT_MEMORY,
    engine: SparkEngine | None = None,
    by_unit: object | None = None,
) -> Baselines:
    """Open, check and profile the three things called reference, and what tells of new units.

    Parameters
    ----------
    memory : bytes the run may take; a reference that fits in a quarter of it is decoded once
    engine : where paths are read; this machine where None
    by_unit : a trainer, or rows of whole units that the model never learned from (see `Monitor.fit`)

    Raises
    ------
    BaselineError
        Where one of them cannot be read or cannot serve.
    """
    exact = config.performance.exact_rows
    # Repeats are judged in the current window only, and finding them sorts every key.
    profiled = partial(profile_window, find_repeats=False, memory=memory)
    types = {name: column.type for name, column in config.columns.items() if column.type}
    opened = partial(open_data, types=types, engine=engine)
    with as_baseline_error():
        drift_source = _remembered(opened(reference, what="reference"), memory // 4)
        scorer = Scorer.build(config, model)
        column = scorer.column(drift_source)
        held = drift_source
        if holdout is not None:
            held = _remembered(opened(holdout, what="holdout"), memory // 8)
        trained = None if training is None else opened(training, what="training rows")
        scored = scorer.score(held, column)
        progress("learning the bins from the reference", 0, None)
        plan = learn_plan(config, drift_source, scored, trained, column)
        performance = profiled(
            scored, plan, exact_rows=exact, progress=counted(progress, "profiling the performance baseline", scored)
        )
        performance = scorer.again(performance, scored)
        drift = performance
        if holdout is not None:
            drift = profiled(
                drift_source,
                plan,
                exact_rows=0,
                progress=counted(progress, "profiling the drift baseline", drift_source),
            )
        rows = None if trained is None else profiled(trained, plan, exact_rows=0)
        new_units = None
        if by_unit is not None:
            if callable(by_unit):
                progress("training without each fold of units", 0, None)
                folds = config.model.folds
                chances = config.roles.score_kind == "probability"
                learned = trained or drift_source
                strange: Source = out_of_fold(drift_source, learned, plan, by_unit, folds=folds, probabilities=chances)
            else:
                strange = scorer.score(opened(by_unit, what="by-unit rows"), column)
            new_units = profiled(strange, plan, exact_rows=0)
    text = config.data.holdout_kind or f"the holdout {held.name}"
    _require_label_times(config, drift, drift_source.name)
    warnings = _no_times(config, drift)
    if holdout is None:
        text = "the reference itself"
        if plan.label and plan.score:
            warnings.append(
                "the performance baseline is the reference itself; if the model learned from these rows they "
                "flatter it: give rows it never saw as [data] holdout"
            )
    return Baselines(plan, scorer, drift, performance, text, rows, scorer.describe(scored), warnings, new_units)


def _require_label_times(config: Config, reference: Window, where: str) -> None:
    """Raise BaselineError where the column that says when labels came holds numbers that are no times.

    An empty one is no fault: in the reference, labels may have come nobody noted when.
    """
    name = config.roles.label_time
    if name is None or name in reference.plan.private:
        return
    moments = reference.profile.columns[name].moments
    if moments.low is None or moments.high is None or per_second(moments.low, moments.high) is not None:
        return
    raise BaselineError(
        f"{where}: column {name!r}, which roles.label_time names in the configuration, holds numbers from "
        f"{moments.low:g} to {moments.high:g}, which are no times between 1980 and 2100; name the column that says "
        "when a row's label came"
    )


def _no_times(config: Config, reference: Window) -> list[str]:
    """Say where the time column holds no times, since nothing that needs them would say so by itself."""
    name = config.roles.timestamp
    if name is None or name in reference.plan.private:
        return []
    moments = reference.profile.columns[name].moments
    if moments.low is not None and moments.high is not None and per_second(moments.low, moments.high) is not None:
        return []
    return [
        f"[roles] timestamp names {name!r}, which in the reference holds no times between 1980 and 2100: windows are "
        "in the order they were judged, and nothing is dated by its rows"
    ]


def counted(progress: Progress, step: str, source: Source) -> Callable[[int], None]:
    """Return a callback that tells how far the reading of a source is."""
    rows = known_rows(source)
    return lambda done: progress(step, done, rows)


def _remembered(source: Source, memory: int) -> Source:
    """Keep what is small in memory: bins, labels and counts each read the rows again."""
    return source if isinstance(source, Mapped | TableSource) else Remembered(source, memory)


@contextmanager
def as_baseline_error() -> Iterator[None]:
    """A reference that cannot be read is a fault of the command, not of the current window."""
    try:
        yield
    except DataError as error:
        raise BaselineError(str(error)) from None
