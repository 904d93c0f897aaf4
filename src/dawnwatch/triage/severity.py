"""Applying the severity table: the first rule that holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dawnwatch.config.policy import MEANING, PolicyRule
from dawnwatch.model.enums import Severity
from dawnwatch.model.numbers import duration
from dawnwatch.model.packet import Sla

__all__ = ["first_rule", "sla_for"]


def first_rule(rules: Sequence[PolicyRule], facts: frozenset[str]) -> PolicyRule:
    """Return the first rule that holds; the configuration made sure that the last one always does."""
    return next(rule for rule in rules if rule.holds(facts))


def sla_for(severity: Severity, hours: float | None, now: datetime) -> Sla:
    """Return how soon this severity must be acted on, and the time that makes it due; the decision says what to do."""
    meaning = MEANING[severity]
    if hours is None:
        return Sla(hours=None, due_at=None, text=f"{meaning}; nothing is due")
    return Sla(hours=hours, due_at=now + timedelta(hours=hours), text=f"{meaning}, within {duration(hours)}")
