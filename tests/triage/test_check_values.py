"""What failed checks measured, beside their thresholds."""

from __future__ import annotations

from dawnwatch.triage.check_values import failed_values
from tests.triage.ledgers import day, performance, quality_check, slice_of


def test_each_failed_check_with_its_value_and_its_threshold() -> None:
    missing = quality_check("missing", "failed", "age").model_copy(
        update={"kind": "missingness", "failed_rows": 3, "rows": 10, "threshold": 0.05}
    )
    schema = quality_check("schema", "failed")
    packet = day(
        0,
        "critical",
        red=("device",),
        features={"hour": "YELLOW"},
        quality=day(0).quality.model_copy(update={"checks": [missing, schema]}),
        performance=performance(0.1, (0.05, 0.15), "failed", slices=[slice_of("device", "mobile", 0.25, "failed")]),
    )
    found = {check.name: (check.threshold, check.value, check.limit) for check in failed_values(packet)}
    assert list(found) == [
        "missing of age",
        "schema of the table",
        "drift of device",
        "AUC overall",
        "AUC of device = mobile",
    ]
    assert found["missing of age"] == ("missing", 0.3, 0.05)
    assert found["schema of the table"] == (None, None, 0.0)
    assert found["drift of device"] == ("psi", 0.4, 0.2)
    assert found["AUC overall"] == ("auc_drop", 0.1, 0.05)
    assert found["AUC of device = mobile"] == ("auc_drop", 0.25, 0.05)


def test_a_shift_judged_by_another_distance_stands_with_that_distance() -> None:
    packet = day(0, "high", red=("device",))
    features = [
        f.model_copy(update={"method": "total_variation", "distances": {"total_variation": 0.3}})
        for f in packet.drift.features
    ]
    packet = packet.model_copy(update={"drift": packet.drift.model_copy(update={"features": features})})
    (check,) = failed_values(packet)
    assert (check.threshold, check.value) == ("total_variation", 0.3)
