"""`calibrate`: from a reference's own past to what each threshold costs, what it finds, and what it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.engines import open_data
from dawnwatch.errors import UsageError
from dawnwatch.model.calibration import (
    CheckCalibration,
    Rate,
    Seasons,
    Setting,
    Suggestion,
    ThresholdCalibration,
    ThresholdName,
)
from dawnwatch.model.enums import Severity
from dawnwatch.model.measurement import Measured
from dawnwatch.model.numbers import duration
from dawnwatch.monitoring.baselines import Progress, as_baseline_error, counted, learn_baselines
from dawnwatch.monitoring.calibration.cut import cut
from dawnwatch.monitoring.calibration.drawn import pair
from dawnwatch.monitoring.calibration.found import Incidents, Row, missing_found
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.monitoring.calibration.judged import Measures, Subject, judged, severity_of, size_of
from dawnwatch.monitoring.calibration.schedule import Schedule, blocks_of
from dawnwatch.monitoring.calibration.suggest import FLOORS, Family, families, moved, rate, suggested, threshold_of
from dawnwatch.monitoring.calibration.words import because, cautions
from dawnwatch.profiling.run import DEFAULT_MEMORY
from dawnwatch.sources.remembered import Remembered
from dawnwatch.stats.jackknife import ClusteredDrop
from dawnwatch.stats.resampling import TimeEffect
from dawnwatch.stats.shift import Shift
from dawnwatch.stats.trade_off import chance_interval, variance_factors

__all__ = ["DRAWS", "QUARTERLY", "calibrate"]

DRAWS, INJECTED, LEAST_DRAWS = 700, 80, 50
QUARTERLY = 4.0
"""False pages a year that are wanted at most: one a quarter."""
JUDGED = 150
"""Windows in which something was found whose severity is asked for; of more, these are taken to be typical."""
CURVE: dict[ThresholdName, NDArray[np.float64]] = {
    "psi": np.geomspace(0.01, 1.0, 25),
    "auc_drop": np.geomspace(0.005, 0.2, 25),
    "missing": np.geomspace(0.001, 0.5, 25),
}
Floats = NDArray[np.float64]


@dataclass
class _Drawn:
    """What came of all drawn windows, by subject.

    Attributes
    ----------
    sizes : measured, NaN where it could not be, shape (draws,) each
    counted : the same, 0 where it did not count as more than chance
    errors : relative standard error of the variance behind the sizes, of each draw
    rows : what each window measured of incidents put into it
    """

    sizes: dict[Subject, list[float]] = field(default_factory=dict)
    counted: dict[Subject, list[float]] = field(default_factory=dict)
    errors: dict[Subject, list[float]] = field(default_factory=dict)
    reasons: dict[Subject, str] = field(default_factory=dict)
    rows: dict[Subject, list[Row]] = field(default_factory=dict)

    def add(self, measures: Measures, draw: int) -> None:
        """Take what one window measured."""
        for subject, found in measures.subjects():
            size = size_of(found)
            # A slice may be absent from some windows.
            sizes = self.sizes.setdefault(subject, [np.nan] * draw)
            counted = self.counted.setdefault(subject, [0.0] * draw)
            sizes.append(np.nan if size is None else size)
            counted.append(size if size is not None and measures.evidence(found.measurement) >= 1 else 0.0)
            if size is None:
                self.reasons[subject] = getattr(found.measurement, "reason", "it could not be computed")
            elif isinstance(found.measurement, Measured):
                self.errors.setdefault(subject, []).append(_error(found.measurement))
        for subject, sizes in self.sizes.items():
            if len(sizes) == draw:
                sizes.append(np.nan)
                self.counted[subject].append(0.0)


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
    floors : sizes below which nothing matters, by threshold; by default `FLOORS`
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
    drawn = _Drawn()
    incidents = {subject: Incidents(subject, rows) for subject, rows in _shares(history).items()}
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        measures = judged(pair(history, config, rng))
        drawn.add(measures, draw)
        if draw < injected:
            for subject, found in measures.subjects():
                row = incidents[subject].probed(measures, found, rng) if subject in incidents else None
                if row is not None:
                    drawn.rows.setdefault(subject, []).append(row)
        progress("drawing windows", draw + 1, draws)
    return _Answer(
        config, plan, history, drawn, incidents, seed, budget, {**FLOORS, **(floors or {})}, name, min(injected, draws)
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


def _error(measurement: Measured) -> float:
    """Return the relative standard error of the variance behind a measurement."""
    chance = measurement.chance
    if isinstance(chance, Shift) and chance.denominator is not None:
        return sqrt(2 / (chance.degrees * max(chance.denominator, 1.0)))
    if isinstance(chance, ClusteredDrop):
        return sqrt(2 / max(chance.degrees, 1.0))
    return 0.0


@dataclass
class _Answer:
    """All that the answer is read off."""

    config: Config
    plan: Schedule
    history: History
    drawn: _Drawn
    incidents: Mapping[Subject, Incidents]
    seed: int
    budget: float
    floors: Mapping[ThresholdName, float]
    reference: str
    injected: int

    def __post_init__(self) -> None:
        self.sizes = {subject: np.array(sizes) for subject, sizes in self.drawn.sizes.items()}
        self.counted = {subject: np.array(sizes) for subject, sizes in self.drawn.counted.items()}
        self.responses = {
            subject: found
            for subject, rows in self.drawn.rows.items()
            if (found := self.incidents[subject].response(rows)) is not None
        }
        self.families = families([s for s, sizes in self.sizes.items() if not np.isnan(sizes).all()], self.config)

    def calibration(self, progress: Progress) -> ThresholdCalibration:
        """Put the answer together."""
        history = self.history
        progress("judging what was found", 0, None)
        suggestions = [self._suggestion(family) for family in self.families]
        values = {
            (s.threshold, s.column): (s.value, s.because)
            for s in suggestions
            if s.value is not None and s.value != s.now
        }
        pages = self._pages(self.config)
        units = history.data.all_units
        return ThresholdCalibration(
            project=self.config.project.name,
            window=f"{history.window:,} rows" if self.plan.span is None else duration(self.plan.span),
            window_rows=history.window,
            every_hours=self.plan.hours,
            runs_a_year=self.plan.runs,
            reference=self.reference,
            reference_rows=history.data.total,
            windows_held=history.blocks.windows,
            unit=self.config.roles.unit,
            units=None if units is None else units.units,
            staying=history.staying,
            draws=self.draws,
            injected=self.injected,
            seed=self.seed,
            budget=self.budget,
            pages=pages,
            pages_suggested=self._pages(moved(self.config, values)) if values else pages,
            checks=[self._check(subject, suggestions) for subject in sorted(self.sizes, key=_order)],
            suggestions=suggestions,
            cautions=cautions(history, self.config),
        )

    @property
    def draws(self) -> int:
        """Windows drawn."""
        return len(next(iter(self.sizes.values()), ()))

    def _factors(self, subject: Subject) -> tuple[float, float]:
        """Return by which factors sizes may be other ones: by the noise within windows, and the season between them."""
        errors, seasons = self.drawn.errors.get(subject), self._seasons(subject)
        within = float(np.median(errors)) if errors else 0.0
        between = seasons.error if seasons is not None and seasons.share > 0 else 0.0
        low, high = variance_factors(sqrt(within**2 + between**2))
        # A PSI goes with the variance of the shares, a fall or a share with its root.
        power = 1.0 if subject.threshold == "psi" else 0.5
        return low**power, high**power

    def _seasons(self, subject: Subject) -> TimeEffect | None:
        if subject.threshold == "psi":
            return self.history.of_features.get(subject.name)
        return self.history.of_missing.get(subject.name) if subject.threshold == "missing" else self.history.of_scores

    def _setting(self, subject: Subject, threshold: float) -> Setting:
        strictly = subject.threshold != "psi"
        found = self.responses.get(subject)
        alarms = rate(
            self.counted[subject], threshold, self.plan.runs, strictly=strictly, factors=self._factors(subject)
        )
        if subject.threshold == "missing":
            return Setting(
                threshold=threshold, false_alarms=alarms, found=missing_found(self.history.window, threshold)
            )
        return Setting(threshold=threshold, false_alarms=alarms, found=found.found(threshold) if found else [])

    def _check(self, subject: Subject, suggestions: Sequence[Suggestion]) -> CheckCalibration:
        sizes, seasons = self.sizes[subject], self._seasons(subject)
        if np.isnan(sizes).all():
            return CheckCalibration(
                threshold=subject.threshold, subject=subject.name, now=None, reason=self.drawn.reasons.get(subject)
            )
        now = threshold_of(subject, self.config)
        family = next(f for f in self.families if subject in f.subjects)
        value = next(s.value for s in suggestions if (s.threshold, s.column) == (family.threshold, family.column))
        tested = subject.threshold != "missing" and self.config.judge != "off"
        return CheckCalibration(
            threshold=subject.threshold,
            subject=subject.name,
            now=self._setting(subject, now),
            warn=self._setting(subject, self.config.psi_for(subject.name).yellow)
            if subject.threshold == "psi"
            else None,
            suggested=None if value is None else self._setting(subject, value),
            curve=[self._setting(subject, float(at)) for at in CURVE[subject.threshold]],
            largest=float(np.nanmax(sizes)),
            significant=float((self.counted[subject] != 0).mean()) if tested else None,
            seasons=None
            if seasons is None
            else Seasons(windows=seasons.windows, ratio=seasons.ratio, p_value=seasons.p_value, share=seasons.share),
            reason=self.drawn.reasons.get(subject),
        )

    def _suggestion(self, family: Family) -> Suggestion:
        paging = sum(1 for one in self.families if one.threshold != "missing")
        budget = self.budget / max(paging, 1)
        floor = self.floors[family.threshold]
        value, alarms, reason = suggested(
            family,
            self.counted,
            budget=budget,
            runs=self.plan.runs,
            floor=floor,
            factors=(
                min(self._factors(subject)[0] for subject in family.subjects),
                max(self._factors(subject)[1] for subject in family.subjects),
            ),
        )
        found = {s: self._setting(s, value).found for s in family.subjects} if value is not None else {}
        return Suggestion(
            threshold=family.threshold,
            column=family.column,
            now=family.now,
            value=value,
            floor=floor,
            budget=budget,
            false_alarms=alarms,
            because=because(
                family,
                value,
                alarms,
                found,
                floor=floor,
                budget=budget,
                hours=self.plan.hours,
                window=f"{self.history.window:,} rows",
                draws=self.draws,
                seed=self.seed,
            )
            if value is not None and alarms is not None
            else "",
            reason=reason,
        )

    def _pages(self, config: Config) -> Rate:
        """Return how often a run in which nothing happened calls someone, by the severity table in force."""
        runs, draws = self.plan.runs, self.draws
        least, most = np.zeros(draws), np.zeros(draws)
        flagged = np.zeros(draws, dtype=bool)
        for subject, sizes in self.sizes.items():
            limit = threshold_of(subject, config)
            warn = config.psi_for(subject.name).yellow if subject.threshold == "psi" else limit
            flagged |= np.nan_to_num(sizes) >= warn
            if subject.threshold != "missing":
                factors = self._factors(subject)
                least = np.maximum(least, self.counted[subject] / max(limit, 1e-12) * factors[0])
                most = np.maximum(most, self.counted[subject] / max(limit, 1e-12) * factors[1])
        there = np.flatnonzero(flagged)
        asked = there[np.linspace(0, there.size - 1, min(there.size, JUDGED)).astype(int)] if there.size else there
        called = sum(self._calls(int(draw), config) for draw in asked)
        times = round(called / max(asked.size, 1) * there.size)
        quiet = np.flatnonzero(~flagged)
        if quiet.size and self._calls(int(quiet[0]), config):
            # A table of the user's own may call someone whatever was found.
            times += int(quiet.size)
        low, high = chance_interval(times, draws)
        low = min(low, chance_interval(int((least >= 1).sum()), draws)[0])
        high = max(high, chance_interval(int((most >= 1).sum()), draws)[1])
        return Rate(a_year=times / draws * runs, interval=(low * runs, high * runs), times=times)

    def _calls(self, draw: int, config: Config) -> bool:
        """Draw a window again and judge it as a run is."""
        measures = judged(pair(self.history, config, np.random.default_rng([self.seed, draw])))
        return severity_of(measures, config).rank >= Severity.HIGH.rank


def _order(subject: Subject) -> tuple[int, bool, str]:
    return ["psi", "auc_drop", "missing"].index(subject.threshold), subject.name != "overall", subject.name
