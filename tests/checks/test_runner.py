"""The runner: judged at the exact thresholds, and no fault of one check is the end of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import nan

import numpy as np
import pytest

from dawnwatch.checks.needs import RunContext, Subject
from dawnwatch.checks.registry import CheckSpec, all_checks
from dawnwatch.checks.runner import Result, judge, judge_all, measure
from dawnwatch.config import Config
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.measurement import Counted, Measured, Measurement, NotComputed, Significance
from tests.checks.windows import config, context, log, recalled


def spec(name: str) -> CheckSpec:
    return next(s for s in all_checks() if s.name == name)


def run_checks(run: RunContext, pillar: Pillar, checks: list[CheckSpec]) -> list[Result]:
    return judge_all(measure(run, pillar, checks), run.config)


def psi_of(value: float, tables: dict[str, object], column: str = "x") -> Outcome:
    return judge(spec("drift.psi"), Measured(value, "nats", 9), column, Config.from_dict(tables))


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (0.0, Outcome.PASSED),
        (np.nextafter(0.1, 0), Outcome.PASSED),
        (0.1, Outcome.WARNED),
        (np.nextafter(0.2, 0), Outcome.WARNED),
        (0.2, Outcome.FAILED),
    ],
)
def test_psi_reaches_a_band_at_its_bound(value: float, outcome: Outcome) -> None:
    assert psi_of(float(value), {}) is outcome


def test_a_columns_own_bands_come_first() -> None:
    tables = {"columns": {"x": {"psi": {"red": 0.06}}}}
    assert [psi_of(v, tables) for v in (0.029, 0.03, 0.06)] == [Outcome.PASSED, Outcome.WARNED, Outcome.FAILED]
    assert psi_of(0.06, tables, column="y") is Outcome.PASSED


def told(significant: bool | None) -> Significance:
    return Significance(significant=significant, level=0.01, tests=1)


@pytest.mark.parametrize("unsure", [False, None])
def test_a_shift_counts_only_where_it_is_significant(unsure: bool | None) -> None:
    def outcome(value: float, significant: bool | None) -> Outcome:
        return judge(spec("drift.psi"), Measured(value, "nats", 9), "x", Config.from_dict({}), told(significant))

    assert [outcome(v, True) for v in (0.09, 0.1, 0.2)] == [Outcome.PASSED, Outcome.WARNED, Outcome.FAILED]
    assert [outcome(v, unsure) for v in (0.09, 0.1, 0.2)] == [Outcome.PASSED, Outcome.PASSED, Outcome.WARNED]


@pytest.mark.parametrize(
    ("value", "significant", "outcome"),
    [
        (0.05, True, Outcome.PASSED),
        (-0.30, True, Outcome.PASSED),
        (0.051, True, Outcome.FAILED),
        (0.051, False, Outcome.WARNED),
        (0.30, None, Outcome.WARNED),
    ],
)
def test_a_drop_must_exceed_its_threshold_and_be_significant(
    value: float, significant: bool | None, outcome: Outcome
) -> None:
    tables = Config.from_dict({"thresholds": {"auc_drop": {"max": 0.05}}})
    measured = Measured(value, "AUC", 9)
    assert judge(spec("performance.auc_drop"), measured, None, tables, told(significant)) is outcome
    by_size = Outcome.FAILED if value > 0.05 else Outcome.PASSED
    assert judge(spec("performance.auc_drop"), measured, None, tables, None) is by_size


def counted(failed: int, rows: int) -> Counted:
    return Counted(failed=failed, rows=rows, rule="", message="")


def test_shares_fail_strictly_above_their_thresholds() -> None:
    tables = Config.from_dict({"columns": {"own": {"missing": {"max": 0.5}}}})
    missing = spec("quality.missing")
    assert judge(missing, counted(5, 100), "x", tables) is Outcome.PASSED
    assert judge(missing, counted(50_001, 1_000_000), "x", tables) is Outcome.FAILED
    assert judge(missing, counted(50, 100), "own", tables) is Outcome.PASSED
    assert judge(missing, counted(51, 100), "own", tables) is Outcome.FAILED
    for name in ("quality.range", "quality.duplicates", "quality.schema", "quality.label_values"):
        assert judge(spec(name), counted(0, 100), None, tables) is Outcome.PASSED
        assert judge(spec(name), counted(1, 10**9), None, tables) is Outcome.FAILED
    assert judge(missing, counted(0, 0), "x", tables) is Outcome.PASSED


def test_not_computed_is_never_a_pass() -> None:
    for s in all_checks():
        assert judge(s, NotComputed(reason="why"), None, config()) is Outcome.NOT_COMPUTED


def broken(reference: object, current: object) -> Measurement:
    raise RuntimeError("the rider\nS3CRET broke it")


def test_a_check_that_faults_is_errored_and_the_others_run() -> None:
    run = context(log())
    faulty = [replace(s, function=broken) if s.name == "quality.missing" else s for s in all_checks()]
    found = run_checks(run, Pillar.QUALITY, faulty)
    errored = [r for r in found if r.spec.name == "quality.missing"]
    assert len(errored) == len(log().schema)
    assert {r.outcome for r in errored} == {Outcome.ERRORED}
    assert all(r.unexpected for r in errored)
    assert isinstance(errored[0].measurement, NotComputed)
    assert errored[0].measurement.reason == "the check faulted: RuntimeError: the rider S3CRET broke it"
    others = [r for r in found if r.spec.name != "quality.missing"]
    assert others
    assert {r.outcome for r in others} == {Outcome.PASSED}


@pytest.mark.parametrize("name", [s.name for s in all_checks()])
def test_a_faulting_check_does_not_quote_private_values(name: str) -> None:
    private = {c: {"private": True} for c in log().schema.names}
    run = context(
        log(),
        settings=config(
            roles={"model_version": "city"},
            drift={"domain_classifier": True},
            columns={c: (config().column(c).model_dump(exclude_unset=True) | p) for c, p in private.items()},
        ),
        model=recalled,
    )
    found = run_checks(run, spec(name).pillar, [replace(spec(name), function=broken)])
    reasons = [r.measurement.reason for r in found if isinstance(r.measurement, NotComputed)]
    if name == "quality.score_range":  # the scores of this log are not declared probabilities
        assert reasons == []
    else:
        assert set(reasons) == {"the check faulted: RuntimeError"}


def test_a_view_that_faults_is_one_errored_result() -> None:
    class Needs:
        @classmethod
        def subjects(cls, run: RunContext) -> Iterator[Subject]:
            yield Subject("device", None, None)
            raise KeyError("gone")

    found = run_checks(context(log()), Pillar.DRIFT, [replace(spec("drift.psi"), needs=Needs)])
    assert [(r.outcome, r.subject.column) for r in found] == [(Outcome.ERRORED, None)]


def test_a_measurement_cannot_be_nan() -> None:
    def nothing(reference: object, current: object) -> Measurement:
        return Measured(value=nan, unit="nats", n=1)

    found = run_checks(context(log()), Pillar.DRIFT, [replace(spec("drift.psi"), function=nothing)])
    assert {r.outcome for r in found} == {Outcome.ERRORED}


def test_a_check_may_not_apply() -> None:
    found = run_checks(context(log()), Pillar.DRIFT, [replace(spec("drift.psi"), function=lambda r, c: None)])
    assert found == []


def test_only_unannounced_gaps_are_unexpected() -> None:
    def late(reference: object, current: object) -> Measurement:
        return NotComputed(reason="labels come late", expected=True)

    found = run_checks(context(log()), Pillar.DRIFT, [replace(spec("drift.psi"), function=late)])
    assert {r.unexpected for r in found} == {False}
