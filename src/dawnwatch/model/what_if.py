"""What a packet would have said under other thresholds."""

from __future__ import annotations

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Severity
from dawnwatch.model.measurement import Interval

__all__ = ["Seed", "Span", "Step", "Sweep", "WhatIf"]


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
    verdicts: dict[str, str]
    """Of each check that this threshold judges and that was computed: GREEN, YELLOW, RED, passed, warned or failed."""


class Seed(Frozen):
    """One value worth knowing the answer for, and why."""

    value: float
    why: str
    severity: Severity
    rule: str
    flagged: dict[str, str]
    """Checks that would not pass, with their verdict."""


class Sweep(Frozen):
    """One threshold moved over its range, all others as they were."""

    threshold: str
    title: str
    """What the value means, in words."""
    now: float
    steps: list[Step]
    """In increasing order, without a gap."""
    seeds: list[Seed]
    held: list[str] = []
    """Checks with a threshold of their own, which this one does not move."""

    intervals: dict[str, Interval] = {}
    """Of checks that measure with an interval: how sure what they measured is."""

    @property
    def severities(self) -> list[Step]:
        """Steps of equal severity and rule made one; the verdicts are those of the first."""
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
        found: dict[str, list[tuple[Span, str]]] = {}
        for step in self.steps:
            for name, verdict in step.verdicts.items():
                spans = found.setdefault(name, [])
                if spans and spans[-1][1] == verdict:
                    spans[-1] = (spans[-1][0].to(step.span), verdict)
                else:
                    spans.append((step.span, verdict))
        return {name: spans for name, spans in found.items() if len(spans) > 1}

    @property
    def flips(self) -> list[float]:
        """The exact values at which the severity changes."""
        bands: list[Step] = []
        for step in self.steps:
            if not bands or bands[-1].severity is not step.severity:
                bands.append(step)
        return [step.span.low for step in bands[1:]]

    def at(self, value: float) -> Step:
        """Return the step that holds a value."""
        return next(step for step in self.steps if step.span.holds(value))


class WhatIf(Frozen):
    """A run's severity as each threshold moves."""

    packet: str | None
    """Identity of the packet whose counts were judged again."""
    project: str
    severity: Severity
    rule: str
    sweeps: list[Sweep]
    notes: list[str] = []
    """What may make these answers differ from the packet's."""
