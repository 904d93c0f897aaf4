"""Domain classifier: whether the features together tell the current window from the drift baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext, Subject
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Clustering, Measured, Measurement, NotComputed
from dawnwatch.model.window import Window
from dawnwatch.stats.told_apart import FOLDS, Fit, ToldApart, told_apart

__all__ = ["FeatureSample", "domain_classifier"]

FEATURES = 20
"""Features looked at: those first in the configuration."""
CODES = 50
"""Categories told from each other, the most frequent of both windows; the rest are one."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FeatureSample:
    """The sampled rows of one window, by the features that both windows can be compared by."""

    window: Window
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    """Watched features that are not among them: private, lost, of another type, or beyond the most."""
    fault: NotComputed | None
    seed: int

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield one subject where features are watched and the classifier is not switched off."""
        watched = run.config.watched
        if not watched or not run.config.drift.asks_classifier:
            return
        expected = not run.config.counts("domain")
        windows = (run.drift_baseline, run.current)
        names = tuple(name for name in watched if all(_readable(window, name) for window in windows))[:FEATURES]
        fault = None
        if any(window.profile.sample is None for window in windows):
            reason = "no sample of rows is kept where neither [roles] unit nor keys is configured"
            fault = NotComputed(reason=reason, expected=True)
        elif not names:
            fault = NotComputed(reason="no watched feature can be read in both samples", expected=expected)
        left = tuple(name for name in watched if name not in names)
        reference, current = (cls(window, names, left, fault, run.config.project.seed) for window in windows)
        yield Subject(None, reference, current)


@check("drift.domain_classifier", needs=FeatureSample, unit="AUC", threshold="domain")
def domain_classifier(reference: FeatureSample, current: FeatureSample) -> Measurement:
    """AUC of telling the current window's rows from the drift baseline's, by all watched features at once.

    It finds shifts of several features together that no single one shows. Boosted trees on the unit sample,
    cross-fitted by unit: see `stats.told_apart`. Needs the extra `models`.
    """
    fault = current.fault
    if fault is not None:
        return fault
    try:
        found = current.window.against(
            reference.window, ("told apart", current.names), lambda: _found(reference, current)
        )
    except ModuleNotFoundError:
        return NotComputed(reason="scikit-learn is not installed: pip install 'dawnwatch[models]'", expected=True)
    if found is None:
        return NotComputed(reason="too few sampled units to learn from some and ask of others", expected=True)
    result, rows, clustering = found
    return Measured(result.auc, "AUC", rows, result, clustering)


def _found(reference: FeatureSample, current: FeatureSample) -> tuple[ToldApart, int, Clustering | None] | None:
    samples = [sample for side in (reference, current) if (sample := side.window.profile.sample) is not None]
    if min((sample.rows for sample in samples), default=0) < FOLDS:
        return None
    columns = [_numbers([sample.columns[name] for sample in samples]) for name in current.names]
    second = np.repeat([False, True], [sample.rows for sample in samples])
    units = np.concatenate([sample.units for sample in samples])
    found = told_apart(np.stack(columns, axis=1), second, units, _trees(current.seed), seed=current.seed)
    if found is None:
        return None
    clustering = None
    if (unit := current.window.plan.unit) is not None:
        counted = [np.unique(sample.units, return_counts=True)[1] for sample in samples]
        uneven = min(counted, key=_in_effect)
        clustering = Clustering(
            unit.column,
            min(c.size for c in counted),
            float(counted[1].max() / samples[1].rows),
            _in_effect(uneven),
            float(uneven.max() / uneven.sum()),
        )
    return found, samples[1].rows, clustering


def _in_effect(rows: NDArray[np.int64]) -> float:
    """Return how many units of equal size would weigh as much as these (Kish)."""
    return float(rows.sum()) ** 2 / float((rows.astype(np.float64) ** 2).sum())


def _readable(window: Window, name: str) -> bool:
    sample, column = window.profile.sample, window.profile.columns[name]
    return sample is None or (name in sample.columns and column.type is not None and not column["wrong_type"])


def _numbers(sides: list[NDArray[Any]]) -> Floats:
    """Return a column of both windows as numbers: categories as how frequent they are, missing values as NaN."""
    values = np.concatenate(sides)
    if values.dtype != object:
        return np.asarray(values, dtype=np.float64)
    there = np.array([value is not None for value in values])
    found = np.full(values.size, np.nan)
    if there.any():
        _, code, times = np.unique(values[there].astype(str), return_inverse=True, return_counts=True)
        rank = np.empty(times.size)
        rank[np.argsort(-times, kind="stable")] = np.arange(times.size)
        found[there] = np.minimum(rank, CODES)[code]
    return found


def _trees(seed: int) -> Fit:
    """Return how boosted trees learn: few and small, on one thread, so that the same rows give the same scores."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    def fit(rows: Floats, second: NDArray[np.bool_]) -> Any:
        trees = HistGradientBoostingClassifier(
            max_iter=20,
            learning_rate=0.2,
            max_leaf_nodes=8,
            min_samples_leaf=40,
            max_bins=64,
            early_stopping=False,
            random_state=seed,
        )
        with threadpool_limits(1):
            trees.fit(np.clip(rows, -1e300, 1e300), second)

        def score(asked: Floats) -> Floats:
            with threadpool_limits(1):
                return np.asarray(trees.predict_proba(np.clip(asked, -1e300, 1e300))[:, 1])

        return score

    return fit
