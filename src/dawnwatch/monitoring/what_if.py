"""Moving thresholds over a run that was profiled: where the severity flips, without reading a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dawnwatch.checks.needs import RunContext
from dawnwatch.config import Config
from dawnwatch.config.thresholds import LEAST_PSI
from dawnwatch.errors import UsageError, did_you_mean
from dawnwatch.model.certainty import doubt
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sections import QualityCheck
from dawnwatch.model.what_if import Seed, Span, Step, Sweep, WhatIf
from dawnwatch.monitoring.flips import JUDGED, drops_of, flips, inexact
from dawnwatch.monitoring.judging import Observation, judge

__all__ = ["AXES", "Axis", "judged_under", "what_if"]


@dataclass(frozen=True)
class Axis:
    """A threshold that can be moved.

    Attributes
    ----------
    least, most : between which it can be set
    least_included : whether it can be set to `least`, which then is a case of its own
    move : the configuration with the threshold at a value
    verdicts : of each check that it judges, by name
    turns : values at which a verdict can change
    """

    name: str
    title: str
    means: str
    least: float
    most: float | None
    least_included: bool
    seeds: tuple[tuple[float, str], ...]
    value: Callable[[Config], float]
    move: Callable[[Config, float], Config]
    verdicts: Callable[[TriagePacket], dict[str, str]]
    turns: Callable[[TriagePacket, Config], Iterable[float]]
    held: Callable[[Config], list[str]]


def judged_under(seen: Observation, config: Config, *, label: str | None = None) -> TriagePacket:
    """Judge a run again under this configuration."""
    baselines = seen.baselines
    run = RunContext(config, baselines.drift, baselines.performance, seen.current)
    return judge(seen, run, label=label, step=lambda step: None)


def what_if(
    seen: Observation, config: Config, *, packet: str | None = None, names: Iterable[str] | None = None
) -> WhatIf:
    """Return how severity and verdicts depend on each threshold.

    Every verdict compares something measured with its threshold, so it can only change where the threshold equals
    what was measured (or, for YELLOW, what follows from it). Judging at these values and between each two of them
    therefore finds every flip. What comes from counts is exact; an AUC that is read off score bins is so within its
    bound, and the answer then says between which values the flip lies.

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
    now = judged_under(seen, config)
    sweeps = [_sweep(AXES[name], seen, config, now) for name in chosen]
    return WhatIf(packet=packet, project=now.project, severity=now.severity, rule=now.rule, sweeps=sweeps)


def _sweep(axis: Axis, seen: Observation, config: Config, now: TriagePacket) -> Sweep:
    def step(value: float, span: Span) -> Step:
        found = judged_under(seen, axis.move(config, value))
        return Step(span=span, severity=found.severity, rule=found.rule, verdicts=axis.verdicts(found))

    steps: list[Step] = []
    for value, span in _places(axis, axis.turns(now, config)):
        found = step(value, span)
        same = steps and steps[-1].model_copy(update={"span": span}) == found
        if same:
            steps[-1] = steps[-1].model_copy(update={"span": steps[-1].span.to(span)})
        else:
            steps.append(found)
    drops = drops_of(now) if axis.name == "auc_drop" else {}
    bounds = {name: drop.bound for name, drop in drops.items() if drop.bound > 0}
    sweep = Sweep(
        threshold=axis.name,
        title=axis.title,
        means=axis.means,
        now=axis.value(config),
        steps=steps,
        seeds=[],
        held=[*axis.held(config), *_otherwise_judged(axis, now)],
        intervals={name: drop.interval for name, drop in drops.items() if drop.interval},
        bounds=bounds,
        notes=inexact(drops.values()),
    )
    falls = {name: drop.value for name, drop in drops.items()}
    seeds = [_seed(sweep, value, why, falls) for value, why in axis.seeds]
    return sweep.model_copy(update={"flips": flips(sweep, falls), "seeds": seeds})


def _otherwise_judged(axis: Axis, now: TriagePacket) -> list[str]:
    """Return the features that are judged by another distance than the PSI, where it is the PSI's bound that moves."""
    return [f.name for f in now.drift.features if f.method != PSI] if axis.name == PSI else []


def _seed(sweep: Sweep, value: float, why: str, falls: dict[str, float]) -> Seed:
    step = sweep.at(value)
    fine = {Band.GREEN.value, Outcome.PASSED.value}
    flagged = {name: verdict for name, verdict in step.verdicts.items() if verdict not in fine}
    unsure = [name for name, bound in sweep.bounds.items() if abs(falls[name] - value) <= bound]
    return Seed(value=value, why=why, severity=step.severity, rule=step.rule, flagged=flagged, unsure=unsure)


