"""A PSI beside what of it is beyond chance, and a band that it is in by size alone."""

from __future__ import annotations

import pytest

from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.sized import beyond_chance, by_size, sized


def feature(psi: float, band: Band, interval: tuple[float, float] | None, method: str = "psi") -> FeatureDrift:
    return FeatureDrift(
        name="item",
        kind="categorical",
        psi=psi,
        band=band,
        outcome=Outcome.WARNED,
        yellow=0.1,
        red=0.2,
        reference_rows=5000,
        current_rows=500,
        interval=interval,
        by_chance=0.06,
        method=method,
        distances={"psi": psi, "ks": 0.3},
    )


def test_an_interval_that_lies_below_its_psi_says_what_it_is_of() -> None:
    assert sized(feature(0.117, Band.YELLOW, (0.026, 0.095))) == "PSI 0.117 (beyond chance 0.026 to 0.095)"
    assert sized(feature(0.117, Band.YELLOW, (0.026, 0.12))) == "PSI 0.117 (0.026 to 0.120)"
    assert sized(feature(0.117, Band.YELLOW, None)) == "PSI 0.117"
    assert beyond_chance(feature(0.117, Band.YELLOW, (0.026, 0.095), "ks")) == ""


@pytest.mark.parametrize(
    ("psi", "band", "interval", "said"),
    [
        (0.117, Band.YELLOW, (0.026, 0.095), "YELLOW by size; what is beyond chance lies below 0.1"),
        (0.25, Band.RED, (0.12, 0.19), "RED by size; what is beyond chance lies below 0.2"),
        (0.25, Band.RED, (0.12, 0.21), ""),
        (0.117, Band.YELLOW, (0.026, 0.12), ""),
        (0.05, Band.GREEN, (0.0, 0.03), ""),
        (0.117, Band.YELLOW, None, ""),
    ],
)
def test_a_band_by_size_alone_is_said(psi: float, band: Band, interval: tuple[float, float] | None, said: str) -> None:
    assert by_size(feature(psi, band, interval)) == said
