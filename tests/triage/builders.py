"""Sections of a packet, built by hand with just what a test is about."""

from __future__ import annotations

from typing import Any

from dawnwatch.model.auc import Auc, Drop, SlicePerformance
from dawnwatch.model.drift import Drift, Novelty
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.measurement import Significance
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality, QualityCheck
from dawnwatch.model.score_meaning import Calibration
from dawnwatch.model.weak_slices import SliceCondition, WeakSlice
from dawnwatch.triage.evidence import Evidence

OUTCOME = {None: Outcome.NOT_COMPUTED, "GREEN": Outcome.PASSED, "YELLOW": Outcome.WARNED, "RED": Outcome.FAILED}


def quality_check(name: str, outcome: str, column: str | None = None, message: str = "found") -> QualityCheck:
    return QualityCheck(
        name=name,
        kind="schema",
        column=column,
        outcome=Outcome(outcome),
        failed_rows=None,
        rows=10,
        threshold=0.0,
        rule="rule",
        message=message,
    )


def feature(
    name: str, psi: float | None, band: str | None, moved: str | None = None, significance: Significance | None = None
) -> FeatureDrift:
    outcome = OUTCOME[band]
    if significance is not None and not significance.significant:
        outcome = Outcome.WARNED if band == "RED" else Outcome.PASSED
    return FeatureDrift(
        name=name,
        kind="categorical",
        psi=psi,
        band=Band(band) if band else None,
        outcome=outcome,
        significance=significance,
        yellow=0.1,
        red=0.2,
        reference_rows=10,
        current_rows=10,
        moved_most=moved,
        reason=None if band else "the window has no such column",
    )


def told(significant: bool | None, p_value: float | None = None) -> Significance:
    """How a test came out, with a p-value that goes with it; None where there were too few units."""
    usual = {True: 1e-6, False: 0.2, None: None}[significant]
    return Significance(
        significant=significant,
        p_value=usual if p_value is None else p_value,
        level=0.002,
        tests=5,
        unit="rider",
        units=9 if significant is None else 90,
        largest_unit=0.02,
        reason="too few units to judge: 9 rider values (of 50 needed)" if significant is None else None,
    )


def auc(value: float | None) -> Auc:
    return Auc(value=value, interval=None, n=100, positives=50)


def slice_of(column: str, value: str, drop: float, outcome: str) -> SlicePerformance:
    return SlicePerformance(
        column=column,
        value=value,
        reference=auc(0.8),
        current=auc(0.8 - drop),
        drop=Drop(
            value=drop,
            interval=None,
            confidence=0.95,
            outcome=Outcome(outcome),
            significance=told(outcome == "failed") if drop > 0.05 else None,
        ),
        outcome=Outcome(outcome),
    )


def performance(
    drop: float | None = 0.0,
    interval: tuple[float, float] | None = None,
    outcome: str = "passed",
    **more: Any,
) -> Performance:
    current = None if drop is None else 0.8 - drop
    settings: dict[str, Any] = {
        "reference": auc(0.8 if drop is not None else None),
        "current": auc(current),
        "drop": Drop(
            value=drop,
            interval=interval,
            confidence=0.95,
            outcome=_alone(drop, interval, more),
            significance=None if drop is None or more.get("significance") == "off" else told(_sure(interval)),
        ),
        "outcome": Outcome(outcome),
        "slices": [],
        "threshold": 0.05,
        "confidence": 0.95,
        "significance": "tested",
        "method": "exact",
        "baseline": "the holdout",
        "score_source": "logged",
    }
    return Performance(**(settings | more))


def _alone(drop: float | None, interval: tuple[float, float] | None, settings: dict[str, Any]) -> Outcome:
    """What the overall drop comes to without any slice: the issue's rule, at a threshold of 0.05."""
    if drop is None:
        return Outcome.NOT_COMPUTED
    if drop <= 0.05:
        return Outcome.PASSED
    sure = settings.get("significance") == "off" or _sure(interval)
    return Outcome.FAILED if sure else Outcome.WARNED


def _sure(interval: tuple[float, float] | None) -> bool:
    return interval is not None and interval[0] > 0


def not_computed(reason: str = "labels come late", *, expected: bool = True) -> Performance:
    return performance(None, outcome="not_computed", reason=reason, expected=expected)


def calibration(now: float, p_value: float) -> Calibration:
    """Return what scores are worth as chances: in the large `now`, and 0 on the baseline."""
    return Calibration(
        ece=0.1,
        ece_interval=(0.05, 0.15),
        ece_before=0.01,
        in_the_large=now,
        in_the_large_interval=(now - 0.01, now + 0.01),
        in_the_large_before=0.0,
        changed=p_value < 0.05,
        p_value=p_value,
        brier=0.2,
        brier_before=0.2,
        log_loss=0.5,
        log_loss_before=0.5,
        bins=[],
        confidence=0.95,
        message="On average the scores promise more than comes true: their level has moved",
    )


def evidence(
    checks: list[QualityCheck] | None = None,
    features: list[FeatureDrift] | None = None,
    judged: Performance | None = None,
    novelty: Novelty | None = None,
    **more: Any,
) -> Evidence:
    checks = [quality_check("schema", "passed")] if checks is None else checks
    features = [feature("age", 0.01, "GREEN")] if features is None else features
    quality = Quality(outcome=Outcome.worst([c.outcome for c in checks]), checks=checks)
    drift = Drift(
        outcome=Outcome.worst([f.outcome for f in features]), features=features, baseline="old", novelty=novelty
    )
    return Evidence(quality, drift, judged or performance(), **more)


def strangers(share: float) -> Novelty:
    return Novelty(
        unit="rider",
        against="training rows",
        current_share=share,
        current_rows=10,
        baseline_share=0.0,
        message=f"{share:.0%} of the current rows come from rider values that the training rows never held",
    )


def weak_slice(**changes: Any) -> WeakSlice:
    settings: dict[str, Any] = {
        "conditions": [
            SliceCondition(column="device", value="tablet", text="device = tablet"),
            SliceCondition(column="age", value="3 < x ≤ 5", text="3 < age ≤ 5"),
        ],
        "kind": "degradation",
        "rows_before": 2000,
        "rows_now": 1003,
        "share_before": 0.1,
        "share_now": 0.2,
        "reference": Auc(value=0.761, interval=(0.74, 0.78), n=2000, positives=900),
        "current": Auc(value=0.552, interval=(0.51, 0.59), n=1003, positives=400),
        "drop": 0.209,
        "drop_interval": (0.16, 0.26),
        "rest_drop": 0.004,
        "confidence": 0.95,
        "degradation": 0.03,
        "composition": 0.002,
        "contribution_interval": (0.02, 0.04),
        "share_of_drop": 0.64,
        "p_value": 1e-9,
        "q_value": 2e-7,
        "found_on": "half of the sampled rider values (2,500 rows now)",
        "confirmed_on": "the other half (2,500 rows now)",
    }
    return WeakSlice(**(settings | changes))
