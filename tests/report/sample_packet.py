"""Packets as MetroPulse's runs give them, and variants that are hard to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import log

from dawnwatch.model.auc import Auc, Drop, SlicePerformance
from dawnwatch.model.causes import Cause, CauseSlice, Harm, PairGroup
from dawnwatch.model.drift import Drift, Novelty
from dawnwatch.model.enums import Band, Outcome, Severity
from dawnwatch.model.feature_drift import BinShare, FeatureDrift, UnseenValue
from dawnwatch.model.measurement import Example
from dawnwatch.model.packet import (
    Action,
    Decision,
    Diagnosis,
    Finding,
    HumanDecision,
    Provenance,
    Sla,
    ThresholdInForce,
    TopDrifter,
    TriagePacket,
    WindowFacts,
)
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality, QualityCheck

NOW = datetime(2026, 3, 2, 6, 0, 12, tzinfo=UTC)
COLUMNS = [
    "user_id",
    "item_id",
    "hour_bucket",
    "device_type",
    "user_affinity",
    "item_affinity",
    "label",
    "rating",
    "timestamp",
]
ATTACK = "</script><script>alert(1)</script>"


def feature(
    name: str,
    reference: dict[str, float],
    current: dict[str, float],
    *,
    yellow: float = 0.10,
    red: float = 0.20,
    kind: str = "categorical",
    **more: object,
) -> FeatureDrift:
    """A feature whose PSI is computed here from its shares."""
    bins = [
        BinShare(
            bin=name,
            reference=share,
            current=current[name],
            contribution=(current[name] - share) * log(current[name] / share)
            if share > 0 and current[name] > 0
            else 0.01 * (current[name] != share),
        )
        for name, share in reference.items()
    ]
    psi = sum(b.contribution for b in bins)
    band = Band.RED if psi >= red else Band.YELLOW if psi >= yellow else Band.GREEN
    outcome = {
        Band.RED: Outcome.FAILED,
        Band.YELLOW: Outcome.WARNED,
        Band.GREEN: Outcome.PASSED,
    }[band]
    most = max(bins, key=lambda b: b.contribution)
    return FeatureDrift.model_validate(
        {
            "name": name,
            "kind": kind,
            "psi": psi,
            "band": band,
            "outcome": outcome,
            "yellow": yellow,
            "red": red,
            "reference_rows": 70_000,
            "current_rows": 30_000,
            "bins": bins,
            "moved_most": f"{most.bin} from {most.reference:.1%} to {most.current:.1%}",
            **more,
        }
    )


def not_computed_feature(name: str = "trip_length") -> FeatureDrift:
    return FeatureDrift(
        name=name,
        kind="numeric",
        psi=None,
        band=None,
        outcome=Outcome.NOT_COMPUTED,
        yellow=0.1,
        red=0.2,
        reference_rows=70_000,
        current_rows=0,
        reason="every value of the current window is null",
    )


def passed(name: str, kind: str, column: str | None, rule: str, threshold: float | None = 0.0) -> QualityCheck:
    return QualityCheck.model_validate(
        {
            "name": name,
            "kind": kind,
            "column": column,
            "outcome": "passed",
            "failed_rows": 0,
            "rows": 30_000,
            "threshold": threshold,
            "rule": rule,
            "message": "0 of 30,000 rows fail",
        }
    )


def quality() -> Quality:
    checks = [passed("quality.schema", "schema", None, "the columns and types of the reference", None)]
    checks += [passed("quality.missingness", "missingness", c, "at most 5% missing", 0.05) for c in COLUMNS]
    checks += [
        passed("quality.range", "range", "hour_bucket", "one of night, morning, afternoon, evening"),
        passed("quality.range", "range", "device_type", "one of mobile, desktop, tablet"),
        passed("quality.range", "range", "user_affinity", "0 to 1"),
        passed("quality.range", "range", "item_affinity", "0 to 1"),
        passed("quality.range", "range", "rating", "1 to 5"),
        passed("quality.range", "range", "label", "0 or 1"),
        passed("quality.duplicates", "duplicates", None, "no two rows share user_id, item_id, timestamp"),
    ]
    return Quality(outcome=Outcome.PASSED, checks=checks)


def auc(value: float | None, half: float, n: int, positives: int) -> Auc:
    interval = None if value is None else (value - half, value + half)
    return Auc(value=value, interval=interval, n=n, positives=positives)


def slice_of(value: str, old: float, new: float, n: int, column: str = "device_type") -> SlicePerformance:
    drop = old - new
    outcome = Outcome.FAILED if drop - 0.022 > 0 and drop > 0.05 else Outcome.PASSED
    return SlicePerformance(
        column=column,
        value=value,
        reference=auc(old, 0.014, 4_660, 2_600),
        current=auc(new, 0.6 / n**0.5, n, int(n * 0.54)),
        drop=Drop(value=drop, interval=(drop - 0.022, drop + 0.022), confidence=1 - 0.05 / 3, outcome=outcome),
        outcome=outcome,
    )


def performance() -> Performance:
    return Performance(
        reference=Auc(value=0.7589, interval=(0.7509, 0.7669), n=14_000, positives=7_756),
        current=Auc(value=0.6993, interval=(0.6932, 0.7054), n=30_000, positives=16_521),
        drop=Drop(value=0.0596, interval=(0.0495, 0.0697), confidence=0.95, outcome=Outcome.FAILED),
        outcome=Outcome.FAILED,
        slices=[
            slice_of("mobile", 0.761, 0.700, 18_012),
            slice_of("desktop", 0.758, 0.699, 5_994),
            slice_of("tablet", 0.757, 0.697, 5_994),
        ],
        threshold=0.05,
        confidence=0.95,
        significance="interval",
        method="exact, from the rows",
        baseline="holdout: random 20% of the reference, stratified by label (14,000 rows)",
        score_source="the model's scores, computed by this run (model.skops)",
        notes=["All three device_type slices fall alike (0.059 to 0.061); no device is worse than the others."],
        cautions=["A random holdout flatters a model that meets new riders; whole riders held out give 0.71."],
    )


def facts(source: str, rows: int, digit: str) -> WindowFacts:
    return WindowFacts(source=source, rows=rows, fingerprint="sha256:" + digit * 64)


def metropulse() -> TriagePacket:
    """The demo's packet: critical, both watched features RED, AUC down by 0.06."""
    hour = feature(
        "hour_bucket",
        {"night": 0.269, "morning": 0.141, "afternoon": 0.286, "evening": 0.304},
        {"night": 0.630, "morning": 0.071, "afternoon": 0.145, "evening": 0.154},
    )
    device = feature(
        "device_type",
        {"mobile": 0.333, "desktop": 0.334, "tablet": 0.333},
        {"mobile": 0.600, "desktop": 0.200, "tablet": 0.200},
    )
    drifters = [
        TopDrifter(name=f.name, psi=f.psi or 0.0, band=Band.RED, moved_most=f.moved_most) for f in (hour, device)
    ]
    return TriagePacket(
        id="2026-03-02T06-00-12Z-metropulse-3f9a",
        created_at=NOW,
        project="MetroPulse recommender",
        label="morning-run",
        owner="ride-ml-oncall",
        notify=["#ride-ml", "oncall@metropulse.example"],
        severity=Severity.CRITICAL,
        rule="degraded_and_red_drift",
        rule_text="the AUC fell by more than its threshold, beyond noise, overall or in a declared slice and "
        "a watched feature is in the RED band",
        sla=Sla(hours=4, due_at=NOW + timedelta(hours=4), text="act now; fix within 4 hours"),
        headline="AUC fell by 0.060 to 0.699, beyond noise, while hour_bucket and device_type moved into RED.",
        actions=[
            Action(
                action="Find out who the new riders are, and retrain on rows that hold them.",
                reason="86.2% of current rows come from riders the training rows never held.",
            ),
            Action(
                action="Check how hour_bucket is derived upstream (time zone, logging change).",
                reason="night went from 26.9% to 63.0% of rows; PSI 0.554.",
            ),
            Action(
                action="Confirm the growth of mobile with the app team.",
                reason="mobile went from 33.3% to 60.0% of rows; PSI 0.293.",
            ),
            Action(
                action="Hold the rollback ready; do not expect it to help by itself.",
                reason="An older model knows these riders no better.",
            ),
        ],
        top_drifters=drifters,
        quality=quality(),
        drift=Drift(
            outcome=Outcome.FAILED,
            features=[hour, device],
            baseline="the whole older window (70,000 rows)",
            novelty=Novelty(
                unit="user_id",
                against="training rows",
                current_share=0.862,
                current_rows=25_860,
                baseline_share=0.004,
                message="86.2% of current rows come from user_id values that the training rows never held "
                "(0.4% in the performance baseline).",
            ),
        ),
        performance=performance(),
        diagnosis=Diagnosis(
            summary="The model meets riders it has never seen; the drifted features explain little of the fall.",
            findings=[
                Finding.model_validate({"pillar": p, "subject": s, "text": t})
                for p, s, t in [
                    ("performance", None, "AUC 0.759 on the holdout, 0.699 now: a fall of 0.060."),
                    ("drift", "user_id", "86.2% of current rows come from riders never seen in training."),
                    ("drift", "hour_bucket", "night doubled, from 26.9% to 63.0%."),
                    ("performance", "device_type", "All three slices fall alike, so mobile is not the cause."),
                    ("quality", None, "All 17 checks passed: the data is valid as declared."),
                ]
            ],
            cautions=["The holdout is random, so its riders were in training: part of the fall was always there."],
            unresolved=["Since when the AUC has been falling: this packet holds one window."],
        ),
        decision=Decision(
            verdict="retrain",
            reasons=["Novel riders carry the fall; an older model cannot know them.", "The data is valid."],
            would_change=[
                "AUC of known riders alone falling as far would point to a changed relation, or a serving fault.",
            ],
        ),
        thresholds=[
            ThresholdInForce.model_validate({"name": n, "column": c, "value": v, "because": b, "source": s})
            for n, c, v, b, s in [
                ("psi", None, {"yellow": 0.1, "red": 0.2}, "Bands used in credit scoring since the 1990s.", "config"),
                ("missing", None, {"max": 0.05}, "Above 5% the imputer moves scores visibly.", "config"),
                ("auc_drop", None, {"max": 0.05}, "0.05 costs about 2% of accepted routes.", "config"),
                ("range", None, {"max": 0.0}, None, "default"),
                ("duplicates", None, {"max": 0.0}, "Replayed events count a ride twice.", "config"),
            ]
        ],
        provenance=Provenance(
            dawnwatch="0.1.0",
            python="3.11.7",
            libraries={"numpy": "2.4.6", "scikit-learn": "1.8.0", "pyarrow": "23.0.0"},
            config_hash="sha256:" + "c" * 64,
            seed=7,
            started_at=NOW - timedelta(seconds=3.4),
            finished_at=NOW,
            drift_baseline=facts("reference.parquet", 70_000, "a"),
            performance_baseline=facts("holdout.parquet", 14_000, "b"),
            training_rows=facts("training.parquet", 56_000, "d"),
            current=facts("current.parquet", 30_000, "e"),
            model="model.skops (sha256 5d0c…)",
            score_source="the model's scores, computed by this run (model.skops)",
            warnings=["thresholds.range says no `because`"],
            notes={"injected drift": "mobile to 60%, night to 63%, seed 7"},
        ),
        human_decision=HumanDecision(),
    )


