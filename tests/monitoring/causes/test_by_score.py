"""Rows selected by their score, labels that go otherwise, and both: worlds where the AUC of either is known."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch import Config, Monitor, TriagePacket
from dawnwatch.model.causes import Cause

TABLES: dict[str, Any] = {
    "project": {"name": "Demo"},
    "data": {"extra_columns": "pass"},
    "roles": {"label": "label", "score": "score", "unit": "user", "score_kind": "probability"},
    "model": {"features": ["device", "amount", "age"]},
}
FLIPPED = 0.12
"""Share of the labels that go otherwise where the concept changed."""


def world(seed: int, rows: int, *, middling: float = 1.0, flipped: float = 0.0) -> dict[str, np.ndarray]:
    """Rows whose score is a fixed function of three features, and whose labels come true as it says.

    `middling` is the chance to come of a row whose score is not of the middle; features are kept as they come.
    """
    rng = np.random.default_rng(seed)
    drawn = rows if middling == 1 else rows * 6
    device = rng.integers(0, 3, drawn)
    amount, age = rng.normal(3, 0.8, drawn), rng.integers(18, 80, drawn).astype(float)
    score = 1 / (1 + np.exp(-(np.array([0.0, 0.9, -0.6])[device] + 1.1 * (amount - 3) - 0.03 * (age - 45) - 0.8)))
    label = (rng.random(drawn) < score).astype(np.int64)
    middle = (score > 0.2) & (score < 0.45)
    kept = np.flatnonzero(middle | (rng.random(drawn) < middling))[:rows]
    label = np.where(rng.random(drawn) < flipped, 1 - label, label)
    columns = {"device": np.array(["web", "ios", "android"])[device], "amount": amount, "age": age}
    columns |= {"score": score, "label": label, "user": rng.integers(0, 500, drawn)}
    return {name: values[kept] for name, values in columns.items()}


def auc(**changed: float) -> float:
    """Of very many rows, by another library."""
    found = world(99, 400_000, **changed)
    return float(roc_auc_score(found["label"], found["score"]))


@cache
def monitor() -> Monitor:
    then, held = (pa.table(world(seed, 8000)) for seed in (0, 1))
    return Monitor(Config.from_dict(TABLES)).fit(then, holdout=held)


def checked(seed: int, **changed: float) -> TriagePacket:
    return monitor().check(pa.table(world(seed, 8000, **changed)))


def parts(packet: TriagePacket) -> dict[str, Cause]:
    return {cause.cause: cause for cause in packet.diagnosis.causes}


def holds(cause: Cause, truth: float) -> bool:
    assert cause.interval is not None
    return cause.interval[0] <= truth <= cause.interval[1]


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_rows_selected_by_their_score_are_mix_and_nothing_to_retrain_for(seed: int) -> None:
    packet = checked(seed, middling=0.3)
    found = parts(packet)
    assert set(found) == {"mix", "concept"}
    assert holds(found["mix"], auc() - auc(middling=0.3))
    assert holds(found["concept"], 0.0)
    assert found["mix"].top_slices[0].column == "score"
    assert packet.decision.verdict != "retrain"


@pytest.mark.parametrize("seed", [5, 6])
def test_rows_that_no_longer_come_at_all_are_mix_too(seed: int) -> None:
    """Nothing but the middle is left, so that no weight gives the rows now what they lack."""
    packet = checked(seed, middling=0.0)
    found = parts(packet)
    assert holds(found["mix"], auc() - auc(middling=0.0))
    assert holds(found["concept"], 0.0)
    assert packet.decision.verdict != "retrain"


@pytest.mark.parametrize("seed", [7, 8])
def test_other_labels_at_the_same_scores_stay_concept(seed: int) -> None:
    packet = checked(seed, flipped=FLIPPED)
    found = parts(packet)
    assert holds(found["concept"], auc() - auc(flipped=FLIPPED))
    assert not holds(found["concept"], 0.0)
    assert found["mix"].amount == pytest.approx(0, abs=0.01)
    assert packet.decision.verdict == "retrain"


@pytest.mark.parametrize("seed", [9, 10])
def test_both_at_once_are_told_apart(seed: int) -> None:
    found = parts(checked(seed, middling=0.3, flipped=FLIPPED))
    plain, both = auc() - auc(middling=0.3), auc(flipped=FLIPPED) - auc(middling=0.3, flipped=FLIPPED)
    mix = (plain + both) / 2
    assert holds(found["mix"], mix)
    assert holds(found["concept"], auc() - auc(middling=0.3, flipped=FLIPPED) - mix)
    assert not holds(found["concept"], 0.0)


def test_of_another_model_nobody_can_tell_selected_rows_from_another_concept() -> None:
    """Every row is scored by a version that the baseline lacks: its scores may be another function of the features."""
    roles = TABLES["roles"] | {"model_version": "version"}
    then, held, now = (pa.table(world(seed, 8000, **more)) for seed, more in ((0, {}), (1, {}), (2, {"middling": 0.3})))
    sides = [
        side.append_column("version", pa.array([name] * side.num_rows))
        for side, name in ((then, "v1"), (held, "v1"), (now, "v2"))
    ]
    packet = Monitor(Config.from_dict(TABLES | {"roles": roles})).fit(sides[0], holdout=sides[1]).check(sides[2])
    (cause,) = packet.diagnosis.causes
    assert (cause.cause, cause.resolvable) == ("concept", False)
    assert any("alike in the score as well" in question for question in packet.diagnosis.unresolved)
    assert packet.decision.verdict != "retrain"
