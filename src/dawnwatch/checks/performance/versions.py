"""The versions of the model in the performance section, and what they show together."""

from __future__ import annotations

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.version_gap import Part, Versions, on_like_rows
from dawnwatch.checks.runner import Result
from dawnwatch.model.auc import Auc, Drop, VersionPerformance
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Measured, NotComputed
from dawnwatch.model.numbers import interval, number, short_share
from dawnwatch.stats.divergence import psi

__all__ = ["version_notes", "versions_section"]

SCORE_BINS = 16
FEW = 100
"""Scored rows below which a distribution of scores is not compared."""


def versions_section(results: list[Result], run: RunContext, overall: Drop, reference: Auc) -> list[VersionPerformance]:
    """Return every version of the current window, most rows first.

    Parameters
    ----------
    overall, reference : the whole window's drop and the performance baseline's AUC
    """
    level = run.config.performance.confidence
    found = []
    for result in results:
        then, now = result.subject.reference, result.subject.current
        if not isinstance(now, Versions) or not isinstance(then, Versions):
            continue
        measured = result.measurement if isinstance(result.measurement, Measured) else None
        chance = measured.chance if measured else None
        found.append(
            VersionPerformance(
                version=now.name,
                rows=now.rows,
                share=now.rows / max(now.window.profile.rows, 1),
                reference_share=then.rows / max(then.window.profile.rows, 1),
                auc=_auc(now.this, level, run),
                others=_auc(now.others, level, run),
                drop=Drop(
                    value=measured.value if measured else None,
                    interval=chance.interval(level) if chance else None,
                    confidence=level,
                    outcome=result.outcome,
                    significance=result.significance,
                ),
                score_psi=_score_psi(now),
                outcome=result.outcome,
                against="the performance baseline" if measured and then.rival(now)[0] is not now.others else "others",
                other_kinds=on_like_rows(then, now) is not None,
                explains=_explains(now, result.outcome, overall, reference, run),
                reason=result.measurement.reason if isinstance(result.measurement, NotComputed) else None,
            )
        )
    return found


def version_notes(versions: list[VersionPerformance], overall: Drop, reference: Auc, limit: float) -> list[str]:
    """Say which versions are new, and where their scores do not mix; a worse one is a finding of its own."""
    notes = [
        f"Version {one.version} has {short_share(one.share)} of the rows, and none of the performance baseline's"
        for one in versions
        if one.reference_share == 0 and one.outcome is not Outcome.FAILED
    ]
    notes += [note for one in versions if (note := _other_kinds(one))]
    judged = [(one.auc.value, one.auc.n) for one in versions if one.auc.value is not None]
    if overall.outcome is Outcome.FAILED and reference.value is not None and len(judged) > 1:
        apart = sum(value * n for value, n in judged) / sum(n for _, n in judged)
        if apart >= reference.value - limit:
            notes.append(
                f"Each version by itself ranks its rows with an AUC of {apart:.3f} on average, within the tolerance, "
                "and all together do not: their scores are on different scales and cannot be ranked as one"
            )
    return notes


def _other_kinds(one: VersionPerformance) -> str:
    """Say what became of a version that seemed worse, and was given other kinds of rows; "" of any other."""
    if not one.other_kinds or one.outcome is Outcome.FAILED:
        return ""
    if one.drop.value is None:
        return f"Version {one.version} is held against nothing: {one.reason}"
    span = f" ({interval(one.drop.interval)})" if one.drop.interval else ""
    whose = "the others" if one.against == "others" else one.against
    return (
        f"Version {one.version} was given other kinds of rows than {whose}: on rows of the same kinds its AUC is lower "
        f"by {number(one.drop.value)}{span}"
    )


def _explains(now: Versions, outcome: Outcome, overall: Drop, reference: Auc, run: RunContext) -> bool:
    without = now.others.auc
    if outcome is not Outcome.FAILED or overall.outcome is not Outcome.FAILED:
        return False
    if without is None or reference.value is None:
        return False
    return reference.value - without.value <= run.config.thresholds.auc_drop.max


def _auc(part: Part, level: float, run: RunContext) -> Auc:
    """Return the AUC where there are rows enough to judge by."""
    rules, found = run.config.performance, part.auc
    enough = not run.labels_late and part.scored >= rules.min_rows and part.least >= rules.min_per_class
    return Auc(
        value=found.value if found and enough else None,
        interval=part.interval(level) if enough else None,
        n=part.scored,
        positives=part.positives,
        bound=found.bound if found and enough else 0.0,
    )


def _score_psi(now: Versions) -> float | None:
    sides = [part.table[:, :-1].sum(axis=0).reshape(SCORE_BINS, -1).sum(axis=1) for part in (now.others, now.this)]
    return psi(*sides) if min(side.sum() for side in sides) >= FEW else None
