"""The severity table against the issue's own sentence, over combinations of facts."""

from __future__ import annotations

from itertools import combinations as combine

import pytest

from dawnwatch.config import Config
from dawnwatch.config.policy import (
    DEFAULT_RULES,
    DEFAULT_SLA,
    ESTIMATE_GAP,
    FACTS,
    INFORMING,
    PolicyRule,
    parse_hours,
    with_rule,
)
from dawnwatch.model.enums import Severity
from dawnwatch.triage.severity import first_rule


def severity_by_the_book(facts: frozenset[str]) -> tuple[str, set[str]]:
    """The severity in words, and the names of the rules that may have given it."""
    degraded, red = "performance_degraded" in facts, "red_drift" in facts
    if degraded and red:
        return "critical", {"degraded_and_red_drift"}
    if "serving_failed" in facts:
        return "high", {"serving_failed"}
    if "version_worse" in facts:
        return "high", {"version_worse"}
    if degraded:
        return "high", {"performance_degraded"}
    if red:
        return "high", {"red_drift"}
    unseen = {"pillar_blinded", "data_late"} & facts
    if unseen:
        return "high", set(unseen)
    reasons = {"yellow_drift", "quality_failed", "drop_within_noise", "red_within_noise", "too_few_units"}
    reasons |= {"pillar_not_judged", "check_not_judged", "check_errored"}
    reasons |= {
        "serving_doubtful",
        "clock_displaced",
        "feature_lagged",
        "feed_broken",
        "rows_missing",
        "label_feed_stopped",
    }
    if facts & reasons:
        return "medium", set(facts & reasons)
    if "reference_stale" in facts:
        return "low", {"reference_stale"}
    return "low", {"accuracy_not_judged"} if "accuracy_not_judged" in facts else {"all_checks_pass"}


def combinations() -> list[frozenset[str]]:
    """Every set of up to three facts, and every set that lacks up to three: a rule of the table asks for two."""
    few = [frozenset(chosen) for size in range(4) for chosen in combine(FACTS, size)]
    return [*few, *(frozenset(FACTS) - chosen for chosen in few)]


def test_every_combination_of_facts() -> None:
    assert max(len(rule.all) + len(rule.any) + len(rule.none) for rule in DEFAULT_RULES) == 2
    for facts in combinations():
        severity, names = severity_by_the_book(facts)
        rule = first_rule(DEFAULT_RULES, facts)
        assert rule.severity.value == severity, facts
        assert rule.name in names, facts


def test_every_rule_is_reached_and_has_a_name_of_its_own() -> None:
    reached = {first_rule(DEFAULT_RULES, facts).name for facts in combinations()}
    assert reached == {rule.name for rule in DEFAULT_RULES}
    assert len(reached) == len(DEFAULT_RULES)


INFORM_ONLY = {"accuracy_not_judged", ESTIMATE_GAP, *INFORMING.values()}


@pytest.mark.parametrize("fact", [fact for fact in FACTS if fact not in INFORM_ONLY])
def test_each_fact_alone_gives_the_rule_of_its_name(fact: str) -> None:
    assert first_rule(DEFAULT_RULES, frozenset({fact})).name == fact


def test_what_was_not_judged_does_not_go_by_the_name_of_a_pass() -> None:
    assert first_rule(DEFAULT_RULES, frozenset({"accuracy_not_judged"})).name == "accuracy_not_judged"
    assert first_rule(DEFAULT_RULES, frozenset()).name == "all_checks_pass"


@pytest.mark.parametrize("severity", [s for s in Severity if s is not Severity.LOW])
def test_an_added_rule_stands_behind_those_as_severe_and_before_the_last(severity: Severity) -> None:
    added = PolicyRule(name="added", severity=severity, all=["red_label_drift"])
    for table in (DEFAULT_RULES, DEFAULT_RULES[-1:], DEFAULT_RULES[:2] + DEFAULT_RULES[-1:]):
        found = with_rule(table, added)
        at = found.index(added)
        assert [*found[:at], *found[at + 1 :]] == table
        assert at < len(found) - 1
        assert all(rule.severity.rank >= severity.rank for rule in found[:at])
        assert all(rule.severity.rank < severity.rank for rule in found[at + 1 :])


def test_a_rule_holds_by_all_any_and_none() -> None:
    rule = PolicyRule(
        name="r",
        severity=Severity.HIGH,
        all=["quality_failed"],
        any=["red_drift", "yellow_drift"],
        none=["check_errored"],
    )
    for facts in combinations():
        by_hand = (
            "quality_failed" in facts
            and ("red_drift" in facts or "yellow_drift" in facts)
            and "check_errored" not in facts
        )
        assert rule.holds(facts) == by_hand
    assert rule.text == (
        "a data quality check failed; a watched feature is in the RED band, or a watched feature is in the YELLOW "
        "band; not: a check faulted"
    )


def test_a_users_table_replaces_the_default() -> None:
    rules = [
        {"name": "anything", "severity": "critical", "any": ["yellow_drift", "quality_failed"]},
        {"name": "rest", "severity": "low"},
    ]
    policy = Config.from_dict({"policy": rules}).policy
    assert first_rule(policy, frozenset({"yellow_drift"})).name == "anything"
    rest = first_rule(policy, frozenset({"performance_degraded", "red_drift"}))
    assert (rest.name, rest.severity) == ("rest", Severity.LOW)
    # The catch-all of a user's table must not claim what it does not know.
    assert rest.text == "no other rule holds"


@pytest.mark.parametrize(
    ("text", "hours"),
    [("4h", 4), ("24h", 24), ("14d", 336), ("2w", 336), ("1.5h", 1.5), ("0h", 0), ("4 h", 4), ("none", None)],
)
def test_sla_texts(text: str, hours: float | None) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize(
    "text", ["", "4", "h", "4m", "-4h", "4h30", "None", "1e3h", "inf", "nanh", "4h ", "9" * 400 + "w"]
)
def test_sla_texts_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_hours(text)


def test_default_sla_is_the_issues() -> None:
    sla = Config.from_dict({}).sla
    assert {severity: sla.hours(severity) for severity in Severity} == {
        Severity.CRITICAL: 4,
        Severity.HIGH: 24,
        Severity.MEDIUM: 14 * 24,
        Severity.LOW: None,
    }
    assert set(DEFAULT_SLA) == set(Severity)
