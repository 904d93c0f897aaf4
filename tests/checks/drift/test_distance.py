"""The distances of a feature on real windows, against scipy's on the rows themselves; and which one is judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import energy_distance, ks_2samp, wasserstein_distance

from dawnwatch import Config, TriagePacket
from dawnwatch.errors import ConfigError
from dawnwatch.model.distances import DISTANCES
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import FeatureDrift
from tests.checks.windows import config, log, packet, put

N = 1200
BINS = {"low": 0.0, "mid": 1.0, "high": 2.0}


def of(found: TriagePacket, name: str) -> FeatureDrift:
    return next(f for f in found.drift.features if f.name == name)


def stops(*shares: float, seed: int = 1) -> list[int]:
    """A column of few whole numbers, each of which has a bin of its own."""
    values = np.repeat(np.arange(1, len(shares) + 1), np.round(np.array(shares) * N).astype(int))
    return list(np.random.default_rng(seed).permutation(values))


THEN, NOW = stops(0.25, 0.25, 0.25, 0.25), stops(0.1, 0.2, 0.3, 0.4, seed=2)


def judged(method: str | None, name: str = "stops", current: Any = None, **bands: Any) -> FeatureDrift:
    own: dict[str, Any] = {"monitor": True}
    if method:
        own |= {"method": method} | ({method: bands} if bands else {})
    reference = put(log(), stops=THEN)
    return of(
        packet(put(log(), stops=NOW) if current is None else current, reference, config(columns={name: own})), name
    )


def test_those_of_ordered_bins_are_scipys_on_the_rows() -> None:
    found = judged(None).distances
    assert found["ks"] == pytest.approx(ks_2samp(THEN, NOW).statistic)
    # Each number holds more than a tenth of the rows and so has a bin of its own: nothing is lost to binning.
    assert found["wasserstein"] == pytest.approx(wasserstein_distance(THEN, NOW) / np.std(THEN))
    assert found["energy"] == pytest.approx(energy_distance(THEN, NOW) / np.sqrt(np.std(THEN)))


def test_of_numbers_in_deciles_they_are_near_those_of_the_rows() -> None:
    rng = np.random.default_rng(3)
    then, now = rng.uniform(0, 1, N), rng.uniform(0.1, 1, N)
    found = of(packet(put(log(), fare=now), put(log(), fare=then)), "fare").distances
    assert found["ks"] <= ks_2samp(then, now).statistic
    assert found["ks"] == pytest.approx(ks_2samp(then, now).statistic, abs=0.02)
    assert found["wasserstein"] == pytest.approx(wasserstein_distance(then, now) / np.std(then), abs=0.02)
    assert found["energy"] == pytest.approx(energy_distance(then, now) / np.sqrt(np.std(then)), abs=0.02)


def test_those_of_shares_are_scipys_or_the_formula() -> None:
    found, p, q = judged(None).distances, np.full(4, 0.25), np.array([0.1, 0.2, 0.3, 0.4])
    assert found["jensen_shannon"] == pytest.approx(jensenshannon(p, q, base=2))
    assert found["total_variation"] == pytest.approx(0.2)
    assert found["l_infinity"] == pytest.approx(0.15)
    assert found["hellinger"] == pytest.approx(np.sqrt(1 - np.sqrt(p * q).sum()))
    assert found["kl"] == pytest.approx((q * np.log(q / p)).sum())
    assert found["cramers_v"] == pytest.approx(np.sqrt(((q - p) ** 2 / (p + q)).sum() / 2))
    assert found["psi"] == pytest.approx(((q - p) * np.log(q / p)).sum())


def test_a_category_has_none_that_needs_an_order() -> None:
    found = of(packet(log()), "device").distances
    assert list(found) == [name for name, distance in DISTANCES.items() if not distance.ordered]


def test_a_missing_value_is_the_last_place_for_ks_and_none_for_what_needs_positions() -> None:
    gone = pa.array([None] * (N // 2) + NOW[N // 2 :])
    found = judged(None, current=put(log(), stops=gone)).distances
    there = NOW[N // 2 :]
    assert found["ks"] == pytest.approx(ks_2samp(THEN, [*there, *[10**6] * (N // 2)]).statistic)
    assert found["wasserstein"] == pytest.approx(wasserstein_distance(THEN, there) / np.std(THEN))


@pytest.mark.parametrize("method", [name for name in DISTANCES if name != "psi"])
def test_the_chosen_distance_is_held_against_its_own_bands(method: str) -> None:
    value = judged(None).distances[method]
    for red, band in ((value, Band.RED), (float(np.nextafter(value, 9)), Band.YELLOW)):
        found = judged(method, yellow=value / 2, red=red)
        assert (found.method, found.size, found.band) == (method, value, band)
        assert (found.yellow, found.red) == (value / 2, red)
    assert found.psi == judged(None).psi


def test_its_test_is_that_of_the_shares_whatever_the_distance() -> None:
    plain, chosen = judged(None).significance, judged("wasserstein").significance
    assert plain is not None
    assert plain.method == "rao-scott"
    assert chosen == plain


def test_a_large_distance_within_noise_only_warns() -> None:
    settings = config(
        columns={"stops": {"monitor": True, "method": "total_variation", "total_variation": {"red": 0.05}}}
    )
    few = log().take(pa.array(np.random.default_rng(0).permutation(N)[:150]))
    found = packet(few, settings=settings)
    assert (of(found, "stops").band, of(found, "stops").outcome) == (Band.RED, Outcome.WARNED)
    assert "red_within_noise" in found.facts
    assert "total variation 0." in " ".join(f.text for f in found.diagnosis.findings)


def test_the_general_method_is_for_all_but_those_without_an_order() -> None:
    found = packet(
        log(), settings=config(drift={"method": "energy"}, columns={"fare": {"monitor": True, "method": "kl"}})
    )
    assert {f.name: f.method for f in found.drift.features} == {"stops": "energy", "fare": "kl", "device": "psi"}
    named = {(t.name, t.column): t.value for t in found.thresholds}
    assert named["energy", None] == {"yellow": 0.24, "red": 0.33}
    assert named["kl", None] == {"yellow": 0.05, "red": 0.1}
    assert ("ks", None) not in named


def test_what_cannot_be_measured_says_why() -> None:
    assert judged("ks", "device").reason == "KS needs an order, and device is categorical"
    constant = config(columns={"stops": {"monitor": True, "method": "wasserstein"}})
    found = packet(log(), put(log(), stops=[7] * N), constant)
    assert of(found, "stops").reason == "Wasserstein is normed by the reference's spread, and it has one value only"
    assert (of(found, "stops").band, of(found, "stops").outcome) == (None, Outcome.NOT_COMPUTED)
    assert "drift.distance of stops could not be judged" in found.could_not_judge[0]
    private = config(columns={"stops": {"monitor": True, "method": "energy", "private": True}})
    assert "extremes" in (of(packet(log(), settings=private), "stops").reason or "")


def test_huge_numbers_and_infinities_do_not_break_it() -> None:
    huge = np.linspace(-1, 1, N) * 1.7e308
    found = of(packet(put(log(), fare=huge), put(log(), fare=huge)), "fare")
    assert found.distances["wasserstein"] == found.distances["energy"] == 0
    infinite = put(log(), fare=[float("inf")] * 300 + [1.0] * 300 + [float("-inf")] * 300 + [2.0] * 300)
    assert of(packet(log(), infinite), "fare").distances["ks"] > 0


def normal(shift: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares of two normal distributions of deviation 1 in a thousand bins, and where the bins lie."""
    from scipy.stats import norm

    edges = np.linspace(-6, 7, 1001)
    p, q = (np.diff(norm.cdf(edges, loc=at)) for at in (0, shift))
    return p, q, (edges[:-1] + edges[1:]) / 2


