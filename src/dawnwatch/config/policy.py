"""The severity table: ordered rules over named facts. The first rule that holds gives the severity."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dawnwatch.errors import did_you_mean
from dawnwatch.model.enums import Severity

__all__ = [
    "DEFAULT_RULES",
    "DEFAULT_SLA",
    "ESTIMATE_GAP",
    "FACTS",
    "INFORMING",
    "MEANING",
    "PolicyRule",
    "check_rules",
    "parse_hours",
    "with_rule",
]

FACTS: dict[str, str] = {
    "performance_degraded": "the AUC fell by more than its threshold, and not by noise alone, overall or in a declared "
    "slice",
    "drop_within_noise": "the AUC fell by more than its threshold, but within noise, overall or in a declared slice",
    "red_drift": "a watched feature is in the RED band",
    "red_within_noise": "a watched feature is in the RED band, but within noise",
    "yellow_drift": "a watched feature is in the YELLOW band",
    "too_few_units": "too few units tell from chance what a watched feature in the RED band or a fall of the AUC above "
    "its threshold is, or the AUC as a whole",
    "serving_failed": "logged scores are not what the model gives for the logged features",
    "serving_doubtful": "the logged scores look as if they were not the model's, and no model was there to be asked",
    "clock_displaced": "a watched feature that follows from the time of day is from another clock than its row's time",
    "feature_lagged": "a feature holds the values of rows that many before, in rows of other units",
    "version_worse": "one version of the model ranks worse than the others in the window by more than the threshold of "
    "the AUC's fall, and not by noise alone",
    "red_prediction_drift": "the scores' distribution is in the RED band, and not by noise alone",
    "red_label_drift": "the labels' distribution is in the RED band, and not by noise alone",
    "estimate_gap": "metrics estimated without labels differ from what labels realise by more than chance: labels no "
    "longer go with scores as they did",
    "windows_told_apart": "a classifier tells the windows apart by all features at once, beyond its threshold and not "
    "by noise alone",
    "quality_failed": "a data quality check failed",
    "pillar_blinded": "a pillar is blinded: a column the model reads or the scores are absent, mostly missing or of "
    "another type, or the scores are all one",
    "data_late": "the newest row is older than [feed] lets pass",
    "rows_missing": "fewer rows came than [feed] expects",
    "feed_broken": "a column holds no value in any row, where the reference's does, or rows are dated after the run, "
    "or labels before their row, after the run or not at all",
    "label_feed_stopped": "rows go on without any label, or none has come for longer than they take",
    "reference_stale": "the reference is older than [feed] lets pass",
    "pillar_not_judged": "a pillar unexpectedly could not be judged",
    "check_not_judged": "a configured check unexpectedly could not be judged",
    "check_errored": "a check faulted",
    "accuracy_not_judged": "accuracy is not judged, as configured: labels come late, or no label or score is named",
}
"""Everything a rule may ask, with its meaning."""

INFORMING: dict[str, str] = {
    "prediction": "red_prediction_drift",
    "label": "red_label_drift",
    "domain": "windows_told_apart",
}
"""What informs only, unless a rule asks for its fact."""

ESTIMATE_GAP = "estimate_gap"
"""What informs only, too, unless `[performance] estimate_gap` or a rule asks for it."""

LONGEST = 10 * 365 * 24
DEFAULT_SLA = {Severity.CRITICAL: "4h", Severity.HIGH: "24h", Severity.MEDIUM: "14d", Severity.LOW: "none"}

MEANING = {
    Severity.CRITICAL: "act now",
    Severity.HIGH: "urgent review",
    Severity.MEDIUM: "investigate in the next sprint",
    Severity.LOW: "routine monitoring",
}
"""How soon each severity asks its owner to act. What to do is the decision's to say: a severity names no action."""


class PolicyRule(BaseModel):
    """One row of the table: it holds when every fact in `all`, one in `any` (if given) and none in `none` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
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
        parts = [", and ".join(FACTS[f] for f in self.all)] if self.all else []
        if self.any:
            parts.append(", or ".join(FACTS[f] for f in self.any))
        if self.none:
            parts.append("not: " + ", or ".join(FACTS[f] for f in self.none))
        return "; ".join(parts) or "no other rule holds"


def _rule(name: str, severity: Severity, *facts: str) -> PolicyRule:
    return PolicyRule(name=name, severity=severity, all=list(facts))


DEFAULT_RULES: list[PolicyRule] = [
    _rule("degraded_and_red_drift", Severity.CRITICAL, "performance_degraded", "red_drift"),
    # Before the fall it may explain: who is called must know that the scores, not the world, are wrong.
    _rule("serving_failed", Severity.HIGH, "serving_failed"),
    _rule("version_worse", Severity.HIGH, "version_worse"),
    _rule("performance_degraded", Severity.HIGH, "performance_degraded"),
    _rule("red_drift", Severity.HIGH, "red_drift"),
    # What is not seen may be as bad as what is.
    _rule("pillar_blinded", Severity.HIGH, "pillar_blinded"),
    _rule("data_late", Severity.HIGH, "data_late"),
    _rule("quality_failed", Severity.MEDIUM, "quality_failed"),
    _rule("serving_doubtful", Severity.MEDIUM, "serving_doubtful"),
    _rule("clock_displaced", Severity.MEDIUM, "clock_displaced"),
    _rule("feature_lagged", Severity.MEDIUM, "feature_lagged"),
    _rule("feed_broken", Severity.MEDIUM, "feed_broken"),
    _rule("rows_missing", Severity.MEDIUM, "rows_missing"),
    _rule("label_feed_stopped", Severity.MEDIUM, "label_feed_stopped"),
    _rule("yellow_drift", Severity.MEDIUM, "yellow_drift"),
    _rule("drop_within_noise", Severity.MEDIUM, "drop_within_noise"),
    _rule("red_within_noise", Severity.MEDIUM, "red_within_noise"),
    _rule("too_few_units", Severity.MEDIUM, "too_few_units"),
    _rule("pillar_not_judged", Severity.MEDIUM, "pillar_not_judged"),
    _rule("check_errored", Severity.MEDIUM, "check_errored"),
    _rule("check_not_judged", Severity.MEDIUM, "check_not_judged"),
    _rule("reference_stale", Severity.LOW, "reference_stale"),
    # What was not judged is no pass, so it does not go by the name of one.
    _rule("accuracy_not_judged", Severity.LOW, "accuracy_not_judged"),
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
    for rule, after in pairwise(rules):
        if not (rule.all or rule.any or rule.none):
            raise ValueError(
                f"rule {rule.name!r} has no condition, so {after.name!r} after it can never hold; put it last"
            )
    names = [rule.name for rule in rules]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ValueError(f"two rules are named {twice[0]!r}")


def with_rule(rules: list[PolicyRule], rule: PolicyRule) -> list[PolicyRule]:
    """Return the table with a rule behind those that are at least as severe; the last stays last."""
    later = (at for at, other in enumerate(rules[:-1]) if other.severity.rank < rule.severity.rank)
    at = next(later, len(rules) - 1)
    return [*rules[:at], rule, *rules[at:]]


def parse_hours(text: str) -> float | None:
    """Return the hours of "4h", "14d" or "2w"; None for "none". Raises ValueError otherwise."""
    if text == "none":
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([hdw])", text)
    if not match:
        raise ValueError(f'must be a number with h, d or w, such as "24h", or "none"; got {text!r}')
    hours = float(match[1]) * {"h": 1, "d": 24, "w": 168}[match[2]]
    if hours > LONGEST:
        raise ValueError(f'must be at most 10 years; use "none" where nothing is due; got {text!r}')
    return hours
