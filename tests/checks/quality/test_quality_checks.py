"""Each quality check on real windows: what it counts, says and shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.checks.quality.section import quality_section
from dawnwatch.checks.runner import Result
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Counted, NotComputed
from dawnwatch.model.quality import QualityCheck
from tests.checks.windows import config, log, packet, put, results

N = 1200


def result(name: str, column: str | None, current: Any, **kwargs: Any) -> Result:
    return next(r for r in results(current, **kwargs) if r.spec.name == name and r.subject.column == column)


def counted(name: str, column: str | None, current: Any, **kwargs: Any) -> tuple[Counted, Outcome]:
    found = result(name, column, current, **kwargs)
    assert isinstance(found.measurement, Counted)
    return found.measurement, found.outcome


def holes(n: int, value: Any = None) -> pa.Array:
    fares = log()["fare"].to_pylist()
    return pa.array([value] * n + fares[n:], pa.float64())


# Missingness


def test_missing_counts_null_nan_and_empty_apart() -> None:
    cities = log()["city"].to_pylist()
    current = put(
        log(), city=["", None, "", *cities[3:]], fare=pa.array([None, np.nan, np.inf, *log()["fare"].to_pylist()[3:]])
    )
    city, _ = counted("quality.missing", "city", current)
    assert city.breakdown == {"null": 1, "empty": 2}
    assert (city.failed, city.rows) == (3, N)
    assert city.message == "1 null, 2 empty of 1,200 rows"
    assert [e.row for e in city.examples] == [0, 1, 2]
    assert city.examples[0].values == {"event": 0, "city": ""}
    fare, _ = counted("quality.missing", "fare", current)
    assert fare.breakdown == {"null": 1, "nan": 1}


@pytest.mark.parametrize(("n", "outcome"), [(60, Outcome.PASSED), (61, Outcome.FAILED)])
def test_missing_passes_exactly_at_its_threshold(n: int, outcome: Outcome) -> None:
    assert counted("quality.missing", "fare", put(log(), fare=holes(n)))[1] is outcome
    assert counted("quality.missing", "fare", put(log(), fare=holes(n, np.nan)))[1] is outcome


def test_an_optional_column_may_be_absent_and_a_late_label_too() -> None:
    settings = config(columns={"city": {"required": False}}, labels={"expected": "late"})
    found = results(put(log(), city=None, label=None), settings=settings)
    assert {r.subject.column for r in found if r.spec.name == "quality.missing"}.isdisjoint({"city", "label"})
    assert counted("quality.schema", None, put(log(), city=None, label=None), settings=settings)[1] is Outcome.PASSED


def test_a_label_expected_with_the_data_must_be_there() -> None:
    assert counted("quality.missing", "label", put(log(), label=pa.nulls(N)))[1] is Outcome.FAILED
    assert counted("quality.schema", None, put(log(), label=None))[1] is Outcome.FAILED


# Range


def test_range_counts_below_above_and_infinities() -> None:
    fares = [-1.0, 100.0, 100.5, np.inf, -np.inf, np.nan, *log()["fare"].to_pylist()[6:]]
    measured, outcome = counted("quality.range", "fare", put(log(), fare=fares))
    assert measured.breakdown == {"below": 2, "above": 2}
    assert measured.rule == "0 ≤ value ≤ 100"
    assert [e.row for e in measured.examples] == [0, 2, 3, 4]
    assert [e.values["fare"] for e in measured.examples] == [-1.0, 100.5, "inf", "-inf"]
    assert outcome is Outcome.FAILED


@pytest.mark.parametrize(("inclusive", "failed"), [(True, 0), (False, 2)])
def test_bounds_are_inclusive_or_not(inclusive: bool, failed: int) -> None:
    rule = {"min": 0, "max": 100, "min_inclusive": inclusive, "max_inclusive": inclusive}
    settings = config(columns={"fare": {"range": rule}})
    current = put(log(), fare=[0.0, 100.0, *log()["fare"].to_pylist()[2:]])
    assert counted("quality.range", "fare", current, settings=settings)[0].failed == failed


def test_an_infinity_is_out_of_range_without_any_bounds() -> None:
    settings = config(columns={"fare": {"monitor": True}})
    current = put(log(), fare=[np.inf, *log()["fare"].to_pylist()[1:]])
    measured, outcome = counted("quality.range", "fare", current, settings=settings)
    assert (measured.rule, measured.breakdown, outcome) == ("value is finite", {"pos_inf": 1}, Outcome.FAILED)
    assert not [r for r in results(log(), settings=settings) if r.spec.name == "quality.range"]


def test_one_open_side_lets_only_numbers_pass() -> None:
    settings = config(columns={"fare": {"range": {"min": 0}}})
    current = put(log(), fare=[np.inf, -np.inf, 1e300, *log()["fare"].to_pylist()[3:]])
    measured, _ = counted("quality.range", "fare", current, settings=settings)
    assert measured.breakdown == {"below": 1, "pos_inf": 1}
    assert measured.rule == "0 ≤ value"


def test_text_where_a_number_belongs_cannot_be_ranged() -> None:
    measured = result("quality.range", "fare", put(log(), fare=["cheap"] * N)).measurement
    assert measured == NotComputed(reason="the column is string, not a number")


# Allowed categories and patterns


def test_allowed_and_pattern() -> None:
    current = put(
        log(),
        device=["kiosk", None, *log()["device"].to_pylist()[2:]],
        city=["Rome", "", *log()["city"].to_pylist()[2:]],
    )
    device, _ = counted("quality.allowed", "device", current)
    assert (device.failed, device.rule) == (1, "one of desktop, mobile, tablet")
    assert device.examples[0].values == {"event": 0, "device": "kiosk"}
    city, _ = counted("quality.pattern", "city", current)
    assert (city.failed, city.rule) == (2, "matches [a-z]+")


def test_a_pattern_must_match_from_end_to_end() -> None:
    current = put(log(), city=["rome2", "2rome", "rome\n", *log()["city"].to_pylist()[3:]])
    assert counted("quality.pattern", "city", current)[0].failed == 3


def test_rules_on_text_are_not_judged_on_another_type() -> None:
    found = [
        result(n, c, put(log(), city=range(N), device=range(N)))
        for n, c in (("quality.pattern", "city"), ("quality.allowed", "device"))
    ]
    assert {r.outcome for r in found} == {Outcome.NOT_COMPUTED}
    assert all(
        "integer where the reference is string" in r.measurement.reason
        for r in found
        if isinstance(r.measurement, NotComputed)
    )


# Duplicates


def test_replayed_events_are_counted_and_shown() -> None:
    events = list(range(N))
    events[5] = events[700] = 3
    measured, outcome = counted("quality.duplicates", None, put(log(), event=events))
    assert (measured.failed, measured.rule, outcome) == (2, "one row for each event", Outcome.FAILED)
    assert [(e.row, e.values) for e in measured.examples] == [(5, {"event": 3}), (700, {"event": 3})]


def test_a_key_of_two_columns() -> None:
    settings = config(roles={"keys": ["event", "rider"]})
    same = put(log(), event=[0, 0, 0, *range(3, N)], rider=[1, 2, 1, *[9] * (N - 3)])
    assert counted("quality.duplicates", None, same, settings=settings)[0].failed == 1
    gone = result("quality.duplicates", None, put(log(), rider=None), settings=settings)
    assert gone.measurement == NotComputed(reason="the window has no key column 'rider'")


def test_events_a_nanosecond_apart_are_two() -> None:
    reference = put(log(), event=pa.array(np.arange(N), pa.timestamp("ns")))
    assert counted("quality.duplicates", None, reference, reference=reference)[1] is Outcome.PASSED


# Schema


@pytest.mark.parametrize(
    ("change", "message", "outcome"),
    [
        ({}, "all 8 columns are there, of their types", Outcome.PASSED),
        ({"city": None}, "missing: city", Outcome.FAILED),
        ({"extra": [1] * N}, "extra: extra", Outcome.FAILED),
        ({"fare": ["x"] * N}, "retyped: fare (string instead of number)", Outcome.FAILED),
        ({"stops": np.full(N, 2.0)}, "all 8 columns are there, of their types", Outcome.PASSED),
        ({"stops": np.full(N, 2.5)}, "retyped: stops (fractions instead of integer)", Outcome.FAILED),
        ({"fare": np.ones(N, int)}, "all 8 columns are there, of their types", Outcome.PASSED),
        ({"city": pa.nulls(N)}, "all 8 columns are there, of their types", Outcome.PASSED),
        ({"city": pa.nulls(N, pa.int64())}, "all 8 columns are there, of their types", Outcome.PASSED),
        ({"stops": np.ones(N, bool)}, "retyped: stops (boolean instead of integer)", Outcome.FAILED),
        ({"city": None, "extra": [1] * N}, "missing: city; extra: extra", Outcome.FAILED),
    ],
)
def test_schema(change: dict[str, Any], message: str, outcome: Outcome) -> None:
    measured, found = counted("quality.schema", None, put(log(), **change))
    assert (measured.message, found) == (message, outcome)
    assert measured.failed == (0 if outcome is Outcome.PASSED else N)


def test_extra_columns_may_be_allowed() -> None:
    settings = config(data={"extra_columns": "pass"})
    measured, outcome = counted("quality.schema", None, put(log(), extra=[1] * N), settings=settings)
    assert (measured.message, outcome) == ("extra: extra", Outcome.PASSED)


# Labels and scores


def test_a_third_label_value() -> None:
    labels = [2, 2, 7, None, *log()["label"].to_pylist()[4:]]
    measured, outcome = counted("quality.label_values", "label", put(log(), label=labels))
    assert (measured.failed, outcome) == (3, Outcome.FAILED)
    assert measured.message == "3 of 1,200 rows hold '2' (2), '7' (1)"
    assert measured.rule == "0 or 1"
    assert [e.values for e in measured.examples] == [
        {"event": 0, "label": 2},
        {"event": 1, "label": 2},
        {"event": 2, "label": 7},
    ]


def test_an_empty_label_is_missing_not_a_third_value() -> None:
    words = [["0", "1"][x] for x in log()["label"].to_pylist()]
    current = put(log(), label=["", *words[1:]])
    assert counted("quality.label_values", "label", current, reference=put(log(), label=words))[0].failed == 0
    assert counted("quality.missing", "label", current, reference=put(log(), label=words))[0].failed == 1


def test_scores_that_are_no_probabilities() -> None:
    settings = config(roles={"score_kind": "probability"})
    scores = [1.5, -0.1, 1.0000001, *log()["score"].to_pylist()[3:]]
    measured, outcome = counted("quality.score_range", "score", put(log(), score=scores), settings=settings)
    assert (measured.failed, outcome) == (2, Outcome.FAILED)
    assert [(e.row, e.values["score"]) for e in measured.examples] == [(0, 1.5), (1, -0.1)]
    assert not [r for r in results(log()) if r.spec.name == "quality.score_range"]


# The section


def find(checks: list[QualityCheck], name: str, column: str | None) -> QualityCheck:
    return next(c for c in checks if (c.name, c.column) == (name, column))


def test_the_section_says_failed_rows_threshold_and_outcome() -> None:
    current = put(log(), fare=holes(90), city=None)
    section = quality_section([r for r in results(current) if r.spec.pillar == "quality"])
    assert section.outcome is Outcome.FAILED
    fare = find(section.checks, "missing", "fare")
    assert (fare.failed_rows, fare.rows, fare.threshold, fare.outcome) == (90, N, 0.05, Outcome.FAILED)
    assert len(fare.examples) == 5
    gone = find(section.checks, "missing", "city")
    assert (gone.failed_rows, gone.rows, gone.outcome) == (None, N, Outcome.NOT_COMPUTED)
    assert gone.message == "the window has no column 'city'"
    assert {c.kind for c in section.checks} == {"schema", "missingness", "range", "duplicates"}


def test_the_packet_has_the_same_section() -> None:
    current = put(log(), fare=holes(90))
    section = packet(current).quality
    assert find(section.checks, "missing", "fare").failed_rows == 90


def test_a_row_without_a_key_repeats_nothing() -> None:
    events = [None] * 100 + list(range(100, N - 2)) + [100, 100]
    measured, outcome = counted("quality.duplicates", None, put(log(), event=events))
    assert (measured.failed, outcome) == (2, Outcome.FAILED)
    assert [example.row for example in measured.examples] == [N - 2, N - 1]
