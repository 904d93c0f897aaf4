"""Which action the replay supports: an ordered rule over intervals, and what is lacking where it supports none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dawnwatch.model.gains import Gain
from dawnwatch.model.numbers import interval, number, plural, signed
from dawnwatch.model.replay import Advice, Candidate, ReplayNeeds
from dawnwatch.monitoring.replay.effort import Effort
from dawnwatch.monitoring.replay.steady import by_block, turning
from dawnwatch.stats.left_out import LeftOut
from dawnwatch.stats.power import further, times_needed

__all__ = ["advise", "needs"]


def advise(
    candidates: Sequence[Candidate],
    *,
    worth: float,
    effort: Effort,
    lacking: Callable[[Candidate], ReplayNeeds | None],
    too_few: ReplayNeeds | None = None,
    unsettled: str | None = None,
) -> Advice:
    """Return what the candidates' intervals support.

    Parameters
    ----------
    candidates : waiting first
    worth : a gain of AUC, or a fall of the calibration error, below this does not matter
    effort : what each action takes of people
    lacking : what would tell a candidate's gain from none
    too_few : where there are too few units for any interval
    unsettled : why the labels do not tell how often the positive class comes, so that no level can be learned from them

    Notes
    -----
    In this order. An older or a retrained model whose joint interval lies above 0, its gain being worth it: the one
    with the largest gain, or of those whose gains differ by less than what is worth it the one of least work. A
    recalibration that lowers the log loss beyond chance and the calibration error by what is worth it. Waiting, where
    retraining was replayed and every joint interval ends below what is worth it. Otherwise nobody can tell yet. The
    joint intervals hold together, so that the best of many candidates is not taken for good by its luck.

    That a gain came from one block of time, or turned round in another, is said among the reasons and moves nothing:
    the intervals of single blocks are wide, and signs flip by chance.
    """
    judged = [c for c in candidates[1:] if c.leading is not None]
    if too_few is not None:
        return Advice(
            verdict="cannot_tell",
            text=f"Cannot tell yet: needs {_more(too_few)} beside the {too_few.now:,} there are",
            needs=too_few,
        )
    if not judged:
        because = next((f": {c.reason}" for c in candidates[1:] if c.reason), "")
        return Advice(verdict="cannot_tell", text=f"Cannot tell: no action could be judged beside waiting{because}")
    order = [c for c in judged if c.action != "recalibrate"]
    shown = [c for c in order if _low(c) > 0]
    worthy = [c for c in shown if _gain(c) >= worth]
    if worthy:
        best, why = effort.least(worthy, [_gain(c) for c in worthy], worth)
        others = [_held(c) for c in sorted(order, key=_gain, reverse=True) if c is not best]
        reasons = [*by_block(best), *([] if why is None else [why]), *others]
        return Advice(verdict=best.action, candidate=best.name, text=_said(best), reasons=reasons)
    level = [c for c in judged if c.action == "recalibrate" and _low(c) > 0 and _falls(c) >= worth]
    if level and unsettled is not None:
        return Advice(
            verdict="cannot_tell",
            text=f"Cannot tell whether to recalibrate: {unsettled}",
            reasons=[_held(c) for c in [*level, *order]],
        )
    if level:
        chosen = max(level, key=_gain)
        return Advice(
            verdict="recalibrate",
            candidate=chosen.name,
            text=_said(chosen),
            reasons=[*by_block(chosen), *(_held(c) for c in order)],
        )
    small = [f"{_held(c)}, which is shown, and less than the {worth:g} that matters" for c in shown]
    if all(_high(c) < worth for c in order) and any(c.action == "retrain" for c in order):
        return Advice(
            verdict="wait",
            text=f"Wait: no action gains as much as {worth:g} of AUC, beyond chance",
            reasons=small or [_held(c) for c in order],
        )
    if not order:
        return Advice(
            verdict="cannot_tell",
            text="Cannot tell: neither retraining nor an earlier model was replayed, and recalibrating is not worth it",
            reasons=[_held(c) for c in judged],
        )
    open_ = [c for c in order if _high(c) >= worth]
    if not open_:
        return Advice(
            verdict="cannot_tell",
            text="Cannot tell: no earlier model does better, and retraining was not replayed",
            reasons=[_held(c) for c in order],
        )
    nearest = max(open_, key=_gain)
    needed = lacking(nearest)
    told = "no number of further labels would do" if needed is None else f"needs {_more(needed)}"
    return Advice(
        verdict="cannot_tell",
        candidate=nearest.name,
        text=f"Cannot tell yet: {told} before it is known whether to {nearest.title}. {_said(nearest)}",
        reasons=[*by_block(nearest), *(_held(c) for c in order if c is not nearest)],
        needs=needed,
    )


def needs(gain: LeftOut, *, worth: float, joint: float, of: str, now: int) -> ReplayNeeds | None:
    """Return how many more labels or units would tell a gain, four times in five; None where no number would do.

    Told is whichever takes less: that the gain seen is above 0, or that it is below what is worth it.
    """
    size = max(gain.value, worth - gain.value)
    times = times_needed(size, current=gain.variance, level=1 - joint, degrees=max(gain.groups - 1, 1))
    return None if times is None else ReplayNeeds(of=of, now=now, more=max(further(now, times), 1), size=size)


def _more(needed: ReplayNeeds) -> str:
    more = plural(needed.more, "more label" if needed.of == "label" else f"more {needed.of} value")
    if needed.by is None or needed.per_day is None:
        return (
            more
            if needed.of == "label" or needed.per_day is not None
            else f"{more} (which this population may not have)"
        )
    rate = number(needed.per_day, 0 if needed.per_day >= 10 else 1)
    return f"{more} (there by {needed.by:%Y-%m-%d} at the earliest, at {rate} a day)"


def _leading(candidate: Candidate) -> Gain:
    gain = candidate.leading
    if gain is None:
        raise ValueError(f"{candidate.name} was not judged")
    return gain


def _gain(candidate: Candidate) -> float:
    return _leading(candidate).gain


def _low(candidate: Candidate) -> float:
    joint = _leading(candidate).joint
    return -1.0 if joint is None else joint[0]


def _high(candidate: Candidate) -> float:
    joint = _leading(candidate).joint
    return 1.0 if joint is None else joint[1]


def _falls(candidate: Candidate) -> float:
    error = candidate.gain("ece")
    return 0.0 if error is None else error.gain


def _held(candidate: Candidate) -> str:
    return f"{_said(candidate)}{turning(candidate)}"


def _said(candidate: Candidate) -> str:
    gain = _leading(candidate)
    name = "AUC" if gain.metric == "auc" else "log loss"
    moved = gain.gain if gain.metric == "auc" else -gain.gain
    bounds = gain.interval
    if bounds is not None and gain.metric != "auc":
        bounds = (-bounds[1], -bounds[0])
    sure = "" if bounds is None else f", interval {interval(bounds)}"
    said = f"{candidate.title}: {name} {number(gain.value)} where waiting has {number(gain.waiting)}"
    return f"{said[:1].upper()}{said[1:]} ({signed(moved)}{sure})"
