"""The search for weak slices on whole windows with a known truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from dawnwatch import Config, Monitor, TriagePacket
from dawnwatch.model.weak_slices import WeakSlice

FEATURES = ("device", "city", "age", "fare", "plan")
Where = dict[str, NDArray[Any]]


def log(rows: int, seed: int, **change: Any) -> pa.Table:
    """A prediction log.

    `change` may hold `effect`, from the columns to how far the classes' scores lie apart in each row (1.2 otherwise),
    `devices`, the share of each, and `riders`, how many there are.
    """
    rng = np.random.default_rng(seed)
    columns: Where = {
        "device": rng.choice(["mobile", "desktop", "tablet"], rows, p=change.get("devices", (0.5, 0.3, 0.2))),
        "city": rng.choice(["rome", "oslo", "lima", "cairo"], rows),
        "plan": rng.choice(["free", "paid"], rows),
        "age": rng.integers(18, 80, rows),
        "fare": rng.exponential(10, rows).round(2),
    }
    apart = change.get("effect", lambda c: np.full(rows, 1.2))(columns)
    label = (rng.random(rows) < 0.4).astype(np.int64)
    rider = rng.integers(0, change.get("riders", 400), rows)
    return pa.table(
        {"event": np.arange(rows), "rider": rider, **columns, "label": label}
        | {"score": 1 / (1 + np.exp(-rng.normal(size=rows) - apart * label))}
    )


def watched(**tables: Any) -> Config:
    roles = {"label": "label", "score": "score", "unit": "rider", "keys": ["event"]} | tables.pop("roles", {})
    named = {name: value for name, value in roles.items() if value}
    return Config.from_dict({"roles": named, "columns": {name: {"monitor": True} for name in FEATURES}} | tables)


def check(current: pa.Table, reference: pa.Table | None = None, **tables: Any) -> TriagePacket:
    return Monitor(watched(**tables)).fit(log(12_000, 0) if reference is None else reference).check(current)


def named(packet: TriagePacket) -> list[set[str]]:
    return [{condition.text for condition in found.conditions} for found in packet.diagnosis.weak_slices]


def tablets(c: Where) -> NDArray[np.float64]:
    return np.where(c["device"] == "tablet", 0.3, 1.2)


def free_mobiles(c: Where) -> NDArray[np.float64]:
    return np.where((c["device"] == "mobile") & (c["plan"] == "free"), 0.2, 1.2)


def first(packet: TriagePacket) -> WeakSlice:
    return packet.diagnosis.weak_slices[0]


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_healthy_window_names_none(seed: int) -> None:
    packet = check(log(5000, seed))
    assert named(packet) == []
    search = packet.diagnosis.slice_search
    assert search is not None
    assert search.tests == search.bins + search.mix + search.conjunctions
    assert search.bins > 20


@pytest.mark.parametrize("roles", [{}, {"unit": None}], ids=["units", "rows"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_slice_that_got_worse_is_found_alone(seed: int, roles: dict[str, Any]) -> None:
    packet = check(log(5000, seed, effect=tablets), roles=roles)
    assert named(packet) == [{"device = tablet"}]
    found = first(packet)
    assert found.kind == "degradation"
    # Φ(1.2 / √2) - Φ(0.3 / √2)
    assert found.drop_interval[0] < 0.802 - 0.584 < found.drop_interval[1]
    assert found.share_now == pytest.approx(0.2, abs=0.02)
    assert found.degradation is not None
    assert found.composition is not None
    assert found.degradation > 5 * abs(found.composition)
    assert found.q_value <= 0.05


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_conjunction_is_found_and_its_parts_are_not_repeated(seed: int) -> None:
    packet = check(log(6000, seed, effect=free_mobiles))
    assert named(packet)[0] == {"device = mobile", "plan = free"}
    assert len(named(packet)) == 1
    assert packet.diagnosis.slice_search is not None
    assert packet.diagnosis.slice_search.covered > 0
    found = first(packet)
    assert "half" in found.found_on
    assert "other half" in found.confirmed_on
    # Half of the units confirm, so about half of the rows stand behind the numbers.
    assert found.current.n == found.rows_now < 0.3 * 6000


def test_more_of_a_bad_slice_is_told_from_one_that_got_worse() -> None:
    before = log(12_000, 0, effect=tablets, devices=(0.55, 0.35, 0.1))
    packet = check(log(6000, 2, effect=tablets, devices=(0.25, 0.15, 0.6)), before)
    assert named(packet) == [{"device = tablet"}]
    found = first(packet)
    assert found.kind == "composition"
    assert (found.share_before, found.share_now) == (pytest.approx(0.1, abs=0.02), pytest.approx(0.6, abs=0.02))
    assert found.composition is not None
    assert found.degradation is not None
    assert found.composition > 4 * abs(found.degradation)
    assert found.share_of_drop is not None
    assert 0.6 < found.share_of_drop < 1.4
    assert any("There is more of device = tablet" in finding.text for finding in packet.diagnosis.findings)


def test_where_the_whole_model_got_worse_no_slice_is_blamed() -> None:
    packet = check(log(6000, 2, effect=lambda c: np.full(6000, 0.7)))
    assert packet.performance.outcome == "failed"
    assert named(packet) == []


@pytest.mark.parametrize("roles", [{}, {"unit": None}], ids=["units", "rows"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_labels_follow_the_scores_less_everywhere_no_slice_is_said_to_have_grown(
    seed: int, roles: dict[str, Any]
) -> None:
    """High scores have fewer positives then, and low ones more: the pairs change, and not a share of the rows."""

    def flatter(rows: int, at: int, slope: float) -> pa.Table:
        rng = np.random.default_rng(at)
        table = log(rows, at)
        ages = np.asarray(table["age"])
        odds = (ages - ages.mean()) / ages.std() + (np.asarray(table["device"]) == "mobile") / 2
        label = (rng.random(rows) < 1 / (1 + np.exp(-slope * odds))).astype(np.int64)
        score = 1 / (1 + np.exp(-odds))
        rest = table.drop_columns(["label", "score"])
        return rest.append_column("label", [label]).append_column("score", [score])

    packet = check(flatter(6000, seed, 0.4), flatter(12_000, 0, 1.0), roles=roles)
    assert packet.performance.outcome == "failed"
    assert named(packet) == []


def test_a_healthy_mix_change_is_blamed_for_nothing() -> None:
    assert named(check(log(6000, 1, devices=(0.2, 0.2, 0.6)))) == []


def test_weak_slices_raise_no_severity() -> None:
    packet = check(log(6000, 1, effect=tablets), thresholds={"auc_drop": {"max": 0.1}})
    assert named(packet) == [{"device = tablet"}]
    assert packet.severity == "low"
    assert packet.rule == "all_checks_pass"


def test_a_fall_within_the_tolerance_is_not_named() -> None:
    current = log(6000, 1, effect=tablets)
    assert named(check(current, thresholds={"auc_drop": {"max": 0.15}})) == [{"device = tablet"}]
    assert named(check(current, thresholds={"auc_drop": {"max": 0.3}})) == []


def test_the_worst_of_ten_healthy_slices_is_not_named() -> None:
    """Of ten slices of 500 rows, the worst seems to have fallen by more than 0.05 in half of the draws and more."""
    fell = found = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        sides = [
            log(5000, 100 * side + seed).append_column("store", pa.array(rng.choice(list("abcdefghij"), 5000)))
            for side in (1, 2)
        ]
        packet = check(sides[1], sides[0], roles={"slices": ["store"]})
        fell += max(s.drop.value or 0.0 for s in packet.performance.slices) > 0.05
        found += bool(packet.diagnosis.weak_slices)
    assert fell >= 4
    assert found <= 1


def test_without_unit_or_keys_single_bins_are_searched_all_the_same() -> None:
    packet = check(log(5000, 1, effect=tablets), roles={"unit": None, "keys": None})
    assert named(packet) == [{"device = tablet"}]
    assert first(packet).contribution is None
    search = packet.diagnosis.slice_search
    assert search is not None
    assert (search.mix, search.conjunctions) == (0, 0)
    assert "no sample of rows is kept" in search.reasons[0]


def test_too_few_units_are_not_searched() -> None:
    packet = check(log(5000, 1, effect=tablets, riders=30))
    assert named(packet) == []
    assert packet.diagnosis.slice_search is not None
    assert packet.diagnosis.slice_search.reasons == ["too few units to search: 30 rider values (of 50 needed)"]


def test_a_private_column_is_searched_by_number_only() -> None:
    columns = {name: {"monitor": True, "private": name == "device"} for name in FEATURES}
    packet = check(log(5000, 1, effect=tablets), roles={"unit": None}, columns=columns)
    assert "tablet" not in packet.model_dump_json()
    assert named(packet) == [{"device = value 3"}]


def test_late_labels_are_not_searched() -> None:
    packet = check(log(5000, 1), labels={"expected": "late"})
    assert (packet.diagnosis.weak_slices, packet.diagnosis.slice_search) == ([], None)


def test_a_fault_of_the_search_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from dawnwatch.checks.performance import weak_slices

    def broken(*given: object) -> None:
        raise ZeroDivisionError("no rows\nat all")

    monkeypatch.setattr(weak_slices, "worse_bins", broken)
    packet = check(log(3000, 1))
    assert packet.severity == "low"
    assert packet.diagnosis.slice_search is not None
    [reason] = packet.diagnosis.slice_search.reasons
    assert reason == "the search met a fault of its own: no rows at all"


def test_judging_again_searches_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = Monitor(watched()).fit(log(4000, 0))
    seen = monitor.observe(log(4000, 1))
    monitor.judge(seen)
    from dawnwatch.checks.performance import weak_slices

    monkeypatch.setattr(weak_slices, "_searched", lambda *given, **named: pytest.fail("searched again"))
    monitor.judge(seen, config=watched(thresholds={"auc_drop": {"max": 0.2}}))
