"""What the metric rests on, in one line."""

from __future__ import annotations

from dawnwatch.model.maturity import Cohort, Maturity, WeightedAuc
from dawnwatch.model.measurement import Interval
from dawnwatch.model.numbers import age, interval, number, plural, short_share

__all__ = ["NO_MATTER", "ONLY_BESIDE", "beyond_chance", "told"]

NO_MATTER = "it moves the AUC by no more than chance"
ONLY_BESIDE = 'it stands beside the raw one only ([labels] weighting = "beside")'
BEHIND = 0.5
"""Share of the best cohort's labels below which the newest cohorts are told apart."""
LEAST = 50
"""Sampled rows of the newest cohorts below which their share is too unsure to tell."""


def told(of: Maturity, reason: str | None) -> str:
    """Return from what share of the rows and which part of the window the metric comes, and what is of record.

    Parameters
    ----------
    of : all but its message
    reason : why nothing is judged, or why the window was not cut; None where neither is so
    """
    if of.of_record == "none":
        return f"Nothing is judged by labels: {reason}"
    if of.auc_rows:
        said = [f"The AUC comes from {short_share(of.auc_rows / of.rows)} of the rows{_part(of)}"]
    else:
        said = [f"{of.judged_labelled:,} of {plural(of.judged_rows, 'row')}{_part(of)} have a label"]
    if reason is not None:
        said.append(reason)
    elif of.judged_rows < of.rows:
        rest, labelled = of.rows - of.judged_rows, of.labelled - of.judged_labelled
        young = "" if of.mature_after_hours is None else f" younger than {age(of.mature_after_hours)}"
        said.append(
            f"{plural(rest, 'row')}{young} are not judged, of which {short_share(labelled / rest)} have a label"
        )
    else:
        said += _newest(of)
    if of.weighted is not None and of.weighted.biased and of.not_weighted != NO_MATTER:
        said.append(_weighted(of.weighted, of))
    if of.cannot_tell:
        said.append(f"cannot tell for {', '.join(of.cannot_tell)}, of which no row has a label")
    return "; ".join(said)


def beyond_chance(bounds: Interval | None) -> bool:
    """Whether an interval leaves zero out; False where there is none."""
    return bounds is not None and not bounds[0] <= 0 <= bounds[1]


def _weighted(one: WeightedAuc, of: Maturity) -> str:
    """Say what the AUC is weighted, on what assumption, whether that can be trusted, and which one is judged."""
    said = (
        "labels came of some rows rather than others: weighted by the inverse chance of a label the AUC is "
        f"{number(one.value)} ({interval(one.interval)}), raw {number(one.raw)}"
    )
    holds = " and ".join(f"{text[:1].lower()}{text[1:]}" for text in one.assumes)
    if of.of_record == "weighted":
        return f"{said}; the weighted one is judged, as asked, and holds only if {holds}"
    judged = f"{said}; the raw one is judged"
    if beyond_chance(one.excess_positives_interval) and one.excess_positives is not None:
        more = "more" if one.excess_positives > 0 else "less"
        return (
            f"{judged}, and the weighted one is not to be trusted: its rows are positive {more} often than the "
            "baseline's at the same score, so that one class may have its labels first"
        )
    if of.not_weighted not in {None, ONLY_BESIDE}:
        return f"{judged}, since {of.not_weighted}"
    return f"{judged}; the weighted one holds only if {holds}"


def _part(of: Maturity) -> str:
    """Say which part of the window is judged, where not all of it is."""
    if of.judged_until is None:
        return ""
    old = [one for one in of.cohorts if one.mature]
    # Where the cut goes through a period, only its moment says which rows these are.
    if of.period is not None and old and old[-1].end == of.judged_until and len(old) < len(of.cohorts):
        return f", the older {len(old)} of {plural(len(of.cohorts), of.period)}"
    # Cohorts are of rows with a score: where none is between the last one and the cut, scores ended before.
    cut_through = any(one.start < of.judged_until <= one.end for one in of.cohorts if one.rows)
    if of.auc_rows and old and old[-1].end < of.judged_until and not cut_through:
        return f", those up to {old[-1].end:%Y-%m-%d %H:%M} UTC, since no later one that is old enough has a score"
    return f", those up to {of.judged_until:%Y-%m-%d %H:%M} UTC"


def _newest(of: Maturity) -> list[str]:
    """Say how far the labels of the newest cohorts have come, where they are well behind."""
    best = max((one.share for one in of.cohorts), default=0.0)
    behind: list[Cohort] = []
    for one in reversed(of.cohorts):
        if one.share >= BEHIND * best:
            break
        behind.append(one)
    if not behind or len(behind) == len(of.cohorts) or of.period is None:
        return []
    labelled, rows = sum(one.labelled for one in behind), sum(one.rows for one in behind)
    if rows < LEAST:
        return []
    which = f"last {of.period}" if len(behind) == 1 else f"last {plural(len(behind), of.period)}"
    return [f"labels of the {which} are {short_share(labelled / rows)} there ({labelled:,} of {rows:,} sampled rows)"]