def late_labels() -> TriagePacket:
    """Labels that arrive late: the performance pillar was not judged, as announced."""
    reason = "labels are declared late, and the current window holds none yet"
    base = metropulse()
    drop = Drop(value=None, interval=None, confidence=0.95)
    return base.model_copy(
        update={
            "severity": Severity.HIGH,
            "rule": "red_drift",
            "rule_text": "a watched feature is in the RED band",
            "headline": "hour_bucket and device_type moved into RED; the AUC could not be judged (labels are late).",
            "performance": base.performance.model_copy(
                update={
                    "current": Auc(value=None, interval=None, n=0, positives=0),
                    "drop": drop,
                    "outcome": Outcome.NOT_COMPUTED,
                    "slices": [],
                    "reason": reason,
                    "notes": [],
                }
            ),
            "human_decision": HumanDecision(
                decision="wait", by="ana", note="labels land at noon", at=NOW + timedelta(hours=1)
            ),
        }
    )


def many_features(count: int = 40) -> TriagePacket:
    """Forty watched features with names long and short, bounds that differ, one not computed; 30 slices."""
    features = []
    for i in range(count - 1):
        tilt = 0.33 * (1 - i / count) ** 3
        name = f"feature_{i:02d}" if i % 4 else f"rolling_mean_of_journey_seconds_over_the_last_{i}_days_by_region"
        bounds = {"yellow": 0.05, "red": 0.4} if i % 7 == 1 else {}
        features.append(
            feature(
                name,
                {"[0, 1)": 0.4, "[1, 5)": 0.4, "5 or more": 0.18, "null": 0.02},
                {"[0, 1)": 0.4 - tilt, "[1, 5)": 0.4 + tilt, "5 or more": 0.17, "null": 0.03},
                kind="numeric",
                **bounds,
            )
        )
    features.append(not_computed_feature())
    slices = [
        slice_of(f"region {i:02d}", 0.75 + i / 900, 0.74 - i / 500 + i / 900, 900 + 100 * i, column="pickup_region")
        for i in range(28)
    ]
    for value, reason in (("harbour", "only 12 scored rows; needs 100"), ("airport", "no positive in current")):
        empty = Auc(value=None, interval=None, n=12, positives=0)
        slices.append(
            SlicePerformance(
                column="pickup_region",
                value=value,
                reference=auc(0.75, 0.05, 400, 200),
                current=empty,
                drop=Drop(value=None, interval=None, confidence=0.998),
                outcome=Outcome.NOT_COMPUTED,
                reason=reason,
            )
        )
    base = metropulse()
    return base.model_copy(
        update={
            "drift": base.drift.model_copy(update={"features": features}),
            "performance": base.performance.model_copy(update={"slices": slices}),
        }
    )


