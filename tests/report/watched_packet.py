"""The demo's packet with broken serving, mixed versions and a late feed put into it."""

from __future__ import annotations

from tests.report import sample_packet

from dawnwatch.config.policy import DEFAULT_RULES
from dawnwatch.model.auc import Auc, Drop, VersionPerformance
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Example, Significance
from dawnwatch.model.packet import RuleInForce, TriagePacket
from dawnwatch.model.self_watch import Watch
from dawnwatch.model.serving import Serving, Symptom

STALE = "2,057 of 5,000 sampled scores (41.1%) are not what the model gives again: they are stale"
LINK = "the scores follow the features of their rows by 50% less than in the baseline"
LATE = "the newest row is 30 hours old (2026-03-01 00:00 UTC), and may be at most 26 hours"


def with_performance(**update: object) -> TriagePacket:
    base = sample_packet.metropulse()
    return base.model_copy(update={"performance": base.performance.model_copy(update=update)})


def rescored(outcome: Outcome = Outcome.FAILED) -> TriagePacket:
    """Two scores in five are an earlier row's; or the model could not be asked."""
    computed = outcome is Outcome.FAILED
    serving = Serving(
        outcome=outcome,
        score="score",
        reading="lagged" if computed else None,
        rows=5000 if computed else 12,
        differ=2057 if computed else 0,
        interval=(0.367, 0.457) if computed else None,
        reference_share=0.0,
        threshold=0.01,
        tolerance=1e-4,
        column="device_type" if computed else None,
        value=sample_packet.ATTACK if computed else None,
        message=STALE if computed else "only 12 sampled rows could be scored again (of 50)",
        examples=[Example(row=1965, values={"score": 0.4067689, sample_packet.ATTACK: 0.25})] * computed,
    )
    return with_performance(serving=serving)


def doubtful() -> TriagePacket:
    """No model at hand, and scores that follow their rows less than they did."""
    link = Symptom(
        name="link",
        score="score",
        outcome=Outcome.FAILED,
        value=0.498,
        interval=(0.461, 0.535),
        limit=0.2,
        message=LINK,
    )
    packet = with_performance(symptoms=[link], score_source="logged (column score)")
    return packet.model_copy(update={"provenance": packet.provenance.model_copy(update={"model": None})})


def mixed_versions() -> TriagePacket:
    """Version 7 ranks like a coin; a third has too few rows to be judged."""
    good = Auc(value=0.7652, interval=(0.747, 0.783), n=2378, positives=1200, bound=0.0016)
    bad = Auc(value=0.4990, interval=(0.467, 0.531), n=1622, positives=806, bound=0.0065)
    none = Auc(value=None, interval=None, n=12, positives=5)
    sure = Significance(significant=True, p_value=7e-26, level=0.001, tests=9, method="jackknife")

    def version(name: str, auc: Auc, others: Auc, value: float | None, outcome: Outcome) -> VersionPerformance:
        bounds = None if value is None else (value - 0.037, value + 0.037)
        return VersionPerformance(
            version=name,
            rows=auc.n,
            share=auc.n / 4012,
            reference_share=1.0 if auc is good else 0.0,
            auc=auc,
            others=others,
            drop=Drop(value=value, interval=bounds, confidence=0.95, outcome=outcome, significance=sure),
            against="the performance baseline" if outcome is Outcome.FAILED else "others",
            score_psi=None if value is None else 0.314,
            outcome=outcome,
            explains=outcome is Outcome.FAILED,
            reason="12 rows, and 100 or more are needed" if value is None else None,
        )

    return with_performance(
        versions=[
            version("6", good, bad, -0.2662, Outcome.PASSED),
            version(sample_packet.ATTACK, bad, good, 0.2648, Outcome.FAILED),
            version("8", none, good, None, Outcome.NOT_COMPUTED),
        ]
    )


def late_feed() -> TriagePacket:
    """Rows that are late, of a window that was asked for its age and its labels, under the default severity table."""
    watches = [
        Watch(
            name="freshness",
            outcome=Outcome.FAILED,
            subject=None,
            value=30.2,
            limit=26.0,
            unit="hours",
            message=LATE,
            fact="data_late",
        ),
        Watch(
            name="check",
            outcome=Outcome.FAILED,
            subject="quality.range",
            value=None,
            limit=None,
            unit="",
            message="quality.range of fare did not run: it faulted",
            fact=None,
        ),
        Watch(
            name="label_feed",
            outcome=Outcome.PASSED,
            subject="label",
            value=0.0,
            limit=0.1,
            unit="share of rows",
            message="labels come as long as rows do",
            fact="label_feed_stopped",
        ),
    ]
    policy = [
        RuleInForce.model_validate({**rule.model_dump(), "text": rule.name, "sla_hours": 4}) for rule in DEFAULT_RULES
    ]
    return sample_packet.metropulse().model_copy(update={"self_watch": watches, "policy": policy})
