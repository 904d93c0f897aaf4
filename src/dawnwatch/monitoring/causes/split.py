"""A fall of the AUC as parts that add up to it, each defined only after those before it."""

from __future__ import annotations

from collections.abc import Set

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.checks.performance.own_rows import own_versions
from dawnwatch.model.causes import UNEXPLAINED, Split
from dawnwatch.model.numbers import share
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.model.quality import QualityCheck
from dawnwatch.monitoring.causes.bad_data import late_columns, lost_columns, quality, serving, whole_columns
from dawnwatch.monitoring.causes.frame import Frame
from dawnwatch.monitoring.causes.label_shift import label_shift
from dawnwatch.monitoring.causes.matter import mix_and_concept
from dawnwatch.monitoring.causes.maturity import maturity
from dawnwatch.monitoring.causes.novelty import NEW, Units, units_of
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.monitoring.causes.strange import new_units, strange_values
from dawnwatch.monitoring.causes.versions import other_versions
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import auc_part
from dawnwatch.triage.evidence import Evidence

__all__ = ["split_fall"]


def split_fall(run: RunContext, evidence: Evidence) -> Split:
    """Take the fall of the AUC between the performance baseline and the current window apart.

    Parameters
    ----------
    evidence : whose failed checks say which rows are bad, and whether the logged scores are the model's

    Returns
    -------
    Parts in the order of `CAUSE_ORDER` that add up to the fall, positive meaning worse; no parts, and the reason among
    `unresolved`, where the fall cannot be taken apart. Nothing is read again, and what does not depend on thresholds is
    kept with the current window.
    """
    run = run.of_labels()
    failed, wrong = evidence.failed_quality, evidence.serving is not None
    worse, own = [one.version for one in evidence.worse_versions], own_versions(run)
    late = [one.subject for one in evidence.failed_watch if one.fact == "feature_lagged" and one.subject is not None]
    doubted = bool(evidence.doubts)
    told = (doubted, late, worse, None if own is None else sorted(own))
    asked = (
        "causes",
        [(check.name, check.column) for check in failed],
        wrong,
        told,
        run.config.performance,
        run.weighted,
    )
    return run.current.against(
        run.performance_baseline,
        repr(asked),
        lambda: _split(run, failed, wrong=wrong, doubted=doubted, worse=worse, own=own, late=late),
    )


def _split(
    run: RunContext,
    failed: list[QualityCheck],
    *,
    wrong: bool,
    doubted: bool,
    worse: list[str],
    own: Set[str] | None,
    late: list[str],
) -> Split:
    before, after = estimate(run.performance_baseline).auc, estimate(run.current).auc
    if before is None or after is None:
        return Split()
    then, now = Sampled.of(run.performance_baseline), Sampled.of(run.current)
    if then is None or now is None:
        return Split(
            unresolved=[
                f"{UNEXPLAINED} the change of the AUC: no rows are sampled without [roles] unit or keys; set [roles] "
                "unit, the column of whoever the rows are of, and run again"
            ]
        )
    units = units_of(run)
    fall = _fall(units, then, now)
    if not fall.known:
        return Split(unresolved=[f"{UNEXPLAINED} the change of the AUC: too few groups of rows to tell"])
    frame = Frame(
        run,
        then,
        now,
        then.labelled,
        now.labelled,
        fall.moved_to(before.value - after.value),
        run.config.performance.confidence,
        doubted=doubted,
    )
    maturity(frame)
    if wrong:
        serving(frame, own)
    other_versions(frame, own, worse)
    quality(frame, failed)
    strange_values(frame)
    new_units(frame, units)
    lost = lost_columns(run)
    if lost:
        whole_columns(frame, lost)
    elif late:
        late_columns(frame, late)
    else:
        mix_and_concept(frame, units)
    pairs = [] if units is None or not units.now[NEW, 0].any() else units.pairs(frame.confidence)
    shift = label_shift(run)
    if shift is not None and not shift.interval[0] <= 0 <= shift.interval[1]:
        frame.ruled_out.append(
            f"The positives' share went from {share(shift.then)} to {share(shift.now)}, which by itself leaves the AUC "
            "as it is"
        )
    return Split(
        parts=frame.parts,
        harms=frame.harms,
        pairs=pairs,
        label_shift=shift,
        ruled_out=frame.ruled_out,
        unresolved=frame.unresolved,
    )


def _fall(units: Units | None, then: Sampled, now: Sampled) -> Part:
    if units is not None:
        return units.before - units.after
    sides = [auc_part(side.scored(side.labelled), UNIT_GROUPS) for side in (then, now)]
    return sides[0] - sides[1]