def failed_quality() -> TriagePacket:
    """Sixty checks, five of them failed with examples, one warned, two errored or not computed."""
    rows = 30_000
    checks = [passed("quality.schema", "schema", None, "the columns and types of the reference", None)]
    names = [*COLUMNS, *(f"sensor_reading_{i:02d}" for i in range(16))]
    checks += [passed("quality.missingness", "missingness", c, "at most 5% missing", 0.05) for c in names]
    checks += [passed("quality.range", "range", c, "0 to 1") for c in names]

    def bad(name: str, kind: str, column: str | None, failed: int | None, outcome: str, **more: object) -> None:
        checks.append(
            QualityCheck.model_validate(
                {
                    "name": name,
                    "kind": kind,
                    "column": column,
                    "outcome": outcome,
                    "failed_rows": failed,
                    "rows": rows,
                    "threshold": 0.05,
                    **more,
                }
            )
        )

    bad(
        "quality.missingness",
        "missingness",
        "passenger_age",
        5_412,
        "failed",
        rule="at most 5% missing",
        message="18.0% missing",
        breakdown={"null": 5_000, "nan": 400, "empty": 12},
        examples=[Example(row=i, values={"passenger_age": None, "user_id": 10 + i}) for i in range(5)],
    )
    bad(
        "quality.range",
        "range",
        "passenger_age",
        31,
        "failed",
        rule="0 to 120",
        message="31 rows outside 0 to 120",
        breakdown={"below": 3, "above": 27, "infinite": 1},
        examples=[Example(row=17, values={"passenger_age": 999.0, "user_id": 3})],
    )
    bad(
        "quality.range",
        "range",
        "email_address_private",
        220,
        "failed",
        rule="matches the declared pattern",
        message="220 rows miss the pattern (private: counts only)",
        breakdown={"pattern": 220},
    )
    bad(
        "quality.schema",
        "schema",
        "fare_zone",
        None,
        "failed",
        rule="present, string",
        message="the column is missing",
    )
    bad(
        "quality.duplicates",
        "duplicates",
        None,
        1_204,
        "failed",
        rule="no two rows share user_id, item_id, timestamp",
        message="1,204 rows repeat an earlier one",
        examples=[Example(row=8, values={"user_id": 4, "item_id": ATTACK})],
    )
    bad("quality.range", "range", "fare_zone", None, "not_computed", rule="A to F", message="the column is missing")
    bad("quality.range", "range", "geo_hash", None, "errored", rule="a geohash", message="the check faulted: boom")
    base = metropulse()
    return base.model_copy(
        update={
            "severity": Severity.MEDIUM,
            "rule": "quality_failed",
            "quality": Quality(outcome=Outcome.FAILED, checks=checks),
            "could_not_judge": ["quality.range of geo_hash could not be judged: the check faulted: boom"],
        }
    )


