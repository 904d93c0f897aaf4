"""Re-score: the model, asked again for the sampled rows' features, must give the scores that were logged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext, Subject
from dawnwatch.checks.performance.own_rows import OTHER, own_versions, version_texts
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Example, Interval, Measurement, NotComputed
from dawnwatch.model.numbers import plural, share
from dawnwatch.model.profile import EXAMPLES
from dawnwatch.model.sample import EVERY, RESCORED, Sample
from dawnwatch.model.window import Window
from dawnwatch.stats.misfit import Misfit, differs, misfit
from dawnwatch.stats.proportion import share_interval

__all__ = ["Rescored", "in_words", "rescore"]

LEAST = 50
"""With fewer rows scored again, a share says little."""

NAMED = 3


@dataclass(frozen=True)
class Rescored:
    """The sampled rows of one window, with both scores."""

    window: Window
    tolerance: float
    features: tuple[str, ...]
    time: str | None
    own: Set[str] | None = None
    """Versions that the model at hand is: rows of others are not held against it. None: all rows are its own."""

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield the score column where there are a model and a logged score."""
        windows = (run.performance_baseline, run.current)
        if any(_asked(window) for window in windows):
            apart = {run.current.plan.label, run.current.plan.score, *run.config.roles.keys}
            names = (*run.config.model.features, *run.config.watched, *run.config.roles.slices)
            features = tuple(name for name in dict.fromkeys(names) if name not in apart)
            own, time = own_versions(run), run.config.roles.timestamp
            views = [cls(window, run.config.serving.tolerance, features, time, own) for window in windows]
            yield Subject(run.current.plan.score, *views)

    @property
    def fault(self) -> NotComputed | None:
        """Why there is nothing to compare, or None."""
        if self._sample is None:
            reason = self.window.rescore_fault or "the window has no logged scores, or no sample of rows"
            return NotComputed(reason=f"the sampled rows could not be scored again: {reason}")
        if self.rows < LEAST and self.others:
            return NotComputed(
                reason=f"the model at hand is {_named(self.own or ())}, and the sampled rows were scored by "
                f"{_named(self.others)}; set [model] path to that one",
                expected=True,
            )
        if self.rows < LEAST:
            return NotComputed(
                reason=f"only {self.rows} sampled rows could be scored again (of {LEAST})", expected=True
            )
        return None

    @cached_property
    def others(self) -> dict[str, int]:
        """Sampled rows with both scores of every version that the model at hand is not, most rows first."""
        versions = version_texts(self.window) if self.own is not None else None
        if versions is None:
            return {}
        times = Counter(str(text) for text in versions[self._finite & ~self._owned].tolist())
        return dict(times.most_common())

    @property
    def rows(self) -> int:
        """Sampled rows that have both scores, and are of a version that the model at hand is."""
        return int(self._both.sum())

    @cached_property
    def off(self) -> NDArray[np.bool_]:
        """Which of them differ, shape (rows,)."""
        return differs(*self._scores, self.tolerance)

    @property
    def share(self) -> float:
        """Share of them that differ."""
        return float(self.off.mean()) if self.rows else 0.0

    def interval(self, confidence: float) -> Interval:
        """Return the interval of the window's share of such rows."""
        return share_interval(self.off, self._of.units[self._both], confidence)

    @cached_property
    def misfit(self) -> Misfit | None:
        """What the rows that differ look like; None where all agree."""
        if not self.off.any():
            return None
        sample, kept = self._of, self._both
        times = sample.columns.get(self.time or "")
        order = np.arange(self.rows)
        if times is not None and times.dtype == np.float64:
            order = np.argsort(times[kept], kind="stable")
        logged, again = self._scores
        return misfit(
            logged,
            again,
            self.off,
            units=sample.units[kept],
            order=order,
            whole=sample.limit == EVERY and not sample.giants and self.rows == self.window.profile.rows,
            features={name: sample.columns[name][kept] for name in self.features if name in sample.columns},
            tolerance=self.tolerance,
        )

    @property
    def examples(self) -> list[Example]:
        """Up to five of the rows that differ, by their place in the sample."""
        at = np.flatnonzero(self._both)[self.off][:EXAMPLES].tolist()
        shown = (self.window.plan.score or "", RESCORED, *self.features)
        columns = {name: self._of.columns[name] for name in shown if name in self._of.columns}
        return [Example(row=row, values={name: _plain(values[row]) for name, values in columns.items()}) for row in at]

    @property
    def _sample(self) -> Sample | None:
        sample = self.window.profile.sample
        return sample if sample is not None and RESCORED in sample.columns else None

    @property
    def _of(self) -> Sample:
        return self._sample or Sample(0)

    @cached_property
    def _both(self) -> NDArray[np.bool_]:
        return self._finite & self._owned

    @cached_property
    def _owned(self) -> NDArray[np.bool_]:
        """Which rows are of the model's own versions, or of none that is told; shape (rows,)."""
        versions = None if self.own is None else version_texts(self.window)
        if versions is None or self.own is None:
            return np.ones(self._of.rows, dtype=bool)
        return np.array([text is None or text in self.own for text in versions.tolist()], dtype=bool)

    @cached_property
    def _finite(self) -> NDArray[np.bool_]:
        logged, again = (self._of.columns.get(name, np.empty(0)) for name in (self.window.plan.score or "", RESCORED))
        return np.asarray(np.isfinite(logged) & np.isfinite(again))

    @property
    def _scores(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        columns = self._of.columns
        return columns[self.window.plan.score or ""][self._both], columns[RESCORED][self._both]


@check("performance.rescore", needs=Rescored, unit="share of rows", threshold="serving")
def rescore(reference: Rescored, current: Rescored) -> Measurement:
    """Rows whose logged score is not what the model gives for the logged features; read off a sample of whole units."""
    if reference.fault is not None and not reference.others:
        # What cannot be done on the baseline either says nothing of this window.
        return reference.fault.model_copy(update={"expected": True})
    if current.fault is not None:
        return current.fault
    if reference.share >= OTHER:
        return NotComputed(
            reason=f"the model gives other scores than logged for {share(reference.share)} of the performance "
            "baseline's rows too, so it is not the one that scored the log; set [model] path to that one",
            expected=True,
        )
    differ = int(current.off.sum())
    return Counted(
        failed=differ,
        rows=current.rows,
        rule=f"within {current.tolerance:g} of what the model gives again",
        message=in_words(current),
        examples=current.examples if differ else [],
    )


def in_words(current: Rescored) -> str:
    """Say how many logged scores are not the model's, and what they look like."""
    differ, found = int(current.off.sum()), current.misfit
    apart = "".join(
        f"; {plural(rows, 'row')} of version {version}, which the model at hand is not, "
        f"{'was' if rows == 1 else 'were'} left out"
        for version, rows in list(current.others.items())[:NAMED]
    )
    if found is None:
        return f"all {current.rows:,} sampled scores are what the model gives again{apart}"
    said = f"{differ:,} of {current.rows:,} sampled scores ({share(current.share)}) are not what the model gives again"
    return f"{said}: {_reading(found)}{_where(found)}{apart}"


def _reading(found: Misfit) -> str:
    match found.kind:
        case "constant":
            return f"{share(found.share, 0)} of them are {found.score:.6g}, one value in place of scores"
        case "lagged":
            whose = "the same unit's" if found.within_unit else "the"
            back = plural(found.lag or 0, "row")
            return f"{share(found.share, 0)} of them are the scores of {whose} row {back} before, so they are stale"
        case "shuffled":
            return (
                f"they are distributed as the model's, but in no order with them (rank correlation "
                f"{found.correlation:.2f}), so they belong to other rows"
            )
        case "rescaled":
            return "they stand in the same order, on another scale: a last step such as calibration is another"
        case "reversed":
            return "they stand in the opposite order, as the score of the other class does"
        case "skewed":
            return "the model was given other features than were logged"
        case "alike":
            return (
                f"they go with the model's (rank correlation {found.correlation:.2f}) and are not the same: "
                "another version of the model, or other features than were logged"
            )
        case "unexplained":
            return "nothing of what dawnwatch looks for explains them"


def _where(found: Misfit) -> str:
    apart = found.apart
    if apart is None:
        return ""
    return (
        f"; they lie where {apart.column} is {apart.value} ({share(apart.inside, 0)} of its {apart.rows:,} rows "
        f"against {share(apart.outside, 0)} elsewhere)"
    )


def _asked(window: Window) -> bool:
    sample = window.profile.sample
    return window.rescore_fault is not None or (sample is not None and RESCORED in sample.columns)


def _plain(value: Any) -> str | float | None:
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(value)
    return None if value is None else str(value)


def _named(versions: Iterable[str]) -> str:
    names = list(versions)
    return f"version {', '.join(sorted(names)[:NAMED])}{' and others' if len(names) > NAMED else ''}"
