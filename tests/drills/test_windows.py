"""Windows: whole units, drawn again under another name, in the order of a log."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from dawnwatch.drills.split import Split, by_time
from dawnwatch.drills.windows import COPIES, Drawer, Pool, in_order, window_of_time, window_of_units
from tests.drills.shop import shop


def pool(sizes: list[int]) -> Pool:
    units = np.repeat([f"u{i}" for i in range(len(sizes))], sizes)
    return Pool(pa.table({"who": pa.array(units.tolist()), "row": np.arange(len(units))}), "who", None)


def test_units_come_whole_but_for_the_last_which_is_cut() -> None:
    one = pool([3, 5, 2, 7])
    drawn = Drawer(one, np.random.default_rng(1)).take(40)
    assert drawn.num_rows == 40
    sizes = {"u0": 3, "u1": 5, "u2": 2, "u3": 7}
    held = Counter(drawn["who"].to_pylist())
    cut = [name for name, rows in held.items() if rows != sizes[name.partition("~")[0]]]
    assert len(cut) <= 1
    assert not cut or cut[0] == drawn["who"][-1].as_py()


def test_no_name_is_given_twice_and_they_run_out() -> None:
    drawer = Drawer(pool([1, 1]), np.random.default_rng(0))
    drawn = pa.concat_tables([drawer.take(50), drawer.take(50)])
    assert drawn.num_rows == 2 * COPIES
    assert len(set(drawn["who"].to_pylist())) == 2 * COPIES
    assert drawer.take(1).num_rows == 0


def test_a_window_has_two_hundred_units_and_stands_in_order_of_time(made_up: Split) -> None:
    window, _ = window_of_units(made_up.pool, 5000, seed=0)
    assert window.num_rows == 5000
    assert len(set(window["customer"].to_pylist())) >= 200
    assert (np.diff(window["at"].to_numpy()) >= 0).all()


def test_without_time_rows_are_mixed() -> None:
    table = pa.table({"row": np.arange(100)})
    mixed = in_order(table, None, np.random.default_rng(0))["row"].to_pylist()
    assert sorted(mixed) == list(range(100))
    assert mixed != list(range(100))


def test_a_window_of_time_holds_every_row_between_two_moments() -> None:
    pool = by_time(shop(customers=120), seed=0).pool
    times = pool.table["at"].to_numpy()
    assert (np.diff(times) >= 0).all()
    window = window_of_time(pool, 700, seed=3)["at"].to_numpy()
    assert len(window) == 700
    within = (times > window[0]) & (times < window[-1])
    assert within.sum() <= 700 <= ((times >= window[0]) & (times <= window[-1])).sum()
    assert window.tolist() == window_of_time(pool, 700, seed=3)["at"].to_pylist()
    assert window.tolist() != window_of_time(pool, 700, seed=4)["at"].to_pylist()
