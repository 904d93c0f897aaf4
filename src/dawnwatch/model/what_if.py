"""What a packet would have said under other thresholds."""

from __future__ import annotations

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Severity
from dawnwatch.model.measurement import Interval

__all__ = ["Flip", "Seed", "Span", "Step", "Sweep", "WhatIf"]


class Span(Frozen):
    """Values a threshold may take. `high` is null where there is no upper end."""

    low: float
    high: float | None
    low_included: bool
    high_included: bool

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        above = value > self.low or (self.low_included and value == self.low)
        return above and (self.high is None or value < self.high or (self.high_included and value == self.high))

    def to(self, later: Span) -> Span:
        """Return the span from this one's lower end to the upper end of one that follows."""
        return Span(low=self.low, low_included=self.low_included, high=later.high, high_included=later.high_included)


class Step(Frozen):
    """Values of one threshold under which every verdict is the same."""

    span: Span
    severity: Severity
    rule: str
    turned: dict[str, str]
    """Checks with another verdict than in the step before: GREEN, YELLOW, RED, passed, warned or failed. In the first
    step, every check that this threshold judges and that was computed."""


class Seed(Frozen):
    """One value worth knowing the answer for, and why."""

    value: float
    why: str
    severity: Severity
    rule: str
    flagged: dict[str, str]
    """Checks that would not pass, with their verdict."""
    unsure: list[str] = []
    """Checks that measured so near to the value that the error of score bins decides their verdict."""


class Flip(Frozen):
    """Where severity or rule changes as a threshold grows."""

    value: float
    """Where it does by what was measured."""
    included: bool
    """Whether what comes after holds at `value` already."""
    low: float
    high: float
    """It lies surely from `low` to `high`; both equal `value` where that is exact."""
    before: Severity
    after: Severity

    @property
    def gap(self) -> Span | None:
        """Values at which the verdict is not known; None where the flip is exact."""
        if self.low == self.high:
            return None
        return Span(low=self.low, high=self.high, low_included=True, high_included=False)


class Sweep(Frozen):
    """One threshold moved over its range, all others as they were."""

    threshold: str
    """Its name in dawnwatch.toml."""
    title: str
    """Its name for people: "AUC drop"."""
    means: str
    """What its value means, in words: "largest fall that passes"."""
    now: float
    steps: list[Step]
    """In increasing order, without a gap, by what was measured; `bounds` says how exact that is."""
    flips: list[Flip] = []
    """Where severity or rule changes, in increasing order."""
    seeds: list[Seed]
    held: list[str] = []
    """Checks with a threshold of their own, which this one does not move."""

    intervals: dict[str, Interval] = {}
    """Of checks that measure with an interval: how sure what they measured is."""
    bounds: dict[str, float] = {}
    """Of checks that are read off score bins: by how much at most what they measured may be off; others are exact."""
    notes: list[str] = []
    """What makes these answers less than exact."""

    @property
    def severities(self) -> list[Step]:
        """Steps of equal severity and rule made one; what turned is as in the first."""
        found: list[Step] = []
        for step in self.steps:
            if found and (found[-1].severity, found[-1].rule) == (step.severity, step.rule):
                found[-1] = found[-1].model_copy(update={"span": found[-1].span.to(step.span)})
            else:
                found.append(step)
        return found

    @property
    def turning(self) -> dict[str, list[tuple[Span, str]]]:
        """The checks whose verdict this threshold decides: each with its verdicts in turn."""
        starts: dict[str, list[tuple[int, str]]] = {}
        for place, step in enumerate(self.steps):
            for name, verdict in step.turned.items():
                starts.setdefault(name, []).append((place, verdict))
        found = {}
        for name, turns in starts.items():
            ends = [*(place for place, _ in turns[1:]), len(self.steps)]
            found[name] = [
                (self.steps[place].span.to(self.steps[end - 1].span), verdict)
                for (place, verdict), end in zip(turns, ends, strict=True)
            ]
        return {name: spans for name, spans in found.items() if len(spans) > 1}

    @property
    def bands(self) -> list[tuple[Span, Step | None]]:
        """The range in increasing order: each severity with the values at which it is sure; None: a flip lies there."""
        gaps: list[Span] = []
        for gap in filter(None, (flip.gap for flip in self.flips)):
            if gaps and gaps[-1].high is not None and gap.low <= gaps[-1].high:
                gaps[-1] = gaps[-1].to(gap)
            else:
                gaps.append(gap)
        sure = ((_between(step.span, gaps), step) for step in self.severities)
        found: list[tuple[Span, Step | None]] = [(span, step) for span, step in sure if span is not None]
        return sorted(
            [*found, *((gap, None) for gap in gaps)], key=lambda band: (band[0].low, not band[0].low_included)
        )

    def at(self, value: float) -> Step:
        """Return the step that holds a value."""
        return next(step for step in self.steps if step.span.holds(value))

    def verdicts_at(self, value: float) -> dict[str, str]:
        """Return the verdict of every check with the threshold at a value."""
        found: dict[str, str] = {}
        for step in self.steps:
            found |= step.turned
            if step.span.holds(value):
                break
        return found


class WhatIf(Frozen):
    """A run's severity as each threshold moves."""

    packet: str | None
    """Identity of the packet whose counts were judged again."""
    project: str
    severity: Severity
    rule: str
    sweeps: list[Sweep]


def _between(span: Span, gaps: list[Span]) -> Span | None:
    """Return what of a span lies between the gaps that its ends lie in; None where nothing does."""
    for gap in gaps:
        if gap.high is None:
            continue
        if gap.low <= span.low < gap.high:
            span = span.model_copy(update={"low": gap.high, "low_included": True})
        if span.high is not None and gap.low <= span.high < gap.high:
            span = span.model_copy(update={"high": gap.low, "high_included": False})
    return None if span.high is not None and span.low >= span.high and not span.holds(span.low) else span
