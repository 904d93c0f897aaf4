"""The frame: a fall of the AUC as parts that add up to it, each defined only after those before it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.checks.performance.own_rows import own_versions
from dawnwatch.model.causes import UNEXPLAINED, Cause, CauseName, CauseSlice, Harm, Split
from dawnwatch.model.numbers import share
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.model.quality import QualityCheck
from dawnwatch.monitoring.causes.faulty import broken, unseen
from dawnwatch.monitoring.causes.label_shift import label_shift
from dawnwatch.monitoring.causes.matter import mix_and_concept
from dawnwatch.monitoring.causes.maturity import maturity
from dawnwatch.monitoring.causes.novelty import KNOWN, NEW, Units, units_of
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.monitoring.causes.versions import other_versions, owned
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import auc_part
from dawnwatch.triage.evidence import Evidence

__all__ = ["Frame", "split_fall"]

FEW = 0.01
"""Share of a window's rows below which what they hold is not asked about."""
Mask = NDArray[np.bool_]


@dataclass
class Frame:
    """A fall while it is taken apart: what is left of it, and of the rows.

    Attributes
    ----------
    then, now : sampled rows of the performance baseline and the current window
    kept_then, kept_now : those that no part so far has taken out
    left : the fall that no part so far explains
    apart : features of which hardly a row now has a value that the reference held
    """

    run: RunContext
    then: Sampled
    now: Sampled
    kept_then: Mask
    kept_now: Mask
    left: Part
    confidence: float
    parts: list[Cause] = field(default_factory=list)
    harms: list[Harm] = field(default_factory=list)
    ruled_out: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)

    def take(
        self,
        cause: CauseName,
        part: Part,
        *,
        column: str | None = None,
        resolvable: bool = True,
        assumptions: list[str],
        top_slices: list[CauseSlice] | None = None,
    ) -> None:
        """Name a part of what is left of the fall, and take it off."""
        self.left -= part
        self.parts.append(
            Cause(
                cause=cause,
                column=column,
                amount=part.value,
                interval=part.interval(self.confidence),
                resolvable=resolvable,
                assumptions=assumptions,
                top_slices=top_slices or [],
            )
        )

    def auc_now(self, kept: Mask) -> Part:
        """AUC of some of the sampled rows of the current window."""
        return auc_part(self.now.scored(kept), UNIT_GROUPS)

    def auc_then(self, kept: Mask) -> Part:
        """AUC of some of the sampled rows of the performance baseline."""
        return auc_part(self.then.scored(kept), UNIT_GROUPS)


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
    told = (late, worse, None if own is None else sorted(own))
    asked = (
        "causes",
        [(check.name, check.column) for check in failed],
        wrong,
        told,
        run.config.performance,
        run.weighted,
    )
    return run.current.against(
        run.performance_baseline, repr(asked), lambda: _split(run, failed, wrong=wrong, worse=worse, own=own, late=late)
    )


def _split(
    run: RunContext, failed: list[QualityCheck], *, wrong: bool, worse: list[str], own: Set[str] | None, late: list[str]
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
    )
    maturity(frame)
    if wrong:
        _serving(frame, own)
    other_versions(frame, own, worse)
    _quality(frame, failed)
    _strange_values(frame)
    _new_units(frame, units)
    lost = _lost(run)
    if lost:
        _whole_columns(frame, lost)
    elif late:
        _late_columns(frame, late)
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


def _serving(frame: Frame, own: Set[str] | None) -> None:
    """Put the model's own scores in the place of those that were logged as its own."""
    again = frame.now.again(owned(frame.now, own))
    if again is None:
        frame.unresolved.append("How much the wrong scores cost: the model could not score the sampled rows again")
        return
    part = auc_part(again.scored(frame.kept_now), UNIT_GROUPS) - frame.auc_now(frame.kept_now)
    if not part.known:
        frame.unresolved.append("How much the wrong scores cost: too few of the sampled rows have a label")
        return
    frame.now = again
    frame.take(
        "serving",
        part,
        assumptions=["The features as logged are those that the model should have scored"],
    )


