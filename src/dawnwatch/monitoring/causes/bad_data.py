"""Scores and rows that are not as they should be: put right where that can be done, else taken out of both windows."""

from __future__ import annotations

from collections.abc import Set

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.model.quality import QualityCheck
from dawnwatch.monitoring.causes.faulty import broken
from dawnwatch.monitoring.causes.frame import Frame
from dawnwatch.monitoring.causes.versions import owned
from dawnwatch.stats.scored import auc_part

__all__ = ["late_columns", "lost_columns", "quality", "serving", "whole_columns"]


def serving(frame: Frame, own: Set[str] | None) -> None:
    """Put the model's own scores in the place of those that were logged as its own."""
    again = frame.now.again(owned(frame.now, own))
    if again is None:
        frame.unresolved.append("How much the wrong scores cost: the model could not score the sampled rows again")
        return
    part = auc_part(again.scored(frame.kept_now), UNIT_GROUPS) - frame.auc_now(frame.kept_now)
    if not part.known:
        frame.unresolved.append("How much the wrong scores cost: too few of the sampled rows have a label")
        return
    frame.now, frame.put_right = again, True
    frame.take(
        "serving",
        part,
        assumptions=["The features as logged are those that the model should have scored"],
    )


def quality(frame: Frame, failed: list[QualityCheck]) -> None:
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


def lost_columns(run: RunContext) -> list[str]:
    """Return the features that the current window lacks, or holds in a type that cannot be read."""
    names = dict.fromkeys([*run.config.model.features, *run.config.watched, *run.config.roles.slices])
    columns = run.current.profile.columns
    return [name for name in names if columns[name].type is None or columns[name]["wrong_type"]]


def whole_columns(frame: Frame, lost: list[str]) -> None:
    """Put what is left down to features that came wrong in every row: no row is left to compare with."""
    names = ", ".join(lost)
    frame.take("quality", frame.left, column=lost[0] if len(lost) == 1 else None, resolvable=False, assumptions=[])
    frame.unresolved.append(
        f"How much is the loss of {names}, how much mix and how much concept: every row has the fault, so that none is "
        "left to compare with"
    )


def late_columns(frame: Frame, late: list[str]) -> None:
    """Put what is left down to features that hold earlier rows' values: in which rows shows in some of them only."""
    names = ", ".join(late)
    frame.take("quality", frame.left, column=late[0] if len(late) == 1 else None, resolvable=False, assumptions=[])
    frame.unresolved.append(
        f"How much is the lag of {names}, how much mix and how much concept: a late row does not show where the one "
        "whose value it holds was late too; the rows with the features as they should be would tell"
    )