def _places(axis: Axis, turns: Iterable[float]) -> Iterable[tuple[float, Span]]:
    """Yield a value to judge at for every turn and for every gap between two, with the values it stands for."""
    inner = sorted({t for t in turns if t > axis.least and (axis.most is None or t < axis.most)})
    if axis.least_included:
        yield 0.0, Span(low=0.0, high=0.0, low_included=True, high_included=True)
    for low, high in zip([0.0, *inner], [*inner, axis.most], strict=True):
        least = max(low, axis.least)
        within = 2 * low + 1 if high is None else (least + high) / 2
        if high is None or least < within < high:  # two neighbouring floats have nothing between them
            yield within, Span(low=low, high=high, low_included=False, high_included=False)
        if high is not None:
            yield high, Span(low=high, high=high, low_included=True, high_included=True)


def _drift_verdicts(packet: TriagePacket) -> dict[str, str]:
    found = {}
    for feature in packet.drift.features:
        if feature.band is not None and feature.method == PSI:
            unsure = doubt(feature.significance) if feature.band is not Band.GREEN else ""
            found[feature.name] = f"{feature.band.value}, {unsure}" if unsure else feature.band.value
    return found


def _drift_turns(packet: TriagePacket, config: Config) -> Iterable[float]:
    yield config.thresholds.psi.yellow
    for feature in packet.drift.features:
        if feature.psi is not None and feature.method == PSI:
            # YELLOW is half of RED where it was not set.
            yield from (feature.psi, 2 * feature.psi)


def _quality(
    kind: str,
) -> tuple[Callable[[TriagePacket], dict[str, str]], Callable[[TriagePacket, Config], Iterable[float]]]:
    def mine(packet: TriagePacket) -> list[QualityCheck]:
        return [c for c in packet.quality.checks if c.kind == kind and c.outcome in JUDGED]

    def verdicts(packet: TriagePacket) -> dict[str, str]:
        return {_check_name(c): c.outcome.value for c in mine(packet)}

    def turns(packet: TriagePacket, config: Config) -> Iterable[float]:
        return [c.failed_rows / c.rows for c in mine(packet) if c.failed_rows and c.rows]

    return verdicts, turns


def _check_name(check: QualityCheck) -> str:
    where = "the whole table" if check.column is None else check.column
    return f"{where}: {check.name}"


def _moved(option: str) -> Callable[[Config, float], Config]:
    return lambda config, value: config.override(**{option: value})  # type: ignore[arg-type]


_missing_verdicts, _missing_turns = _quality("missingness")

AXES = {
    axis.name: axis
    for axis in (
        Axis(
            name="psi",
            title="PSI",
            means="RED at or above it",
            least=LEAST_PSI,
            most=None,
            least_included=False,
            seeds=((0.05, "nearly everything flags"), (0.50, "only a catastrophe flags")),
            value=lambda config: config.thresholds.psi.red,
            move=_moved("psi"),
            verdicts=_drift_verdicts,
            turns=_drift_turns,
            held=lambda config: [n for n, c in config.columns.items() if c.psi and "red" in c.psi.model_fields_set],
        ),
        Axis(
            name="missing",
            title="Missing values",
            means="largest share that passes",
            least=0.0,
            most=1.0,
            least_included=True,
            seeds=((0.0, "any null fails"),),
            value=lambda config: config.thresholds.missing.max,
            move=_moved("missing"),
            verdicts=_missing_verdicts,
            turns=_missing_turns,
            held=lambda config: [
                n for n, c in config.columns.items() if c.missing and "max" in c.missing.model_fields_set
            ],
        ),
        Axis(
            name="auc_drop",
            title="AUC drop",
            means="largest fall that passes",
            least=0.0,
            most=1.0,
            least_included=True,
            seeds=((0.01, "noise or decay? the interval says"),),
            value=lambda config: config.thresholds.auc_drop.max,
            move=_moved("auc"),
            verdicts=lambda packet: {name: drop.outcome.value for name, drop in drops_of(packet).items()},
            turns=lambda packet, config: [drop.value for drop in drops_of(packet).values()],
            held=lambda config: [],
        ),
    )
}
"""The thresholds that can be moved, by name."""
