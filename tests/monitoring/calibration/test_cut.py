"""The cells of a reference add up to what a run counts of it."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch import Monitor, open_source
from dawnwatch.errors import BaselineError
from dawnwatch.monitoring.calibration.cut import Pool, cut
from dawnwatch.monitoring.calibration.schedule import Blocks, blocks_of, schedule
from tests.monitoring.calibration.log import config, log

ROWS = 4000
TABLE = log(ROWS, 1, per_unit=5)


def of(*, unit: bool) -> tuple[Monitor, Pool]:
    monitor = Monitor(config(unit=unit, roles={"slices": ["kind"]})).fit(TABLE)
    source = open_source(TABLE)
    blocks = blocks_of(source, "at", schedule("1d", "500"), ROWS)
    return monitor, cut(source, monitor._fitted().plan, blocks, ["kind"])


def test_the_cells_of_units_add_up_to_the_profile() -> None:
    monitor, pool = of(unit=True)
    profile = monitor._fitted().drift.profile
    kind = profile.columns["kind"]
    assert kind.groups is not None
    assert kind.group_cubes is not None
    assert profile.group_scores is not None
    assert (pool.features["kind"].whole() == kind.groups.T).all()
    assert (pool.scores.whole() == profile.group_scores.sum(axis=0)).all()
    assert (pool.slices["kind"].whole() == kind.group_cubes.transpose(1, 0, 2, 3)).all()
    assert pool.missing["note"].sum() == profile.columns["note"]["null"] > 0
    assert pool.all_units is not None
    assert pool.all_units.units == ROWS / 5


def test_the_cells_of_rows_add_up_to_the_profile() -> None:
    monitor, pool = of(unit=False)
    profile = monitor._fitted().drift.profile
    cube = profile.columns["kind"].cube
    assert cube is not None
    assert (pool.features["kind"].whole()[0] == cube.sum(axis=(1, 2))).all()
    assert (pool.slices["kind"].whole()[0] == cube).all()
    groups = monitor._fitted().plan.score_bins.groups
    for label in range(3):
        coarse = np.bincount(groups, weights=profile.scores[label], minlength=513)
        assert (pool.scores.whole()[0, label] == coarse).all()
    assert pool.all_units is None


def test_rows_lie_in_the_block_of_their_time_however_they_are_ordered() -> None:
    mixed = TABLE.take(np.random.default_rng(2).permutation(ROWS))
    monitor = Monitor(config(unit=True)).fit(TABLE)
    blocks = blocks_of(open_source(TABLE), "at", schedule("1d", "500"), ROWS)
    plan = monitor._fitted().plan
    for one, other in zip(
        *(cut(open_source(t), plan, blocks, ["kind"]).features["kind"].counts for t in (TABLE, mixed)), strict=True
    ):
        assert (one == other).all()


def test_no_row_in_any_block_is_said() -> None:
    monitor = Monitor(config(unit=True)).fit(TABLE)
    nowhere = Blocks("at", np.array([0.0, 1.0]), 1, 1.0)
    with pytest.raises(BaselineError, match="none of its rows lies in the time"):
        cut(open_source(log(100, 1).slice(50)), monitor._fitted().plan, nowhere, ["kind"])