def _quality(frame: Frame, failed: list[QualityCheck]) -> None:
    """Take out the rows that break a failed check's rule, beyond what the baseline's such rows do."""
    if not failed:
        frame.ruled_out.append("No data quality check failed, so no part is bad data that a check would see")
        return
    plan = frame.run.current.plan
    bad = [broken(side, plan, failed) for side in (frame.then, frame.now)]
    kept = [frame.kept_then & ~bad[0], frame.kept_now & ~bad[1]]
    if not (frame.kept_now & bad[1]).any():
        frame.unresolved.append(
            "Whether the failed data quality checks cost accuracy: no row that they concern has label and score"
        )
        return
    part = frame.auc_now(kept[1]) - frame.auc_now(frame.kept_now)
    if (frame.kept_then & bad[0]).any():
        part -= frame.auc_then(kept[0]) - frame.auc_then(frame.kept_then)
    if not part.known:
        frame.unresolved.append("How much the bad rows cost: too few rows are without a fault")
        return
    frame.kept_then, frame.kept_now = kept
    columns = list(dict.fromkeys(check.column for check in failed if check.column is not None))
    frame.take(
        "quality",
        part,
        column=columns[0] if len(columns) == 1 else None,
        assumptions=["Rows that break no rule stand for those that do: a fault hits rows of every kind alike"],
    )


def _lost(run: RunContext) -> list[str]:
    """Return the features that the current window lacks, or holds in a type that cannot be read."""
    names = dict.fromkeys([*run.config.model.features, *run.config.watched, *run.config.roles.slices])
    columns = run.current.profile.columns
    return [name for name in names if columns[name].type is None or columns[name]["wrong_type"]]


def _whole_columns(frame: Frame, lost: list[str]) -> None:
    """Put what is left down to features that came wrong in every row: no row is left to compare with."""
    names = ", ".join(lost)
    frame.take("quality", frame.left, column=lost[0] if len(lost) == 1 else None, resolvable=False, assumptions=[])
    frame.unresolved.append(
        f"How much is the loss of {names}, how much mix and how much concept: every row has the fault, so that none is "
        "left to compare with"
    )


def _late_columns(frame: Frame, late: list[str]) -> None:
    """Put what is left down to features that hold earlier rows' values: in which rows shows in some of them only."""
    names = ", ".join(late)
    frame.take("quality", frame.left, column=late[0] if len(late) == 1 else None, resolvable=False, assumptions=[])
    frame.unresolved.append(
        f"How much is the lag of {names}, how much mix and how much concept: a late row does not show where the one "
        "whose value it holds was late too; the rows with the features as they should be would tell"
    )


def _strange_values(frame: Frame) -> None:
    """Take out the rows with categories, or numbers beyond all, that the reference never held, a feature at a time."""
    for name in frame.run.config.model.features or frame.run.config.watched:
        moments = frame.run.drift_baseline.profile.columns[name].moments
        strange = unseen(frame.now, frame.run.current.plan.column(name), (moments.low, moments.high)) & frame.kept_now
        if strange.sum() < FEW * max(frame.kept_now.sum(), 1):
            continue
        kept = frame.kept_now & ~strange
        part = frame.auc_now(kept) - frame.auc_now(frame.kept_now)
        if not part.known:
            frame.unresolved.append(f"How much the values of {name} that the reference never held cost: too few others")
            frame.apart.append(name)
            continue
        frame.kept_now = kept
        frame.take(
            "novelty",
            part,
            column=name,
            assumptions=[
                "No baseline holds these values, so whatever rows with them lack is put down to their novelty"
            ],
        )


def _new_units(frame: Frame, units: Units | None) -> None:
    """Take off what more new units alone take from the AUC, or say that nobody can tell it from concept."""
    plan = frame.run.current.plan
    if units is None or plan.unit is None:
        return
    unit = plan.unit.column
    mixed = units.mixed
    more = units.share(units.now, NEW) - units.share(units.then, NEW)
    if abs(more) < FEW:
        frame.ruled_out.append(
            f"New {unit} values are about as many as in the performance baseline, so no part is theirs"
        )
    elif not units.then[KNOWN, 0].any():
        frame.ruled_out.append(
            f"The performance baseline holds new {unit} values only, so none of the fall is their coming"
        )
    elif mixed is not None:
        part = units.before - Units(mixed, units.now, None, units.filled).before
        if part.known:
            frame.take(
                "novelty",
                part,
                column=unit,
                assumptions=[
                    "Models trained without a unit show what this one would have made of new ones at training time",
                    f"Only the share of new {unit} values moves; which of them come is part of the mix",
                ],
            )
    else:
        known = units.of(units.then, KNOWN) - units.of(units.now, KNOWN)
        part = units.before - units.after - known
        if part.known:
            frame.take("novelty", part, column=unit, resolvable=False, assumptions=[])
        frame.unresolved.append(
            f"How much of what new {unit} values cost is their novelty and how much a changed world: not resolvable "
            f"without the AUC on new {unit} values at training time, which `dawnwatch profile --by-unit` measures"
        )
