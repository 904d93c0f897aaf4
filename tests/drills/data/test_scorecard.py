"""The scorecard: learns, and scores whatever a broken pipeline hands it."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.drills.data.scorecard import Scorecard
from dawnwatch.drills.strength import auc
from dawnwatch.errors import ConfigError

FEATURES = ("kind", "x")


def rows(count: int, seed: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    x, kind = rng.normal(size=count), rng.choice(["a", "b"], count)
    chance = 1 / (1 + np.exp(-(x**2 - 1) - (kind == "a")))
    return pa.table({"kind": pa.array(kind.tolist()), "x": x, "y": (rng.random(count) < chance).astype(np.int64)})


def learned() -> Scorecard:
    return Scorecard.learn(rows(4000), features=FEATURES, categorical=["kind"], label="y")


def test_it_finds_what_is_not_linear() -> None:
    fresh = rows(4000, seed=1)
    score = learned().score(fresh)
    assert auc(fresh["y"].to_numpy(), score) > 0.72
    assert abs(score.mean() - fresh["y"].to_numpy().mean()) < 0.03


def test_a_row_has_the_same_score_whoever_stands_beside_it() -> None:
    fresh = rows(100)
    assert learned().score(fresh)[:7].tolist() == learned().score(fresh.slice(0, 7)).tolist()


def test_what_it_cannot_read_has_no_weight() -> None:
    model, three = learned(), rows(3)
    nothing = pa.table({"kind": pa.array([None] * 3, pa.string()), "x": pa.array([None] * 3, pa.float64())})
    odd = pa.table({"kind": ["new"] * 3, "x": three["x"].cast(pa.string())})
    expected = [1 / (1 + np.exp(-model.intercept))] * 3
    for table in (nothing, odd, three.select([])):
        assert model.score(table if table.num_columns else pa.table({"z": [1, 2, 3]})).tolist() == expected


def test_without_scikit_learn_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ConfigError, match=r"pip install 'dawnwatch\[drills\]'"):
        learned()
