"""What is said of a baseline that knows its units, before and after it was measured without them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch import Monitor
from tests.monitoring.windows import config, reference, replaced, window


def strangers() -> pa.Table:
    """A window half of whose rows are of users that the reference never held."""
    table = window(seed=2)
    users = [1000 + i % 40 if i % 2 else user for i, user in enumerate(table["user"].to_pylist())]
    return replaced(table, "user", users)


def note(**fit: Any) -> str:
    packet = Monitor(config()).fit(reference(), **fit).check(strangers())
    (found,) = [text for text in packet.performance.notes if text.startswith("New user values make up")]
    return found


def test_where_nobody_measured_it_the_note_asks_for_it() -> None:
    packet = Monitor(config()).fit(reference()).check(strangers())
    assert packet.performance.drop.value is not None
    assert packet.performance.drop.value < 0
    said = note()
    assert said.endswith("flatters a model that meets new ones. Hold out whole user values to see it")
    assert "drop" not in said  # which would be news where the AUC rose


def test_where_the_auc_fell_the_note_doubts_the_fall() -> None:
    table = strangers()
    labels = [1 - label if i % 3 == 0 else label for i, label in enumerate(table["label"].to_pylist())]
    packet = Monitor(config()).fit(reference()).check(replaced(table, "label", labels))
    assert packet.performance.drop.value is not None
    assert packet.performance.drop.value > 0
    (said,) = [text for text in packet.performance.notes if text.startswith("New user values make up")]
    assert said.endswith("; part of the drop may be no decay. Hold out whole user values to see it")


def test_where_whole_units_were_held_out_the_note_tells_what_they_gave() -> None:
    scores: dict[int, float] = {}

    def trainer(learn: pa.Table, held: pa.Table) -> Any:
        given = np.round(np.random.default_rng(held.num_rows).random(held.num_rows), 2)
        scores.update(zip(held["event"].to_pylist(), given.tolist(), strict=True))
        return given

    said = note(by_unit=trainer)
    table = reference()
    auc = roc_auc_score(table["label"].to_numpy(), [scores[event] for event in table["event"].to_pylist()])
    held_out = float(said.partition("held out at training time AUC was ")[2].partition(" ")[0])
    assert held_out == pytest.approx(auc, abs=2e-3)
    low, _, high = said.partition("(")[2].partition(")")[0].partition(" to ")
    assert float(low) < held_out < float(high)
    assert ", so the baseline flatters a model that meets new ones: with whole user values held out" in said
    assert said.endswith("and that difference is no decay")
    assert "Hold out" not in said


def test_held_out_rows_of_one_class_measure_nothing() -> None:
    table = reference()
    one = table.filter(pa.compute.equal(table["label"], 1))
    assert "Hold out whole user values" in note(by_unit=one)


def test_where_the_baseline_promises_no_more_it_is_said_to() -> None:
    by_event = dict(zip(reference()["event"].to_pylist(), reference()["label"].to_pylist(), strict=True))

    def trainer(_learn: pa.Table, held: pa.Table) -> Any:
        return np.array([by_event[event] for event in held["event"].to_pylist()], dtype=float)

    said = note(by_unit=trainer)
    assert said.endswith("promises no more than new ones can get")
    assert "flatters" not in said