def hostile() -> TriagePacket:
    """Every place where data's own words stand holds an attempt to run a script or drive the terminal."""
    odd = ATTACK + "\x1b[31m[bold]red[/bold]\u202eabc\n"
    base = metropulse()
    bins = {ATTACK: 0.5, "{{ 7 * 7 }}": 0.3, odd: 0.2}
    drifted = feature(
        odd,
        bins,
        {ATTACK: 0.1, "{{ 7 * 7 }}": 0.1, odd: 0.8},
        unseen=[UnseenValue(value="<img src=x onerror=alert(2)>", rows=9)],
    )
    slices = [slice_of(odd, 0.76, 0.70, 900, column=ATTACK)]
    return base.model_copy(
        update={
            "project": ATTACK,
            "headline": odd,
            "drift": base.drift.model_copy(update={"features": [drifted]}),
            "performance": base.performance.model_copy(update={"slices": slices}),
            "top_drifters": [TopDrifter(name=odd, psi=drifted.psi or 0, band=Band.RED, moved_most=odd)],
        }
    )


def nothing_watched() -> TriagePacket:
    """No watched feature, no quality check, no slice."""
    base = metropulse()
    return base.model_copy(
        update={
            "severity": Severity.LOW,
            "rule": "all_checks_pass",
            "rule_text": "all checks pass",
            "sla": Sla(hours=None, due_at=None, text="routine monitoring"),
            "headline": "All checks pass.",
            "actions": [],
            "top_drifters": [],
            "quality": Quality(outcome=Outcome.NOT_COMPUTED, checks=[]),
            "drift": Drift(outcome=Outcome.NOT_COMPUTED, features=[], baseline="the whole older window"),
            "performance": base.performance.model_copy(
                update={
                    "slices": [],
                    "outcome": Outcome.PASSED,
                    "current": base.performance.reference,
                    "drop": Drop(value=0.0, interval=(-0.011, 0.011), confidence=0.95),
                }
            ),
            "thresholds": [],
        }
    )


