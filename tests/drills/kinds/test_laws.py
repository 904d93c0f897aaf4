"""What must hold of every kind of drill, on made-up data with and without a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import get_args

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.drills.data.base import SCORE
from dawnwatch.drills.inject import Injected, inject
from dawnwatch.drills.registry import Kind, all_kinds
from dawnwatch.drills.split import Split
from dawnwatch.drills.strength import TARGETS, TOLERANCE
from dawnwatch.drills.truth import CAUSES, Strength, Truth
from dawnwatch.errors import UsageError
from dawnwatch.model.packet import Verdict

KINDS = {kind.name: kind for kind in all_kinds()}
ROWS = 5000
UPSTREAM = {"null_burst", "unit_change", "sentinels", "unseen_category", "time_zone_shift", "feature_lag"}
CHANGES = {
    "null_burst": "amount",
    "unit_change": "amount",
    "sentinels": "amount",
    "unseen_category": "channel",
    "time_zone_shift": "part",
    "concept_flip": "bought",
    "slow_concept_drift": "bought",
    "shuffled_scores": SCORE,
    "stale_scores": SCORE,
    "constant_scores": SCORE,
    "calibration_shift": "bought",
    "late_labels": "bought",
    "feature_lag": "amount",
}
"""Kinds that change cells of one column, and that column."""
EXCHANGES = {
    "mobile_surge",
    "night_concentration",
    "cold_start",
    "prior_shift",
    "weekend_season",
    "popularity_collapse",
}
"""Kinds that put whole rows in the place of others."""
OTHERS = {
    "clean",
    "replayed_duplicates",
    "dropped_column",
    "renamed_column",
    "retyped_column",
    "volume_drop",
    "volume_surge",
    "bad_deploy",
}
TIMED = {"time_zone_shift", "weekend_season", "volume_drop", "volume_surge"}
"""Kinds that only data with a time can show."""
OUT_OF_REACH = {("feature_lag", "strong")}
"""One feature is worth less than this to the shop's model."""
SILENT = {"clean", "weekend_season", "volume_surge"}
"""Kinds in which nothing is wrong that a pillar should say."""


def injected(split: Split, kind: Kind, strength: Strength = "middle", seed: int = 3) -> Injected:
    return inject(split, kind, strength, seed=seed, rows=ROWS)


def differing(before: pa.Table, after: pa.Table, name: str) -> np.ndarray:
    return np.array([a != b for a, b in zip(before[name].to_pylist(), after[name].to_pylist(), strict=True)])


def test_every_kind_is_classed() -> None:
    assert set(KINDS) == set(CHANGES) | EXCHANGES | OTHERS
    assert {name for name in CHANGES if KINDS[name].upstream} == UPSTREAM


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_same_arguments_give_the_same_rows_and_another_seed_others(made_up: Split, kind: Kind) -> None:
    one, two, other = injected(made_up, kind), injected(made_up, kind), injected(made_up, kind, seed=4)
    assert one.table.equals(two.table)
    assert one.truth == two.truth
    assert not one.table.equals(other.table)


@pytest.mark.parametrize("name", CHANGES)
def test_cells_change_in_as_many_rows_as_it_says_and_nowhere_else(made_up: Split, name: str) -> None:
    found = injected(made_up, KINDS[name])
    changed = differing(found.before, found.table, CHANGES[name])
    if name in {"shuffled_scores", "stale_scores", "constant_scores", "time_zone_shift", "feature_lag"}:
        # The new value may by chance be the old one.
        assert 0.7 * found.truth.affected_rows < changed.sum() <= found.truth.affected_rows
    else:
        assert changed.sum() == found.truth.affected_rows
    assert not changed[: found.truth.onset_row].any()
    same = [c for c in found.before.column_names if c not in {CHANGES[name], SCORE}]
    assert found.before.select(same).equals(found.table.select(same))
    assert found.table.schema == found.before.schema


@pytest.mark.parametrize("name", sorted(UPSTREAM))
def test_what_happens_before_the_model_changes_the_scores_of_these_rows_alone(made_up: Split, name: str) -> None:
    found = injected(made_up, KINDS[name])
    changed = differing(found.before, found.table, CHANGES[name])
    scores = differing(found.before, found.table, SCORE)
    assert not (scores & ~changed).any()
    assert found.table[SCORE].to_numpy().tolist() == made_up.model.score(found.table).tolist()


