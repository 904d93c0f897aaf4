"""Drift on real windows: PSI per feature, its bands, its bins, and what was never seen."""

from __future__ import annotations

from math import log as ln
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import FeatureDrift
from tests.checks.windows import config, log, packet, put

N = 1200


def devices(mobile: int, desktop: int, tablet: int, *others: str | None) -> list[str | None]:
    found = ["mobile"] * mobile + ["desktop"] * desktop + ["tablet"] * tablet + list(others)
    return [found[i] for i in np.random.default_rng(1).permutation(len(found))]


REFERENCE = put(log(), device=devices(400, 400, 400))


def feature(current: Any, name: str = "device", reference: Any = None, settings: Any = None) -> FeatureDrift:
    drift = packet(current, REFERENCE if reference is None else reference, settings).drift
    return next(f for f in drift.features if f.name == name)


def test_the_issues_device_mix_is_red_with_every_bins_part() -> None:
    found = feature(put(log(), device=devices(720, 240, 240)))
    expected = {"mobile": (0.6, (0.6 - 1 / 3) * ln(0.6 * 3)), "desktop": (0.2, (0.2 - 1 / 3) * ln(0.2 * 3))}
    parts = {b.bin: b for b in found.bins}
    for name, (share, part) in expected.items():
        assert parts[name].reference == pytest.approx(1 / 3)
        assert parts[name].current == pytest.approx(share)
        assert parts[name].contribution == pytest.approx(part, abs=1e-12)
    assert found.psi == pytest.approx(sum(b.contribution for b in found.bins), abs=1e-12)
    assert found.psi == pytest.approx(0.293, abs=5e-4)
    assert (found.band, found.outcome, found.moved_most) == (Band.RED, Outcome.FAILED, "mobile 33% → 60%")
    assert sum(b.reference for b in found.bins) == pytest.approx(1)
    assert sum(b.current for b in found.bins) == pytest.approx(1)
    assert (found.reference_rows, found.current_rows) == (N, N)


def test_psi_at_its_bound_is_red_and_just_under_it_is_not() -> None:
    current = put(log(), device=devices(720, 240, 240))
    value = feature(current).psi
    assert value is not None
    for red, band in ((value, Band.RED), (float(np.nextafter(value, 1)), Band.YELLOW)):
        settings = config(columns={"device": {"monitor": True, "psi": {"yellow": 0.1, "red": red}}})
        assert feature(current, settings=settings).band is band


def test_identical_windows_have_no_drift() -> None:
    section = packet(REFERENCE, REFERENCE).drift
    assert section.outcome is Outcome.PASSED
    assert [f.psi for f in section.features] == [0.0, 0.0, 0.0]
    assert {f.band for f in section.features} == {Band.GREEN}
    assert {f.moved_most for f in section.features} == {None}


def test_the_order_of_rows_and_their_number_do_not_matter() -> None:
    current = put(log(), device=devices(700, 300, 200))
    expected = feature(current).psi
    shuffled = current.take(pa.array(np.random.default_rng(3).permutation(N)))
    assert feature(shuffled).psi == expected
    assert feature(pa.concat_tables([current] * 4)).psi == pytest.approx(expected, rel=1e-12)


def test_swapping_the_windows_of_a_category_gives_the_same_psi() -> None:
    current = put(log(), device=devices(700, 300, 200))
    assert feature(REFERENCE, reference=current).psi == pytest.approx(feature(current).psi, rel=1e-12)


def test_unseen_values_are_named_and_a_bin_of_their_own() -> None:
    found = feature(put(log(), device=devices(400, 400, 340, *["kiosk"] * 40, *["watch"] * 20)))
    assert [(u.value, u.rows) for u in found.unseen] == [("kiosk", 40), ("watch", 20)]
    bins = {b.bin: b for b in found.bins}
    assert bins["(unseen)"].current == pytest.approx(0.05)
    assert bins["(unseen)"].contribution == pytest.approx(0.31, abs=5e-3)


def test_missing_values_are_a_bin_of_their_own() -> None:
    for array in (pa.array(devices(400, 400, 280, *[None] * 120)),):
        bins = {b.bin: b for b in feature(put(log(), device=array)).bins}
        assert bins["(missing)"].current == pytest.approx(0.1)
    fares = pa.array([None] * 60 + [np.nan] * 60 + log()["fare"].to_pylist()[120:])
    assert {b.bin: b.current for b in feature(put(log(), fare=fares), "fare").bins}["(missing)"] == pytest.approx(0.1)


