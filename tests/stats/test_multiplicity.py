"""q-values against scipy, the Bonferroni level against simulated families."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from dawnwatch.stats.multiplicity import bonferroni_level, q_values

chances = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.05, 0.5, 1.0]))


@given(st.lists(chances, min_size=1, max_size=60))
def test_q_values_are_scipys(p_values: list[float]) -> None:
    found = q_values(p_values)
    assert found == pytest.approx(false_discovery_control(p_values, method="bh"), rel=1e-12)
    assert (found >= np.array(p_values) * (1 - 1e-12)).all()
    assert found.max() <= 1
    for value in set(p_values):
        assert len(set(found[np.array(p_values) == value])) == 1


def test_benjamini_and_hochbergs_own_example() -> None:
    # Table 1 of their paper: at a rate of 0.05 the first four of fifteen are findings.
    p_values = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0000,
    ]
    assert (q_values(p_values) <= 0.05).tolist() == [True] * 4 + [False] * 11


def test_no_tests_and_no_numbers() -> None:
    assert q_values([]).shape == (0,)
    for wrong in (float("nan"), -0.1, 1.1):
        with pytest.raises(ValueError, match="p-values lie in"):
            q_values([0.5, wrong])


def test_the_family_is_shared_out() -> None:
    assert bonferroni_level(0.01, 20) == pytest.approx(0.0005)
    assert bonferroni_level(0.01, 0) == bonferroni_level(0.01, 1) == 0.01
    for level, tests, words in ((0.0, 3, "between 0 and 1"), (1.0, 3, "between 0 and 1"), (0.01, -1, "-1 tests")):
        with pytest.raises(ValueError, match=words):
            bonferroni_level(level, tests)


def test_a_family_raises_a_false_alarm_as_rarely_as_it_says() -> None:
    drawn = np.random.default_rng(1).random((20_000, 12))
    rate = (drawn <= bonferroni_level(0.05, 12)).any(axis=1).mean()
    assert rate == pytest.approx(0.05, abs=0.006)
