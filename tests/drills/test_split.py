"""Splits: units apart, known ones in the same share on either side, a model that learned from neither."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.drills.split import CAP, KNOWN, PAST, Split, by_time, by_unit
from dawnwatch.drills.windows import Drawer
from tests.drills.shop import shop


def names(split: Split, table: str) -> set[str]:
    rows = split.baseline if table == "baseline" else split.pool.table
    return set(rows["customer"].to_pylist())


def test_baseline_and_pool_share_no_unit_and_few_rows_a_unit(made_up: Split) -> None:
    baseline, pool = names(made_up, "baseline"), names(made_up, "pool")
    assert not baseline & pool
    assert len(baseline) == len(pool) == 250
    assert max(np.unique(made_up.baseline["customer"].to_pylist(), return_counts=True)[1]) <= CAP


def test_units_are_known_in_the_same_share(made_up: Split) -> None:
    shares = [made_up.known(table["customer"]).mean() for table in (made_up.baseline, made_up.pool.table)]
    assert abs(shares[0] - KNOWN) < 0.08
    assert abs(shares[1] - KNOWN) < 0.08


def test_the_model_learned_from_no_row_it_is_measured_on(made_up: Split) -> None:
    learned = set(made_up.training["visit"].to_pylist())
    assert not learned & set(made_up.baseline["visit"].to_pylist())
    assert not learned & set(made_up.pool.table["visit"].to_pylist())


def test_a_known_unit_is_known_under_its_second_name(made_up: Split) -> None:
    drawer = Drawer(made_up.pool, np.random.default_rng(0))
    drawn = drawer.take(20_000)
    known = dict(zip(drawn["customer"].to_pylist(), made_up.known(drawn["customer"]).tolist(), strict=True))
    twins = [(name.partition("~")[0], name) for name in known if "~" in name]
    assert twins
    assert all(known[first] == known[twin] for first, twin in twins)


def test_seeds_give_other_splits_and_one_seed_the_same() -> None:
    data = shop(customers=60)
    one, two, other = by_unit(data, 1), by_unit(data, 1), by_unit(data, 2)
    assert one.pool.table.equals(two.pool.table)
    assert not one.pool.table.equals(other.pool.table)


def test_what_lies_before_time_ordered_windows() -> None:
    split = by_time(shop(customers=120), seed=0)
    cut = min(split.pool.table["at"].to_pylist())
    assert max(split.baseline["at"].to_pylist()) < cut
    assert max(split.training["at"].to_pylist()) < cut
    held = split.pool.table.num_rows / split.data.log.num_rows
    assert abs(held - (1 - PAST)) < 0.01


def test_without_time_there_is_no_order() -> None:
    with pytest.raises(ValueError, match="shop has no time"):
        by_time(shop(timed=False, customers=20), seed=0)


def test_the_monitor_is_told_who_is_known(made_up: Split) -> None:
    packet = made_up.monitor().check(made_up.pool.table)
    assert packet.drift.novelty is not None
    assert packet.drift.novelty.against == "training rows"
    assert packet.drift.novelty.current_share == pytest.approx(1 - made_up.known(made_up.pool.table["customer"]).mean())
    assert not packet.could_not_judge
