"""Tails against scipy's distributions, quantiles against their own tails."""

from __future__ import annotations

import subprocess
import sys
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dawnwatch.stats.distributions import f_above, f_below, f_quantile, t_above, t_quantile, z_quantile

degrees = st.floats(0.5, 5000)
chances = st.floats(1e-9, 1 - 1e-9)


@given(st.floats(0, 50), degrees, degrees)
def test_tails_are_scipys(x: float, numerator: float, denominator: float) -> None:
    expected = stats.f(numerator, denominator)
    assert f_above(x, numerator, denominator) == pytest.approx(expected.sf(x), rel=1e-8, abs=1e-200)
    assert f_below(x, numerator, denominator) == pytest.approx(expected.cdf(x), rel=1e-8, abs=1e-200)
    assert t_above(x, denominator) == pytest.approx(stats.t(denominator).sf(x), rel=1e-8, abs=1e-200)
    scaled = stats.chi2(numerator, scale=1 / numerator)
    assert f_above(x, numerator) == pytest.approx(scaled.sf(x), rel=1e-8, abs=1e-200)
    assert f_below(x, numerator) == pytest.approx(scaled.cdf(x), rel=1e-8, abs=1e-200)


@given(st.floats(1e-6, 0.999), st.floats(1, 500), st.floats(2, 5000))
def test_quantiles_have_their_tails(chance: float, numerator: float, denominator: float) -> None:
    for below in (denominator, inf):
        assert f_above(f_quantile(chance, numerator, below), numerator, below) == pytest.approx(chance, rel=1e-6)
    assert t_quantile(1 - chance, denominator) == pytest.approx(-stats.t(denominator).ppf(chance / 2), rel=1e-6)
    assert z_quantile(chance) == pytest.approx(stats.norm.isf(chance), rel=1e-9, abs=1e-12)


def test_the_ends() -> None:
    assert (f_above(0, 3), f_below(0, 3), f_above(-1, 3, 4)) == (1, 0, 1)
    assert (t_quantile(1.0, 5), z_quantile(0.0)) == (inf, inf)


def test_scipy_is_imported_when_asked_and_not_before() -> None:
    names = ["auc", "clusters", "distances", "jackknife", "multiplicity", "paired", "power", "sequential", "shift"]
    asked = f"import sys, {', '.join('dawnwatch.stats.' + name for name in names)}; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
