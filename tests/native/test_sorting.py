"""The compiled sort against NumPy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.native import load_native
from dawnwatch.native.sorting import ascending

EDGES = [0.0, -0.0, 5e-324, -5e-324, 1.7e308, -1.7e308, np.inf, -np.inf, 0.5, np.nextafter(0.5, 1)]


@given(st.lists(st.sampled_from(EDGES) | st.floats(allow_nan=False), max_size=60))
def test_any_numbers_come_in_order_and_the_given_ones_stay_as_they_were(drawn: list[float]) -> None:
    values = np.array(drawn, np.float64)
    before = values.copy()
    assert ascending(values).tolist() == np.sort(before).tolist()
    assert values.tobytes() == before.tobytes()


def test_many_numbers_and_every_second_of_them_come_in_order() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=100_001) * 10.0 ** rng.integers(-300, 300, 100_001)
    assert (ascending(values) == np.sort(values)).all()
    assert (ascending(values[::2]) == np.sort(values[::2])).all()


@pytest.mark.skipif(load_native() is None, reason="nothing was compiled, so NumPy sorts")
def test_the_compiled_sort_is_the_one_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dawnwatch.native.sorting.np.sort", None)
    assert ascending(np.array([2.0, 1.0])).tolist() == [1.0, 2.0]
