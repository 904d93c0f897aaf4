"""The severity table: ordered rules over named facts. The first rule that holds gives the severity."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

from dawnwatch.errors import did_you_mean
from dawnwatch.model.base import Severity

__all__ = ["DEFAULT_RULES", "DEFAULT_SLA", "FACTS", "PolicyRule", "check_rules", "parse_hours"]

FACTS: dict[str, str] = {
    "performance_degraded": "the AUC fell by more than its threshold, beyond noise, overall or in a declared slice",
    "drop_within_noise": "the AUC fell by more than its threshold, but within noise, overall or in a declared slice",
    "red_drift": "a watched feature is in the RED band",
    "yellow_drift": "a watched feature is in the YELLOW band",
    "quality_failed": "a data quality check failed",
    "pillar_not_judged": "a pillar unexpectedly could not be judged",
    "check_not_judged": "a configured check unexpectedly could not be judged",
    "check_errored": "a check faulted",
}
"""Everything a rule may ask, with its meaning."""

DEFAULT_SLA = {Severity.CRITICAL: "4h", Severity.HIGH: "24h", Severity.MEDIUM: "14d", Severity.LOW: "none"}


class PolicyRule(BaseModel):
    """One row of the table: it holds when every fact in `all`, one in `any` (if given) and none in `none` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    severity: Severity
    all: list[str] = []
    any: list[str] = []
    none: list[str] = []

    def holds(self, facts: frozenset[str]) -> bool:
        """Whether this rule fires on the facts that are true."""
        return (
            facts.issuperset(self.all)
            and (not self.any or not facts.isdisjoint(self.any))
            and facts.isdisjoint(self.none)
        )

    @property
    def text(self) -> str:
        """The condition in words."""
        parts = [" and ".join(FACTS[f] for f in self.all)] if self.all else []
        if self.any:
            parts.append(" or ".join(FACTS[f] for f in self.any))
        if self.none:
            parts.append("not: " + " or ".join(FACTS[f] for f in self.none))
        return "; ".join(parts) or "all checks pass"


def _rule(name: str, severity: Severity, *facts: str) -> PolicyRule:
    return PolicyRule(name=name, severity=severity, all=list(facts))


DEFAULT_RULES: list[PolicyRule] = [
    _rule("degraded_and_red_drift", Severity.CRITICAL, "performance_degraded", "red_drift"),
    _rule("performance_degraded", Severity.HIGH, "performance_degraded"),
    _rule("red_drift", Severity.HIGH, "red_drift"),
    _rule("quality_failed", Severity.MEDIUM, "quality_failed"),
    _rule("yellow_drift", Severity.MEDIUM, "yellow_drift"),
    _rule("drop_within_noise", Severity.MEDIUM, "drop_within_noise"),
    _rule("pillar_not_judged", Severity.MEDIUM, "pillar_not_judged"),
    _rule("check_errored", Severity.MEDIUM, "check_errored"),
    _rule("check_not_judged", Severity.MEDIUM, "check_not_judged"),
    _rule("all_checks_pass", Severity.LOW),
]


def check_rules(rules: list[PolicyRule]) -> None:
    """Raise ValueError where a rule names an unknown fact, or where no last rule catches what is left."""
    for rule in rules:
        for fact in [*rule.all, *rule.any, *rule.none]:
            if fact not in FACTS:
                raise ValueError(
                    f"rule {rule.name!r} asks for the unknown fact {fact!r}.{did_you_mean(fact, FACTS)} "
                    f"Known facts: {', '.join(FACTS)}"
                )
    if not rules or rules[-1].all or rules[-1].any or rules[-1].none:
        raise ValueError("the last rule must have no condition, so that nothing falls between the rows")
    names = [rule.name for rule in rules]
    if len(set(names)) < len(names):
        raise ValueError("two rules have the same name")


def parse_hours(text: str) -> float | None:
    """Return the hours of "4h", "14d" or "2w"; None for "none". Raises ValueError otherwise."""
    if text == "none":
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([hdw])", text)
    if not match:
        raise ValueError(f'must be a number with h, d or w, such as "24h", or "none"; got {text!r}')
    return float(match[1]) * {"h": 1, "d": 24, "w": 168}[match[2]]
