"""Versions that were given other kinds of rows: the same model on harder rows, a worse one there, and nothing alike."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, Monitor, TriagePacket
from dawnwatch.model.auc import VersionPerformance

ROWS = 8000
TABLES: dict[str, Any] = {
    "project": {"name": "Demo"},
    "data": {"extra_columns": "pass"},
    "roles": {"label": "label", "score": "score", "unit": "user", "model_version": "version"},
    "model": {"features": ["device", "amount", "age"]},
}


def world(seed: int, *, noise: float = 0.0, by_score: bool = True, named: bool = True) -> pa.Table:
    """A log whose rows of middling score the version v2 scored: the same model, or one with `noise` in its logits.

    Otherwise rows are dealt out to the versions at random.
    """
    rng = np.random.default_rng(seed)
    device = rng.integers(0, 3, ROWS)
    amount, age = rng.normal(3, 0.8, ROWS), rng.integers(18, 80, ROWS).astype(float)
    logit = np.array([0.0, 0.9, -0.6])[device] + 1.1 * (amount - 3) - 0.03 * (age - 45) - 0.8
    label = (rng.random(ROWS) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    mine = (np.abs(logit + 0.9) < 0.55) & (rng.random(ROWS) < 0.95) if by_score else rng.random(ROWS) < 0.4
    mine &= named
    given = logit + np.where(mine, noise * rng.normal(size=ROWS), 0.0)
    return pa.table(
        {
            "device": np.array(["web", "ios", "android"])[device],
            "amount": amount,
            "age": age,
            "score": 1 / (1 + np.exp(-given)),
            "label": label,
            "user": rng.integers(0, 500, ROWS),
            "version": np.where(mine, "v2", "v1"),
        }
    )


@cache
def monitor() -> Monitor:
    return Monitor(Config.from_dict(TABLES)).fit(world(0, named=False), holdout=world(1, named=False))


def judged(current: pa.Table) -> tuple[TriagePacket, VersionPerformance]:
    packet = monitor().check(current)
    return packet, next(one for one in packet.performance.versions if one.version == "v2")


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_the_same_model_on_rows_that_are_hard_to_rank_is_no_worse_version(seed: int) -> None:
    packet, found = judged(world(seed))
    assert packet.performance.reference.value is not None
    assert found.auc.value is not None
    assert packet.performance.reference.value - found.auc.value > 0.1  # as the rows are, it looks much worse
    assert found.other_kinds
    assert found.outcome.value != "failed"
    assert found.drop.value is not None
    assert abs(found.drop.value) < 0.05
    assert "version_worse" not in packet.facts
    assert any(note.startswith("Version v2 was given other kinds of rows") for note in packet.performance.notes)
    assert packet.decision.verdict != "rollback"


def test_a_worse_model_on_such_rows_is_still_found() -> None:
    packet, found = judged(world(5, noise=2.0))
    assert found.other_kinds
    assert found.outcome.value == "failed"
    assert packet.decision.verdict == "rollback"


def test_rows_dealt_out_at_random_are_compared_as_they_are() -> None:
    packet, found = judged(world(6, noise=2.0, by_score=False))
    assert not found.other_kinds
    assert found.outcome.value == "failed"
    assert packet.decision.verdict == "rollback"


def test_rows_of_kinds_that_nothing_else_has_are_not_compared() -> None:
    """v2 serves a device of its own, and ranks by chance there: another kind of rows, or another model."""
    table = world(7, named=False)
    watch = np.random.default_rng(0).random(ROWS) < 0.4
    device = np.where(watch, "watch", np.array(table["device"].to_pylist()))
    score = np.where(watch, np.random.default_rng(1).random(ROWS), table["score"].to_numpy())
    version = np.where(watch, "v2", "v1")
    for name, values in (("device", device), ("score", score), ("version", version)):
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(values))
    _, found = judged(table)
    assert found.outcome.value == "not_computed"
    assert found.reason is not None
    assert found.reason.startswith("versions score different kinds of rows: 100% of its rows")
