"""Moving thresholds over a run that was profiled: where the severity flips, without reading a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dawnwatch.config import Config
from dawnwatch.errors import UsageError, did_you_mean
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.what_if import Seed, Span, Step, Sweep, WhatIf
from dawnwatch.monitoring.axes import AXES, Axis
from dawnwatch.monitoring.flips import drops_of, flips, inexact
from dawnwatch.monitoring.judging import judge
from dawnwatch.monitoring.moving import Moving
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.weighing import Weighed, weigh
from dawnwatch.triage.severity import first_rule

__all__ = ["judged_under", "what_if"]


def judged_under(seen: Observation, config: Config, *, label: str | None = None) -> TriagePacket:
    """Judge a run again under this configuration."""
    return judge(seen, seen.run(config), label=label, step=lambda step: None)


def what_if(
    seen: Observation, config: Config, *, packet: str | None = None, names: Iterable[str] | None = None
) -> WhatIf:
    """Return how severity and verdicts depend on each threshold.

    Every verdict compares something measured with its threshold, so it can only change where the threshold equals
    what was measured (or, for YELLOW, what follows from it). Judging at these values and between each two of them
    therefore finds every flip; and at each of them only the checks that turn there are judged again, so that the
    time grows with the number of checks. What comes from counts is exact; an AUC that is read off score bins is so
    within its bound, and the answer then says between which values the flip lies.

    Parameters
    ----------
    packet : identity of the packet, to be quoted
    names : thresholds to move, of `AXES`; by default all

    Raises
    ------
    UsageError
        Where a name is none of them.
    """
    chosen = list(AXES) if names is None else list(names)
    for name in chosen:
        if name not in AXES:
            raise UsageError(f"no threshold {name!r} to move.{did_you_mean(name, AXES)} There are: {', '.join(AXES)}")
    weighed = weigh(seen, seen.run(config), step=lambda step: None)
    rule = first_rule(config.rules, weighed.evidence.facts)
    sweeps = [_sweep(AXES[name], weighed, config) for name in chosen]
    return WhatIf(packet=packet, project=config.project.name, severity=rule.severity, rule=rule.name, sweeps=sweeps)


def _sweep(axis: Axis, weighed: Weighed, config: Config) -> Sweep:
    drops = drops_of(weighed.evidence.performance) if axis.name == "auc_drop" else {}
    sweep = Sweep(
        threshold=axis.name,
        title=axis.title,
        means=axis.means,
        now=axis.value(config),
        steps=_steps(axis, weighed, config),
        seeds=[],
        held=[*axis.held(config), *_otherwise_judged(axis, weighed)],
        intervals={name: drop.interval for name, drop in drops.items() if drop.interval},
        bounds={name: drop.bound for name, drop in drops.items() if drop.bound > 0},
        notes=inexact(drops.values()),
    )
    falls = {name: drop.value for name, drop in drops.items()}
    seeds = [_seed(sweep, value, why, falls) for value, why in axis.seeds]
    return sweep.model_copy(update={"flips": flips(sweep, falls), "seeds": seeds})


def _otherwise_judged(axis: Axis, weighed: Weighed) -> list[str]:
    """Return the features that are judged by another distance than the PSI, where it is the PSI's bound that moves."""
    return [f.name for f in weighed.evidence.drift.features if f.method != PSI] if axis.name == PSI else []


def _steps(axis: Axis, weighed: Weighed, config: Config) -> list[Step]:
    """Walk up the threshold's range, judging at every place what turns there."""
    moving = Moving(weighed, config, axis.name)
    steps: list[Step] = []
    for value, span, due in _places(axis, moving.turns(config)):
        moved = axis.move(config, value)
        turned = moving.judge(moved, moving.verdicts if due is None else due)
        rule = first_rule(config.rules, moving.facts(moved))
        if not steps:
            steps = [Step(span=span, severity=rule.severity, rule=rule.name, turned=moving.verdicts)]
        elif turned or steps[-1].rule != rule.name:
            steps.append(Step(span=span, severity=rule.severity, rule=rule.name, turned=turned))
        else:
            steps[-1] = steps[-1].model_copy(update={"span": steps[-1].span.to(span)})
    return steps


def _seed(sweep: Sweep, value: float, why: str, falls: dict[str, float]) -> Seed:
    step = sweep.at(value)
    fine = {Band.GREEN.value, Outcome.PASSED.value}
    flagged = {name: verdict for name, verdict in sweep.verdicts_at(value).items() if verdict not in fine}
    unsure = [name for name, bound in sweep.bounds.items() if abs(falls[name] - value) <= bound]
    return Seed(value=value, why=why, severity=step.severity, rule=step.rule, flagged=flagged, unsure=unsure)


def _places(axis: Axis, turns: dict[float, list[str]]) -> Iterator[tuple[float, Span, list[str] | None]]:
    """Yield a value to judge at for every turn and for every gap between two.

    With each come the values it stands for, and the checks whose verdict can be another than at the place before;
    None: all of them.
    """
    inner = sorted(t for t in turns if t > axis.least and (axis.most is None or t < axis.most))
    due: list[str] | None = None
    if axis.least_included:
        yield 0.0, Span(low=0.0, high=0.0, low_included=True, high_included=True), due
        due = turns.get(0.0, [])
    for low, high in zip([0.0, *inner], [*inner, axis.most], strict=True):
        least = max(low, axis.least)
        within = 2 * low + 1 if high is None else (least + high) / 2
        if high is None or least < within < high:  # two neighbouring floats have nothing between them
            yield within, Span(low=low, high=high, low_included=False, high_included=False), due
            due = []
        if high is not None:
            at = turns.get(high, [])
            yield (
                high,
                Span(low=high, high=high, low_included=True, high_included=True),
                None if due is None else due + at,
            )
            due = at
