"""What the reference never held: values that are new, and units that are."""

from __future__ import annotations

from dawnwatch.monitoring.causes.faulty import unseen
from dawnwatch.monitoring.causes.frame import FEW, Frame
from dawnwatch.monitoring.causes.novelty import KNOWN, NEW, Units

__all__ = ["new_units", "strange_values"]


def strange_values(frame: Frame) -> None:
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


def new_units(frame: Frame, units: Units | None) -> None:
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
