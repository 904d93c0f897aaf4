"""The first rule that holds, and how soon its severity must be acted on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dawnwatch import Severity
from dawnwatch.config.policy import PolicyRule
from dawnwatch.triage.severity import first_rule, sla_for

NOW = datetime(2026, 2, 27, 6, 0, tzinfo=UTC)


def test_the_first_rule_that_holds_wins() -> None:
    rules = [
        PolicyRule(name="both", severity=Severity.CRITICAL, all=["red_drift", "quality_failed"]),
        PolicyRule(name="red", severity=Severity.HIGH, all=["red_drift"]),
        PolicyRule(name="red again", severity=Severity.LOW, all=["red_drift"]),
        PolicyRule(name="rest", severity=Severity.MEDIUM),
    ]
    assert first_rule(rules, frozenset({"red_drift", "quality_failed"})).name == "both"
    assert first_rule(rules, frozenset({"red_drift"})).name == "red"
    assert first_rule(rules, frozenset({"yellow_drift"})).name == "rest"


@pytest.mark.parametrize(
    ("severity", "hours", "text"),
    [
        (Severity.CRITICAL, 4, "act now, within 4 hours"),
        (Severity.CRITICAL, 1, "act now, within 1 hour"),
        (Severity.CRITICAL, 0.5, "act now, within 30 minutes"),
        (Severity.HIGH, 24, "urgent review, within 24 hours"),
        (Severity.HIGH, 36, "urgent review, within 36 hours"),
        (Severity.HIGH, 48, "urgent review, within 2 days"),
        (Severity.MEDIUM, 336, "investigate in the next sprint, within 14 days"),
        (Severity.MEDIUM, 50, "investigate in the next sprint, within 50 hours"),
        (Severity.LOW, 168, "routine monitoring, within 7 days"),
    ],
)
def test_what_is_due_and_when(severity: Severity, hours: float, text: str) -> None:
    sla = sla_for(severity, hours, NOW)
    assert sla.text == text
    assert sla.hours == hours
    assert sla.due_at == NOW + timedelta(hours=hours)


def test_a_severity_names_no_action_which_is_the_decisions_to_say() -> None:
    assert not any("roll" in sla_for(severity, 4, NOW).text for severity in Severity)


@pytest.mark.parametrize("severity", list(Severity))
def test_where_nothing_is_due(severity: Severity) -> None:
    sla = sla_for(severity, None, NOW)
    assert (sla.hours, sla.due_at) == (None, None)
    assert sla.text.endswith("; nothing is due")
