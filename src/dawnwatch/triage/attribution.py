"""Which of the things that moved between two runs moved a fact, or the severity.

Each run is measurements (current window, baselines, model), thresholds and a severity table. A cause is put to the
test by crossing the runs: the measurements of one under the thresholds of the other, and the other way round. What
changes the outcome by itself from the first run, and cannot be missed in the second, did it alone. Where a crossing
cannot be computed from the packets, the answer is that it cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import TypeVar

from dawnwatch.config.policy import PolicyRule
from dawnwatch.model.comparison import Attribution
from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import RuleInForce, TriagePacket
from dawnwatch.triage.rejudge import Facts, rejudge
from dawnwatch.triage.severity import first_rule

__all__ = ["PARTS", "Crossing", "attribute"]

PARTS = ("measured", "thresholds", "policy")
T = TypeVar("T")


class Crossing:
    """Two runs, and every run that takes each of its parts from either of them."""

    def __init__(self, before: TriagePacket, after: TriagePacket) -> None:
        runs = (before, after)
        # Under one configuration a run is its own crossing, also where a check was made for what the window held.
        alike = before.provenance.config_hash == after.provenance.config_hash
        self._facts = {
            (m, t): Facts(frozenset(runs[m].facts)) if m == t or alike else rejudge(runs[m], runs[t])
            for m, t in product((0, 1), repeat=2)
        }
        self._severities = (before.severity, after.severity)
        self._rules = [[_rule(rule) for rule in run.policy] for run in runs]

    def fact(self, name: str, parts: Sequence[int]) -> bool | None:
        """Whether a fact holds where the measurements and thresholds are those of run 0 or 1; None: cannot be told."""
        return self._facts[parts[0], parts[1]].get(name)

    def severity(self, parts: Sequence[int]) -> Severity | None:
        """The severity where each part of `PARTS` is that of run 0 or 1; None where it cannot be told."""
        measured, thresholds, policy = parts
        if measured == thresholds == policy:
            return self._severities[measured]
        rules, facts = self._rules[policy], self._facts[measured, thresholds]
        if not rules:
            return None
        # Whatever the unknown facts are: where all their values give one severity, that is it.
        found = {first_rule(rules, facts.holding | chosen).severity for chosen in _subsets(facts.unknown)}
        return found.pop() if len(found) == 1 else None


def _rule(rule: RuleInForce) -> PolicyRule:
    return PolicyRule(name=rule.name, severity=rule.severity, all=rule.all, any=rule.any, none=rule.none)


def _subsets(facts: Iterable[str]) -> list[frozenset[str]]:
    named = sorted(facts)
    return [
        frozenset(fact for fact, chosen in zip(named, picks, strict=True) if chosen)
        for picks in product((False, True), repeat=len(named))
    ]


def attribute(
    outcome: Callable[[Sequence[int]], T | None], moved: Sequence[int], parts: int
) -> tuple[Attribution, list[int]]:
    """Return which of the moved parts changed an outcome from its value in the first run to that in the second.

    Parameters
    ----------
    outcome : the outcome where part i comes from run `choice[i]`; None where it cannot be computed
    moved : positions of the parts that may have moved; the others are equal in both runs
    parts : how many parts a run has
    """
    end = outcome([1] * parts)
    switched = {part: outcome([int(i == part) for i in range(parts)]) for part in moved}
    undone = {part: outcome([int(i != part) for i in range(parts)]) for part in moved}
    if not moved or outcome([int(i in moved) for i in range(parts)]) != end:
        return "unknown", []  # the parts that moved do not explain it
    if len(moved) == 1:
        return "alone", list(moved)
    if None in switched.values() or None in undone.values():
        return "unknown", list(moved)
    enough = [part for part in moved if switched[part] == end]
    needed = [part for part in moved if undone[part] != end]
    if len(enough) == 1 and needed == enough:
        return "alone", enough
    if len(enough) > 1:
        return "either", enough
    if not enough and len(needed) > 1 and outcome([int(i in needed) for i in range(parts)]) == end:
        return "together", needed
    return "unknown", list(moved)
