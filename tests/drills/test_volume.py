"""Rows of a window: they vary as units do, and an expectation read off earlier windows lets nearly all of them pass."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.inject import inject
from dawnwatch.drills.registry import find_kind
from dawnwatch.drills.split import Split
from dawnwatch.drills.volume import EARLIER, expected, rows_of_window
from dawnwatch.drills.windows import Pool

ROWS = 5000


def baseline(split: Split) -> Pool:
    return Pool(split.baseline, split.data.unit, split.data.time)


def test_rows_vary_by_who_comes_around_the_usual_number(made_up: Split) -> None:
    came = [rows_of_window(made_up.pool, ROWS, seed) for seed in range(200)]
    assert came == [rows_of_window(made_up.pool, ROWS, seed) for seed in range(200)]
    sizes = [len(rows) for rows in made_up.pool.rows_of]
    units = ROWS / np.mean(sizes)
    assert abs(np.mean(came) - ROWS) < 4 * np.std(sizes) * np.sqrt(units / 200) + np.mean(sizes)
    assert 0.7 < np.std(came) / (np.std(sizes) * np.sqrt(units)) < 1.3


def test_hardly_a_clean_window_is_below_what_is_expected_and_a_drop_is(made_up: Split) -> None:
    feed = expected(baseline(made_up), ROWS)
    assert f"{EARLIER} earlier windows held" in feed["because"]
    came = [rows_of_window(made_up.pool, ROWS, seed) for seed in range(500)]
    assert np.mean([rows < feed["min_rows"] for rows in came]) <= 0.02
    assert feed["min_rows"] > 0.9 * ROWS


def test_the_monitor_says_that_rows_are_missing_and_nobody_can_tell_why(made_up: Split) -> None:
    monitor, came = made_up.monitor(rows=ROWS), rows_of_window(made_up.pool, ROWS, 4)
    found = {
        kind: monitor.check(inject(made_up, find_kind(kind), "middle", seed=4, rows=came).table)
        for kind in ("clean", "volume_drop", "volume_surge")
    }
    assert {kind for kind, packet in found.items() if "rows_missing" in packet.facts} == {"volume_drop"}
    assert found["volume_drop"].decision.verdict == "cannot_tell"
    assert found["volume_surge"].decision.verdict == "wait"


def test_where_windows_are_cut_at_a_number_of_rows_none_is_expected(made_up: Split) -> None:
    assert made_up.monitor().config.feed.min_rows is None
