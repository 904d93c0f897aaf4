"""Every action has its criteria and its word."""

from __future__ import annotations

from typing import get_args

from dawnwatch.explain.verdicts import CRITERIA
from dawnwatch.model.packet import Verdict
from dawnwatch.report.words import VERDICT


def test_every_verdict_has_its_criteria_and_its_word() -> None:
    assert set(CRITERIA) == set(get_args(Verdict)) == set(VERDICT)
