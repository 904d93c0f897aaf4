"""Which logged scores the model at hand has to answer for: those of the versions it is."""

from __future__ import annotations

from collections.abc import Set
from math import isnan

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.sample import RESCORED
from dawnwatch.model.window import Window
from dawnwatch.stats.misfit import differs

__all__ = ["OTHER", "own_versions", "version_texts"]

OTHER = 0.5
"""From this share of baseline rows that differ on, the model at hand is not the one that scored them."""
Texts = NDArray[np.object_]


def own_versions(run: RunContext) -> Set[str] | None:
    """Return the versions of the model that the one at hand is; None where nothing tells them apart.

    `[model] version`, where the log holds a version of that name; else those whose scores in the performance baseline
    the model gives again, for more than half of the sampled rows of each. None also where it gives those of no version
    again (then it did not score this log at all), and where it could not be asked.
    """
    then, now = (version_texts(window) for window in (run.performance_baseline, run.current))
    sample = run.current.profile.sample
    if then is None or now is None or sample is None or RESCORED not in sample.columns:
        return None
    told = run.config.model.version
    if told is not None and told in {*then.tolist(), *now.tolist()}:
        return {told}
    return run.performance_baseline.once(
        ("own versions", run.config.serving.tolerance),
        lambda: _given_again(run.performance_baseline, then, run.config.serving.tolerance),
    )


def version_texts(window: Window) -> Texts | None:
    """Return the version that scored each sampled row, None where it is not logged; shape (rows of the sample,).

    None as a whole where no column holds versions, or it is private.
    """
    sample, column = window.profile.sample, window.plan.version
    if sample is None or column is None or column not in sample.columns:
        return None
    values = sample.columns[column].tolist()
    # A version that is a number is named as it is counted: 3, not 3.0.
    texts = {value: _text(value) for value in set(values)}
    return np.array([texts.get(value) for value in values], dtype=object)


def _text(value: str | float | None) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return None if isnan(value) else str(int(value) if value.is_integer() else value)


def _given_again(window: Window, versions: Texts, tolerance: float) -> Set[str] | None:
    sample = window.profile.sample
    if sample is None or RESCORED not in sample.columns or window.plan.score not in sample.columns:
        return None
    logged, again = (np.asarray(sample.columns[name], np.float64) for name in (window.plan.score, RESCORED))
    both = np.isfinite(logged) & np.isfinite(again)
    own = set()
    for version in {text for text in versions[both].tolist() if text is not None}:
        rows = both & (versions == version)
        if differs(logged[rows], again[rows], tolerance).mean() < OTHER:
            own.add(version)
    return own or None
