"""Do the times at which labels came make sense: none before its row, none after the run, none unknown?"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.enums import Outcome
from dawnwatch.model.numbers import share
from dawnwatch.model.self_watch import Watch
from dawnwatch.model.window import Window
from dawnwatch.monitoring.maturity.ages import HOUR, Aged
from dawnwatch.monitoring.self_watch.ahead import SKEW

__all__ = ["label_times"]

FEW = 0.01
"""Share of the labels up to which nobody asks."""


def label_times(run: RunContext, now: datetime) -> list[Watch]:
    """Return whether labels are dated as they can be; nothing without `[roles] label_time` or without a label.

    Labels dated before their row or after the run are wrong whatever the baseline's are. That nobody noted when a label
    came is told where it is so more often than in the baseline. Read off the sampled rows with a label; clocks of two
    machines may differ by a few minutes.

    Parameters
    ----------
    now : when the run started
    """
    name, aged = run.config.roles.label_time, Aged.of(run.current, run.config)
    if name is None or aged is None or aged.seconds is None or not aged.rows.labelled.any():
        return []
    labelled = aged.rows.labelled
    labels = int(labelled.sum())
    delays, skew = aged.delays[labelled], SKEW.total_seconds()
    with np.errstate(invalid="ignore"):  # NaN is neither
        before = int((delays < -skew / HOUR).sum())
        after = 0 if aged.arrived is None else int((aged.arrived[labelled] > now.timestamp() + skew).sum())
    undated, then = int((~np.isfinite(delays)).sum()), _undated(run.performance_baseline, run)
    wrong = [
        (before / labels, f"{before:,} are dated before their row"),
        (after / labels, f"{after:,} are dated after the run"),
        (max(undated / labels - then, 0.0), f"{undated:,} are not dated at all ({share(then)} in the baseline)"),
    ]
    worst = max(size for size, _ in wrong)
    told = ", ".join(text for size, text in wrong if size > FEW)
    return [
        Watch(
            name="label_time",
            outcome=Outcome.FAILED if worst > FEW else Outcome.PASSED,
            subject=name,
            value=worst,
            limit=FEW,
            unit="share of labels",
            message=f"by {name}, of {labels:,} sampled labels {told}: how long labels take is not known from them"
            if worst > FEW
            else "labels are dated between their row and the run",
            fact="feed_broken",
        )
    ]


def _undated(window: Window, run: RunContext) -> float:
    """Return the share of a window's sampled labels that nobody noted the time of; 0 where it has none."""
    aged = Aged.of(window, run.config)
    if aged is None or not aged.rows.labelled.any():
        return 0.0
    return float((~np.isfinite(aged.delays[aged.rows.labelled])).mean())
