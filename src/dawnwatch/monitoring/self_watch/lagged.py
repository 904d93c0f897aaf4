"""Are a feature's values those of earlier rows, as where the feature store is a batch behind?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.enums import Outcome
from dawnwatch.model.numbers import share
from dawnwatch.model.sample import EVERY
from dawnwatch.model.self_watch import Watch
from dawnwatch.stats.row_lag import RowLag, row_lag

__all__ = ["lagged_features"]

LIMIT = 0.02
"""Share of pairs of rows that agree at one lag beyond those at all lags next to it, from which on it is no chance."""
SIGMAS = 6
"""Standard errors of such a share that it must lie beyond, of thousands of lags that were looked at."""
LEAST = 500


def lagged_features(run: RunContext) -> list[Watch]:
    """Return the features whose values are those of a fixed number of rows before, in rows of other units.

    No distribution moves and the model gives what it must for such values, so that nothing else tells them from a
    changed concept. Asked only where the sample is the whole window, since the lag is one of rows as logged, and where
    a unit is configured, since what is a unit's own comes back with it. Where every feature has the lag it is rows that
    come back, which is for the duplicates to say.
    """
    sample, profile = run.current.profile.sample, run.current.profile
    names = list(run.config.model.features or run.config.watched)
    if sample is None or run.current.plan.unit is None or len(names) < 2:
        return []
    if sample.limit != EVERY or sample.giants or sample.rows != profile.rows or sample.rows < LEAST:
        return []
    order = np.arange(sample.rows)
    times = sample.columns.get(run.config.roles.timestamp or "")
    if times is not None and times.dtype == np.float64:
        order = np.argsort(times, kind="stable")
    units = np.unique(sample.units[order], return_inverse=True)[1].reshape(-1).astype(np.int64)
    found = {name: row_lag(_codes(sample.columns[name][order]), units) for name in names if name in sample.columns}
    late = {name: lag for name, lag in found.items() if lag is not None and _shown(lag)}
    if len(late) == len(found):
        return []
    return [
        Watch(
            name="lagged_feature",
            outcome=Outcome.FAILED,
            subject=name,
            value=lag.beyond,
            limit=LIMIT,
            unit="share of rows",
            message=f"the values of {name} come late: {share(lag.agree, 0)} of the rows hold that of the row "
            f"{lag.lag:,} rows before, {100 * lag.beyond:.0f} percentage points more than at any lag next to it, and "
            "no other feature does so; rows whose value is late from a row that was late itself do not show",
            fact="feature_lagged",
        )
        for name, lag in late.items()
    ]


def _shown(lag: RowLag) -> bool:
    error = np.sqrt(lag.agree * (1 - lag.agree) / max(lag.pairs, 1))
    return lag.beyond > max(LIMIT, SIGMAS * float(error))


def _codes(values: NDArray[Any]) -> NDArray[np.int64]:
    told = values if values.dtype != object else np.array([str(value) for value in values.tolist()])
    return np.unique(told, return_inverse=True)[1].reshape(-1).astype(np.int64)
