"""How right the estimates of earlier windows were, once their labels had come."""

from __future__ import annotations

from dawnwatch.model.estimates import EstimateRecord, Estimates, PastEstimate
from dawnwatch.model.numbers import confidence, signed
from dawnwatch.monitoring.history import History, PastRun, rows_of

__all__ = ["MOST", "record_of", "with_record"]

MOST = 50
"""Windows looked back on, the newest."""
MATURE = 0.9
"""Share of a window's scored rows whose labels must have come for its realised AUC to count."""


def with_record(found: Estimates, history: History) -> Estimates:
    """Return the estimates with the record of those before them."""
    return found.model_copy(update={"record": record_of(history, found.confidence)})


def record_of(history: History, level: float) -> EstimateRecord | None:
    """Return what earlier windows' AUC was estimated at and came to; None where no window has both.

    Of each window the estimate of the first packet counts, which had the fewest labels beside it, and the realised AUC
    of the newest whose labels have come for nine tenths of the scored rows. A packet on the current rows counts as any
    other: its estimate was made before the labels that are there now.
    """
    first: dict[str, PastRun] = {}
    last: dict[str, PastRun] = {}
    for run in history.judged:
        estimates = run.packet.performance.estimates
        if estimates is None:
            continue
        rows = rows_of(run.facts)
        chosen = estimates.chosen
        if chosen is not None and chosen.metric("auc") is not None:
            first.setdefault(rows, run)
        auc = run.packet.performance.current
        if auc.value is not None and auc.n >= MATURE * estimates.rows:
            last[rows] = run
    past = [one for rows, run in first.items() if rows in last and (one := _past(run, last[rows])) is not None]
    if not past:
        return None
    past = sorted(past, key=lambda one: one.at)[-MOST:]
    errors = [one.value - one.realised for one in past]
    held = sum(one.held for one in past)
    bias, off = sum(errors) / len(errors), sum(map(abs, errors)) / len(errors)
    windows = "the last window" if len(past) == 1 else f"the last {len(past)} windows"
    text = (
        f"In {windows} whose labels have come its {confidence(level)} interval held the realised AUC {_times(held)}; "
        f"it was off by {off:.3f} on average ({signed(bias)} with its sign)"
    )
    return EstimateRecord(windows=past, held=held, bias=bias, mean_absolute_error=off, text=text)


def _past(run: PastRun, labelled: PastRun) -> PastEstimate | None:
    estimates, realised = run.packet.performance.estimates, labelled.packet.performance.current.value
    chosen = None if estimates is None else estimates.chosen
    auc = None if chosen is None else chosen.metric("auc")
    if chosen is None or auc is None or auc.value is None or auc.interval is None or realised is None:
        return None
    return PastEstimate(
        packet=run.packet.id,
        at=run.begins,
        method=chosen.method,
        value=auc.value,
        interval=auc.interval,
        realised=realised,
    )


def _times(held: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(held, f"{held} times")