@pytest.mark.parametrize(
    ("name", "timed"),
    [(name, timed) for name in sorted(EXCHANGES) for timed in (True, False) if timed or name not in TIMED],
)
def test_whole_rows_of_the_pool_take_the_place_of_others(
    made_up: Split, timeless: Split, name: str, timed: bool
) -> None:
    split = made_up if timed else timeless
    found = injected(split, KINDS[name])
    before, after = (Counter(map(str, table.to_pylist())) for table in (found.before, found.table))
    assert found.table.num_rows == ROWS
    assert (after - before).total() == (before - after).total() == found.truth.affected_rows
    # What came stands in the pool as it is, but for the name of its unit; so the label depends on it as ever.
    rest = [name for name in found.table.column_names if name != split.data.unit]
    pool = {str(row) for row in split.pool.table.select(rest).to_pylist()}
    assert all(str(row) in pool for row in found.table.select(rest).to_pylist())
    if timed:
        times = found.table["at"].to_numpy()
        assert (np.diff(times) >= 0).all()
        came = [row["at"] for row in found.table.to_pylist() if str(row) not in before]
        assert min(came) >= found.before["at"][found.truth.onset_row].as_py()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_keys_stay_unique_but_for_replays(made_up: Split, kind: Kind) -> None:
    found = injected(made_up, kind)
    keys = Counter(zip(*(found.table[name].to_pylist() for name in made_up.data.keys), strict=True))
    repeated = sum(times - 1 for times in keys.values())
    assert repeated == (found.truth.affected_rows if kind.name == "replayed_duplicates" else 0)


@pytest.mark.parametrize("strength", get_args(Strength))
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_strength_is_met(made_up: Split, kind: Kind, strength: Strength) -> None:
    if (kind.name, strength) in OUT_OF_REACH:
        with pytest.raises(UsageError, match=f"{kind.name} cannot be made {strength}"):
            injected(made_up, kind, strength)
        return
    truth = injected(made_up, kind, strength).truth
    if kind.measure is None:
        assert truth.target is truth.reached is None
        return
    assert truth.target == TARGETS[kind.measure][strength]
    assert truth.reached is not None
    assert abs(truth.reached - truth.target) <= TOLERANCE * truth.target


@pytest.mark.parametrize(
    ("name", "timed"),
    [(name, timed) for name in KINDS for timed in (True, False) if timed or name not in TIMED],
)
def test_the_truth_is_whole(made_up: Split, timeless: Split, name: str, timed: bool) -> None:
    split, kind = made_up if timed else timeless, KINDS[name]
    found = injected(split, kind)
    truth = found.truth
    assert Truth.model_validate_json(truth.model_dump_json()) == truth
    assert (truth.kind, truth.data, truth.seed) == (kind.name, "shop", 3)
    assert truth.rows == found.table.num_rows
    assert truth.action in get_args(Verdict)
    assert truth.told[0].islower()
    acted = kind.action if truth.harmful else "wait"
    assert truth.action == ("cannot_tell" if kind.undecidable(split.data) else acted)
    if kind.name == "clean":
        assert (truth.pillar, truth.cause, truth.column, truth.value, truth.affected_rows) == (None,) * 4 + (0,)
        return
    assert (truth.pillar is None) == (name in SILENT)
    assert truth.cause in CAUSES
    assert 0 < truth.affected_rows <= truth.rows
    assert truth.column is None or truth.column in found.before.column_names
    assert (truth.onset_row is None) == (kind.measure is None)
    if truth.onset_row is not None and timed:
        assert truth.onset is not None
        assert truth.onset.timestamp() == found.before["at"][truth.onset_row].as_py()
    else:
        assert truth.onset is None


@pytest.mark.parametrize("name", sorted(TIMED))
def test_what_the_data_cannot_show_is_said(timeless: Split, name: str) -> None:
    with pytest.raises(UsageError, match=f"shop cannot show {name}"):
        inject(timeless, KINDS[name], "weak", seed=0, rows=ROWS)


def test_what_cannot_become_so_strong_is_said(made_up: Split) -> None:
    few = replace(made_up, data=replace(made_up.data, slice=("channel", "till")))
    with pytest.raises(UsageError, match="shop, seed 0: concept_flip cannot be made strong in 5,000 rows"):
        inject(few, KINDS["concept_flip"], "strong", seed=0, rows=ROWS)
