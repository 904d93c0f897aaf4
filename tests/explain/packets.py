"""Packets that hold their severity table, as every run since schema 1.1 writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dawnwatch.config.policy import DEFAULT_RULES, PolicyRule
from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import RuleInForce, TriagePacket
from dawnwatch.triage.severity import first_rule
from tests.report import sample_packet

HOURS = {Severity.CRITICAL: 4.0, Severity.HIGH: 24.0, Severity.MEDIUM: 336.0, Severity.LOW: None}
FACTS = ("performance_degraded", "red_drift")


def in_force(rules: Iterable[PolicyRule]) -> list[RuleInForce]:
    return [RuleInForce(**rule.model_dump(), text=rule.text, sla_hours=HOURS[rule.severity]) for rule in rules]


def with_policy(
    packet: TriagePacket, rules: Sequence[PolicyRule] = DEFAULT_RULES, facts: Sequence[str] = FACTS
) -> TriagePacket:
    fired = first_rule(rules, frozenset(facts))
    return packet.model_copy(
        update={
            "policy": in_force(rules),
            "facts": sorted(facts),
            "rule": fired.name,
            "rule_text": fired.text,
            "severity": fired.severity,
        }
    )


def metropulse() -> TriagePacket:
    return with_policy(sample_packet.metropulse())


VARIANTS = {name: lambda make=make: with_policy(make()) for name, make in sample_packet.VARIANTS.items()}
