"""A drill from one seed: the same again, and any kind where none is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dawnwatch.drills.data.base import seconds_of
from dawnwatch.drills.play import ROWS, set_up
from dawnwatch.drills.registry import find_kind
from dawnwatch.errors import UsageError
from tests.drills.shop import shop


def test_the_same_seed_plays_the_same_drill_and_seeds_choose_the_kind() -> None:
    data = shop(customers=300)
    drills = [set_up(data, None, "middle", seed) for seed in (1, 1, 2, 3, 4)]
    assert drills[0].injected.table.equals(drills[1].injected.table)
    assert drills[0].injected.truth == drills[1].injected.truth
    assert len({drill.injected.truth.kind for drill in drills}) > 2
    came = [drill.injected.before.num_rows for drill in drills]
    assert len(set(came)) > 2
    assert all(0.9 * ROWS < rows < 1.1 * ROWS for rows in came)


def test_a_window_ends_with_its_newest_row_up_to_which_its_labels_were_looked_at() -> None:
    played = set_up(shop(customers=300), find_kind("late_labels"), "middle", 1)
    time = played.split.data.time
    assert time is not None
    newest = int(seconds_of(played.injected.table, time).max())
    assert played.ends == datetime.fromtimestamp(newest, UTC)
    assert set_up(shop(timed=False, customers=300), find_kind("clean"), "middle", 1).ends is None


def test_a_kind_that_cannot_be_shown_is_refused_by_name_and_passed_over_by_chance() -> None:
    data = shop(timed=False, customers=300)
    with pytest.raises(UsageError, match="shop cannot show time_zone_shift"):
        set_up(data, find_kind("time_zone_shift"), "middle", 0)
    kinds = {set_up(data, None, "weak", seed).injected.truth.kind for seed in range(12)}
    assert "time_zone_shift" not in kinds
