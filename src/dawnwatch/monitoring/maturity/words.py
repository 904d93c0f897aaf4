"""What the metric rests on, in one line."""

from __future__ import annotations

from dawnwatch.model.maturity import Cohort, Maturity
from dawnwatch.model.numbers import interval, lasting, number, plural, short_share

__all__ = ["NO_MATTER", "told"]

NO_MATTER = "it moves the AUC by no more than chance"
BEHIND = 0.5
"""Share of the best cohort's labels below which the newest cohorts are told apart."""


def told(of: Maturity, reason: str | None) -> str:
    """Return from what share of the rows and which part of the window the metric comes, and what is of record.

    Parameters
    ----------
    of : all but its message
    reason : why nothing is judged, or why the window was not cut; None where neither is so
    """
    if of.of_record == "none":
        return f"Nothing is judged by labels: {reason}"
    share = short_share(of.judged_labelled / of.rows)
    said = [f"The AUC comes from {share} of the rows{_part(of)}"]
    if reason is not None:
        said.append(reason)
    elif of.judged_rows < of.rows:
        rest, labelled = of.rows - of.judged_rows, of.labelled - of.judged_labelled
        age = "" if of.mature_after_hours is None else f" younger than {lasting(of.mature_after_hours)}"
        said.append(f"{plural(rest, 'row')}{age} are not judged, of which {short_share(labelled / rest)} have a label")
    else:
        said += _newest(of)
    if of.weighted is not None and of.weighted.biased and of.not_weighted != NO_MATTER:
        one, judged = of.weighted, "the weighted one" if of.of_record == "weighted" else "the raw one"
        why = "" if of.not_weighted is None else f", since {of.not_weighted}"
        said.append(
            "labels came of some rows rather than others: weighted by the inverse chance of a label the AUC is "
            f"{number(one.value)} ({interval(one.interval)}), raw {number(one.raw)}; {judged} is judged{why}"
        )
    if of.cannot_tell:
        said.append(f"cannot tell for {', '.join(of.cannot_tell)}, of which no row has a label")
    return "; ".join(said)


def _part(of: Maturity) -> str:
    """Say which part of the window is judged, where not all of it is."""
    if of.judged_until is None:
        return ""
    old = sum(1 for one in of.cohorts if one.mature)
    if of.period is not None and 0 < old < len(of.cohorts):
        return f", the older {old} of {plural(len(of.cohorts), of.period)}"
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
    there = short_share(sum(one.labelled for one in behind) / sum(one.rows for one in behind))
    which = f"last {of.period}" if len(behind) == 1 else f"last {plural(len(behind), of.period)}"
    return [f"labels of the {which} are {there} there"]