@pytest.mark.parametrize("method", [name for name in DISTANCES if name != "l_infinity"])
@pytest.mark.parametrize("bound", ["yellow", "red"])
def test_default_bands_are_where_a_normal_distribution_has_moved_as_far(method: Any, bound: str) -> None:
    from dawnwatch.checks.drift.distance import OF_BINS, OF_POSITIONS

    p, q, at = normal(np.sqrt(DISTANCES["psi"].yellow if bound == "yellow" else DISTANCES["psi"].red))
    value = OF_BINS[method](p, q) if method in OF_BINS else OF_POSITIONS[method](p, q, at)
    assert round(value, 2) == getattr(DISTANCES[method], bound)


def test_that_of_l_infinity_is_of_the_deciles_it_is_read_off() -> None:
    from scipy.stats import norm

    edges = norm.ppf(np.arange(11) / 10)
    for psi, bound in ((0.1, DISTANCES["l_infinity"].yellow), (0.2, DISTANCES["l_infinity"].red)):
        moved = np.diff(norm.cdf(edges, loc=np.sqrt(psi)))
        assert round(float(np.abs(moved - 0.1).max()), 2) == bound


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"drift": {"method": "kss"}}, "drift.method: must be 'psi', 'kl'"),
        ({"columns": {"a": {"kind": "categorical", "method": "ks"}}}, "KS needs an order"),
        ({"columns": {"a": {"method": "ks", "kl": {"red": 0.1}}}}, 'set columns.a.method = "kl"'),
        ({"drift": {"method": "kl"}, "columns": {"a": {"psi": {"red": 0.1}}}}, 'set columns.a.method = "psi"'),
        ({"thresholds": {"ks": {"yellow": 0.5, "red": 0.4}}}, "yellow (0.5) must not exceed red (0.4)"),
        ({"thresholds": {"ks": {"red": 0}}}, "greater than 0"),
    ],
)
def test_a_choice_that_cannot_work_is_refused(tables: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=r".*") as caught:
        Config.from_dict(tables)
    assert said in str(caught.value)


def test_a_bound_that_is_left_out_keeps_the_defaults_proportion() -> None:
    own = Config.from_dict({"columns": {"a": {"method": "ks", "ks": {"red": 0.36}}}}).bands_for("a", "ks")
    assert (own.yellow, own.red) == (pytest.approx(0.26), 0.36)
    general = Config.from_dict({"thresholds": {"ks": {"yellow": 0.3}}}).bands_for("a", "ks")
    assert (general.yellow, general.red) == (0.3, 0.3)