def other_distance() -> TriagePacket:
    """One feature is judged by its total variation, and one by a distance that could not be read off its bins."""
    packet = metropulse()
    hour, device = packet.drift.features
    hour = hour.model_copy(
        update={
            "method": "total_variation",
            "distances": {"psi": hour.psi, "total_variation": 0.3583},
            "yellow": 0.13,
            "red": 0.18,
        }
    )
    device = device.model_copy(
        update={
            "method": "ks",
            "distances": {"psi": device.psi},
            "band": None,
            "outcome": Outcome.NOT_COMPUTED,
            "reason": "KS needs an order, and device_type is categorical",
        }
    )
    drift = packet.drift.model_copy(update={"features": [hour, device]})
    return packet.model_copy(update={"drift": drift})


VARIANTS = {
    f.__name__: f
    for f in (metropulse, late_labels, many_features, failed_quality, hostile, nothing_watched, other_distance)
}


def with_causes() -> TriagePacket:
    """The packet of the demo with its fall taken apart."""
    packet = metropulse()
    causes = [
        Cause(
            cause="novelty",
            column="user_id",
            amount=0.041,
            interval=(0.029, 0.053),
            text="New user_id values, 86% of the rows: 0.041 of the fall (0.029 to 0.053)",
            assumptions=["Models trained without a unit show what this one would have made of new ones"],
        ),
        Cause(
            cause="concept",
            column=None,
            amount=0.013,
            interval=(-0.010, 0.036),
            text="Labels that go with the scores otherwise",
            top_slices=[CauseSlice(column="device_type", value="<mobile>", amount=0.008, interval=None)],
        ),
        Cause(cause="mix", column=None, amount=0.006, interval=(-0.007, 0.019), text="Another mix"),
    ]
    told = {
        "causes": causes,
        "harms": [Harm(column="device_type", amount=0.002, interval=(-0.001, 0.005))],
        "pairs": [
            PairGroup(which="across", share=0.24, then=0.73, then_interval=(0.72, 0.74), now=0.71, now_interval=None)
        ],
        "ruled_out": ["Every row has its label"],
    }
    return packet.model_copy(update={"diagnosis": packet.diagnosis.model_copy(update=told)})