@pytest.mark.parametrize("type_", [pa.null(), pa.string(), pa.float64(), pa.int64()])
def test_a_feature_that_became_all_null_is_red_whatever_its_declared_type(type_: pa.DataType) -> None:
    for name in ("device", "fare", "stops"):
        found = feature(put(log(), **{name: pa.nulls(N, type_)}), name)
        assert found.band is Band.RED
        assert found.moved_most == "(missing) 0% → 100%"


def test_a_feature_of_another_type_or_absent_is_not_computed() -> None:
    wrong = feature(put(log(), fare=["cheap"] * N), "fare")
    assert (wrong.psi, wrong.band, wrong.outcome) == (None, None, Outcome.NOT_COMPUTED)
    assert wrong.reason == "the column is string where the reference is number"
    gone = feature(put(log(), fare=None), "fare")
    assert gone.reason == "the window has no column 'fare'"


def test_a_feature_null_throughout_the_reference_shows_when_values_come() -> None:
    reference = put(REFERENCE, void=pa.nulls(N))
    settings = config(columns={"void": {"monitor": True}})
    assert feature(reference, "void", reference, settings).psi == 0
    assert feature(put(reference, void=["x"] * N), "void", reference, settings).band is Band.RED


def test_a_constant_feature_shows_a_move_to_either_side() -> None:
    reference = put(REFERENCE, stops=[7] * N)
    for value, moved in ((6, "< 7 0% → 50%"), (8, "> 7 0% → 50%")):
        found = feature(put(log(), stops=[7, value] * (N // 2)), "stops", reference)
        assert found.band is Band.RED
        assert found.moved_most == moved
    assert feature(put(log(), stops=[7.0] * N), "stops", reference).psi == 0


@pytest.mark.parametrize("width", [pa.int8(), pa.float32(), pa.float64(), pa.decimal128(19, 0)])
def test_numbers_as_categories_keep_their_bins_in_every_type(width: pa.DataType) -> None:
    settings = config(columns={"stops": {"monitor": True, "kind": "categorical"}})
    found = feature(put(REFERENCE, stops=REFERENCE["stops"].cast(width)), "stops", settings=settings)
    assert (found.psi, found.kind, found.unseen) == (0.0, "categorical", [])


def test_features_stand_largest_first_and_those_without_a_number_last() -> None:
    current = put(log(), device=devices(1000, 100, 100), stops=["x"] * N)
    assert [f.name for f in packet(current, REFERENCE).drift.features] == ["device", "fare", "stops"]


def test_novelty_counts_rows_of_units_the_reference_never_held() -> None:
    riders = [1000] * 300 + [None] * 200 + log()["rider"].to_pylist()[500:]
    found = packet(put(log(), rider=pa.array(riders)), REFERENCE).drift.novelty
    assert found is not None
    assert (found.unit, found.against, found.current_rows) == ("rider", "drift baseline", 300)
    assert found.current_share == pytest.approx(300 / 1000)
    assert found.baseline_share == 0
    assert packet(put(log(), rider=None), REFERENCE).drift.novelty is None
    trained = packet(log(), REFERENCE, training=pa.table({"rider": [0, 1, 2]})).drift.novelty
    assert trained is not None
    assert trained.against == "training rows"
    assert trained.current_share > 0.9


def test_nothing_watched_is_not_computed() -> None:
    section = packet(log(), settings=config(columns={c: {"monitor": False} for c in ("device", "fare", "stops")})).drift
    assert (section.outcome, section.features) == (Outcome.NOT_COMPUTED, [])


def catalogue(seed: int, rows: int = 6000) -> Any:
    """Rows of a long catalogue, whose less known things are in one window and not in another."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(5, 3005)
    found = rng.choice(3000, rows, p=chances / chances.sum())
    return put(log(rows), device=[f"d{n}" for n in found])


def test_new_values_of_a_long_catalogue_are_no_drift_and_are_still_named() -> None:
    reference = catalogue(0)
    found = feature(catalogue(1), reference=reference)
    shown = {b.bin: b for b in found.bins}
    assert "(unseen)" not in shown
    assert "(other known)" not in shown
    assert shown["(other or unseen)"].reference > 0.2
    assert len(found.unseen) == 10
    assert found.band is Band.GREEN
    names = catalogue(1)["device"].to_pylist()
    new = feature(put(catalogue(1), device=["new"] * 1800 + names[1800:]), reference=reference)
    assert (new.band, new.moved_most is not None and new.moved_most.startswith("(other or unseen)")) == (Band.RED, True)
    assert new.unseen[0].value == "new"
    assert feature(reference, reference=reference).psi == 0.0
