"""What a threshold costs, what it finds and what it should be, read off all drawn windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
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
from dawnwatch.model.numbers import duration
from dawnwatch.monitoring.baselines import Progress
from dawnwatch.monitoring.calibration.found import Incidents, missing_found
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.monitoring.calibration.judged import Subject
from dawnwatch.monitoring.calibration.schedule import Schedule
from dawnwatch.monitoring.calibration.severity import Table
from dawnwatch.monitoring.calibration.suggest import Family, families, moved, rate, suggested, threshold_of, yellow_with
from dawnwatch.monitoring.calibration.tally import Tally
from dawnwatch.monitoring.calibration.words import because, cautions
from dawnwatch.stats.resampling import TimeEffect
from dawnwatch.stats.trade_off import chance_interval, variance_factors

__all__ = ["Answer"]

JUDGED = 150
"""Windows in which something was found whose severity is asked for; of more, these are taken to be typical."""
CURVE: dict[ThresholdName, NDArray[np.float64]] = {
    "psi": np.geomspace(0.01, 1.0, 25),
    "auc_drop": np.geomspace(0.005, 0.2, 25),
    "missing": np.geomspace(0.001, 0.5, 25),
}


@dataclass
class Answer:
    """All that the answer is read off."""

    config: Config
    plan: Schedule
    history: History
    drawn: Tally
    incidents: Mapping[Subject, Incidents]
    seed: int
    budget: float
    floors: Mapping[ThresholdName, float]
    reference: str
    injected: int

    def __post_init__(self) -> None:
        self.came = self.drawn.came
        self.sizes = {subject: came.sizes for subject, came in self.came.items()}
        self.counted = {subject: came.counted for subject, came in self.came.items()}
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
            pages_suggested=self._pages(moved(self.config, suggestions))
            if any(one.moves for one in suggestions)
            else pages,
            checks=[self._check(subject, suggestions) for subject in sorted(self.sizes, key=_order)],
            suggestions=suggestions,
            cautions=cautions(history, self.config),
        )

    @property
    def draws(self) -> int:
        """Windows drawn."""
        return len(self.drawn.facts)

    def _factors(self, subject: Subject) -> tuple[float, float]:
        """Return by which factors sizes may be other ones: by the noise within windows, and the season between them."""
        within, seasons = self.came[subject].error, self._seasons(subject)
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
                threshold=subject.threshold, subject=subject.name, now=None, reason=self.came[subject].reason
            )
        now = threshold_of(subject, self.config)
        family = next(f for f in self.families if subject in f.subjects)
        wanted = next(s for s in suggestions if (s.threshold, s.column) == (family.threshold, family.column))
        warn = self.config.psi_for(subject.name).yellow if subject.threshold == "psi" else None
        marked = [at for at in (now, warn, wanted.value, wanted.yellow) if at]
        tested = subject.threshold != "missing" and self.config.judge != "off"
        return CheckCalibration(
            threshold=subject.threshold,
            subject=subject.name,
            now=self._setting(subject, now),
            warn=None if warn is None else self._setting(subject, warn),
            suggested=None if wanted.value is None else self._setting(subject, wanted.value),
            suggested_warn=None if wanted.yellow is None else self._setting(subject, wanted.yellow),
            # With what is marked on it, so that a chart says there what the table does.
            curve=[self._setting(subject, at) for at in sorted({*CURVE[subject.threshold].tolist(), *marked})],
            largest=float(np.nanmax(sizes)),
            significant=float((self.counted[subject] != 0).mean()) if tested else None,
            seasons=None
            if seasons is None
            else Seasons(windows=seasons.windows, ratio=seasons.ratio, p_value=seasons.p_value, share=seasons.share),
            reason=self.came[subject].reason,
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
            factors=self._widest(family),
        )
        found = {s: self._setting(s, value).found for s in family.subjects} if value is not None else {}
        yellow_now, yellow, warned = self._yellow(family, value, floor)
        return Suggestion(
            threshold=family.threshold,
            column=family.column,
            now=family.now,
            value=value,
            yellow_now=yellow_now,
            yellow=yellow,
            yellow_alarms=warned,
            floor=floor,
            budget=budget,
            false_alarms=alarms,
            because=because(
                family,
                value,
                alarms,
                found,
                yellow=yellow,
                yellow_alarms=warned,
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

    def _widest(self, family: Family) -> tuple[float, float]:
        """Return the factors of all its subjects together."""
        factors = [self._factors(subject) for subject in family.subjects]
        return min(low for low, _ in factors), max(high for _, high in factors)

    def _yellow(
        self, family: Family, value: float | None, floor: float
    ) -> tuple[float | None, float | None, Rate | None]:
        """Return where YELLOW begins, where it is to begin beside a suggestion, and how often it is reached there."""
        if family.threshold != "psi":
            return None, None, None
        general = self.config.thresholds.psi
        bands = general if family.column is None else self.config.psi_for(family.column)
        if value is None:
            return bands.yellow, None, None
        given = bands.yellow if "yellow" in bands.model_fields_set else None
        yellow = yellow_with(value, given, floor)
        together = np.max([self.counted[subject] for subject in family.subjects], axis=0)
        alarms = rate(together, yellow, self.plan.runs, strictly=False, factors=self._widest(family))
        return bands.yellow, yellow, alarms

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
        table = Table(self.drawn.judge, config)

        def calls(draw: int) -> bool:
            return table.severity_of(self.drawn.facts[draw]).rank >= Severity.HIGH.rank

        called = sum(calls(int(draw)) for draw in asked)
        times = round(called / max(asked.size, 1) * there.size)
        quiet = np.flatnonzero(~flagged)
        if quiet.size and calls(int(quiet[0])):
            # A table of the user's own may call someone whatever was found.
            times += int(quiet.size)
        low, high = chance_interval(times, draws)
        low = min(low, chance_interval(int((least >= 1).sum()), draws)[0])
        high = max(high, chance_interval(int((most >= 1).sum()), draws)[1])
        return Rate(a_year=times / draws * runs, interval=(low * runs, high * runs), times=times)


def _order(subject: Subject) -> tuple[int, bool, str]:
    return ["psi", "auc_drop", "missing"].index(subject.threshold), subject.name != "overall", subject.name
