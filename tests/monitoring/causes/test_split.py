"""A fall of known parts, taken apart: each cause alone, several at once, and what cannot be told."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, Monitor, TriagePacket
from dawnwatch.model.causes import CAUSE_ORDER, Cause
from dawnwatch.report.lines import performance_lines

RIDERS = 400
TABLES: dict[str, Any] = {
    "project": {"name": "Demo"},
    "data": {"extra_columns": "pass"},
    "roles": {"label": "label", "score": "score", "unit": "rider", "slices": ["device"]},
    "model": {"features": ["device", "age"]},
    "columns": {"age": {"range": {"min": 0, "max": 120}}},
}
KNOWN, NEW = 1.5, 0.6
"""How far the classes' scores lie apart, for riders the model learned from and for others."""


@cache
def log(seed: int, *, new: float = 0.0, known: float = KNOWN, mobile: float = 0.5, first: int = 0) -> pa.Table:
    """8,000 rows; riders from `first` on are known, those from 10,000 on are new. Mobile rows rank less well."""
    rng = np.random.default_rng(seed)
    rows = 8000
    strange = rng.random(rows) < new
    rider = np.where(strange, 10_000, first) + rng.integers(0, RIDERS, rows)
    device = np.where(rng.random(rows) < mobile, "mobile", "desktop")
    label = rng.integers(0, 2, rows)
    apart = np.where(strange, NEW, known) - 0.4 * (device == "mobile")
    score = 1 / (1 + np.exp(-rng.normal(size=rows) - apart * (label - 0.5)))
    age = rng.integers(18, 80, rows).astype(float)
    return pa.table({"rider": rider, "device": device, "age": age, "score": score, "label": label})


def checked(current: pa.Table, *, by_unit: Any = None, holdout: pa.Table | None = None, **tables: Any) -> TriagePacket:
    config = Config.from_dict(TABLES | tables)
    held = log(1) if holdout is None else holdout
    return Monitor(config).fit(log(0), holdout=held, training=log(0), by_unit=by_unit).check(current)


def parts(packet: TriagePacket) -> dict[str, Cause]:
    fall = packet.performance.drop.value
    assert fall is not None
    assert sum(cause.amount for cause in packet.diagnosis.causes) == pytest.approx(fall, abs=1e-9)
    amounts = [cause.amount for cause in packet.diagnosis.causes]
    assert amounts == sorted(amounts, reverse=True)
    return {cause.cause: cause for cause in packet.diagnosis.causes}


def holds(cause: Cause, truth: float) -> bool:
    assert cause.interval is not None
    return cause.interval[0] <= truth <= cause.interval[1]


def test_new_units_are_novelty_where_it_is_known_what_the_model_makes_of_them() -> None:
    current, honest = log(2, new=0.8), log(3, new=1.0)
    found = parts(checked(current, by_unit=honest))
    assert set(found) == {"novelty", "mix", "concept"}
    novelty = found["novelty"]
    assert novelty.resolvable
    assert novelty.column == "rider"
    # The current window has no other cause, so nearly all of its fall is novelty's.
    fall = checked(current).performance.drop.value
    assert fall is not None
    assert holds(novelty, fall)
    assert novelty.amount == pytest.approx(fall, abs=0.02)
    assert holds(found["mix"], 0.0)
    assert holds(found["concept"], 0.0)


def test_without_it_novelty_and_concept_are_not_resolvable() -> None:
    packet = checked(log(2, new=0.8))
    found = parts(packet)
    assert not found["novelty"].resolvable
    assert "cannot be told apart" in found["novelty"].text
    assert any("not resolvable" in question for question in packet.diagnosis.unresolved)
    assert [pair.then for pair in packet.diagnosis.pairs if pair.which == "new"] == [None]


def test_a_holdout_with_new_units_tells_of_them_too() -> None:
    found = parts(checked(log(2, new=0.8), holdout=log(4, new=0.3)))
    assert found["novelty"].resolvable


def test_known_units_that_got_worse_are_concept() -> None:
    found = parts(checked(log(5, known=0.7)))
    assert set(found) == {"mix", "concept"}
    assert found["concept"].amount > 10 * abs(found["mix"].amount)
    assert not holds(found["concept"], 0.0)


def test_several_causes_at_once_are_told_apart() -> None:
    found = parts(checked(log(6, new=0.5, known=0.9), by_unit=log(3, new=1.0)))
    assert not holds(found["novelty"], 0.0)
    assert not holds(found["concept"], 0.0)


def test_rows_that_break_a_rule_are_quality() -> None:
    table = log(7)
    rng = np.random.default_rng(0)
    bad = rng.random(table.num_rows) < 0.3
    age = np.where(bad, -999.0, table["age"].to_numpy())
    score = np.where(bad, rng.random(table.num_rows), table["score"].to_numpy())
    table = table.set_column(2, "age", pa.array(age)).set_column(3, "score", pa.array(score))
    packet = checked(table)
    found = parts(packet)
    assert found["quality"].column == "age"
    assert packet.diagnosis.causes[0].cause == "quality"
    assert holds(found["concept"], 0.0)


def test_values_the_reference_never_held_are_novelty_of_their_column() -> None:
    table = log(8)
    rng = np.random.default_rng(0)
    watch = rng.random(table.num_rows) < 0.4
    device = np.where(watch, "watch", np.array(table["device"].to_pylist()))
    score = np.where(watch, rng.random(table.num_rows), table["score"].to_numpy())
    found = parts(checked(table.set_column(1, "device", pa.array(device)).set_column(3, "score", pa.array(score))))
    assert found["novelty"].column == "device"
    assert not holds(found["novelty"], 0.0)


@pytest.mark.parametrize("shift", [70.0, 1000.0])
def test_where_no_row_has_a_number_the_reference_held_nothing_is_told_apart(shift: float) -> None:
    """In fifths of the reference they lie in the outermost together, as a fifth of the old rows do: no overlap."""
    table = log(5, known=0.7)
    moved = table.set_column(2, "age", pa.array(table["age"].to_numpy() + shift))
    packet = checked(moved, columns={"age": {"monitor": True}})
    found = parts(packet)
    assert (found["concept"].resolvable, set(found) & {"mix"}) == (False, set())
    assert packet.diagnosis.harms == []
    assert any("no kind of rows in common" in question for question in packet.diagnosis.unresolved)


def test_labels_still_to_come_are_maturity() -> None:
    """Labels lack mostly where the score is extreme, so that those with one look harder than all are."""
    table = log(9)
    score = table["score"].to_numpy()
    easy = np.abs(score - 0.5) > 0.2
    lacks = easy & (np.random.default_rng(0).random(table.num_rows) < 0.9)
    label = pa.array([None if lack else value for lack, value in zip(lacks, table["label"].to_pylist(), strict=True)])
    packet = checked(table.set_column(4, "label", label))
    found = parts(packet)
    assert packet.diagnosis.causes[0].cause == "maturity"
    assert holds(found["concept"], 0.0)


def test_where_nothing_fell_there_are_no_causes_but_harms() -> None:
    packet = checked(log(10, mobile=0.9))
    assert packet.diagnosis.causes == []
    harms = {harm.column: harm for harm in packet.diagnosis.harms}
    assert set(harms) == {"device", "age"}
    assert harms["device"].amount > 0.005
    (finding,) = [found for found in packet.diagnosis.findings if found.subject == "device"]
    assert f"its changed mix takes {harms['device'].amount:.3f} from the AUC" in finding.text


def test_without_rows_to_sample_the_packet_says_so() -> None:
    packet = checked(log(5, known=0.7), roles={"label": "label", "score": "score"})
    assert packet.diagnosis.causes == []
    (asked,) = [question for question in packet.diagnosis.unresolved if "no rows are sampled" in question]
    assert "set [roles] unit, the column of whoever the rows are of" in asked
    (line,) = [line for line in performance_lines(packet) if line.startswith("why it fell")]
    assert line == f"why it fell is not told: {asked.partition(': ')[2]}"


def test_a_private_label_keeps_its_rows_out_of_the_sample() -> None:
    packet = checked(log(5, known=0.7), columns={"label": {"private": True}})
    assert packet.diagnosis.causes == []


def test_the_order_is_that_of_the_definition() -> None:
    assert CAUSE_ORDER == ("maturity", "serving", "quality", "novelty", "mix", "concept")


def test_a_lost_feature_is_told_with_whatever_else_changed() -> None:
    packet = checked(log(5, known=0.7).drop_columns(["age"]))
    (cause,) = [c for c in packet.diagnosis.causes if c.amount > 0.01]
    assert (cause.cause, cause.column, cause.resolvable) == ("quality", "age", False)
    assert any("every row has the fault" in question for question in packet.diagnosis.unresolved)


def test_more_positives_alone_are_no_part_and_fit_as_a_label_shift() -> None:
    """Two of three negatives go; of each class the scores stay as they were."""
    table = log(11)
    kept = (table["label"].to_numpy() == 1) | (np.random.default_rng(0).random(table.num_rows) < 1 / 3)
    packet = checked(table.filter(pa.array(kept)))
    shift = packet.diagnosis.label_shift
    assert shift is not None
    assert shift.then == pytest.approx(0.5, abs=0.02)
    assert shift.now == pytest.approx(0.75, abs=0.02)
    assert shift.interval[0] > 0.2
    assert shift.fit is not None
    assert shift.fit > 0.7
    assert shift.along == pytest.approx(1, abs=0.3)
    assert packet.performance.drop.value == pytest.approx(0, abs=0.02)
    moved = checked(log(12, known=0.7)).diagnosis.label_shift
    assert moved is not None
    assert moved.interval[0] < 0 < moved.interval[1]


def test_positives_that_came_of_rows_scored_as_before_are_no_label_shift() -> None:
    table = log(11)
    label, lucky = table["label"].to_numpy(), np.random.default_rng(0).random(table.num_rows) < 0.4
    at = table.schema.get_field_index("label")
    shift = checked(table.set_column(at, "label", pa.array(np.where(lucky, 1, label)))).diagnosis.label_shift
    assert shift is not None
    assert shift.interval[0] > 0.1
    assert shift.along == pytest.approx(0, abs=0.3)


def test_new_units_are_shown_where_there_are_more_than_chance_brings() -> None:
    many = checked(log(2, new=0.8)).drift.novelty
    same = checked(log(13)).drift.novelty
    few = checked(log(2, new=0.8), significance={"min_units": 2000}).drift.novelty
    assert many is not None
    assert same is not None
    assert few is not None
    assert (many.shown, same.shown, few.shown) == (True, False, None)
    assert many.increase == pytest.approx(0.8, abs=0.05)
    assert many.interval is not None
    assert many.interval[0] > 0.6


def test_of_many_features_the_mix_is_that_of_those_that_moved() -> None:
    """Half of the rows that rank less well are more now; thirty other features are as they were."""

    def wide(table: pa.Table, seed: int) -> pa.Table:
        rng = np.random.default_rng(seed)
        for at in range(30):
            table = table.append_column(f"idle_{at}", pa.array(rng.normal(size=table.num_rows)))
        return table

    features = ["device", "age", *(f"idle_{at}" for at in range(30))]
    config = Config.from_dict(TABLES | {"model": {"features": features}})
    monitor = Monitor(config).fit(wide(log(0), 0), holdout=wide(log(1), 1), training=wide(log(0), 0))
    packet = monitor.check(wide(log(15, mobile=0.8, known=1.1), 2))
    (mix,) = [cause for cause in packet.diagnosis.causes if cause.cause == "mix"]
    parts(packet)
    assert "device" in mix.assumptions[0]
    assert "the other 27 differ by no more than chance" in mix.assumptions[0]
    harms = {harm.column: harm for harm in packet.diagnosis.harms}
    assert len(harms) == 5
    assert harms["device"].amount == pytest.approx(mix.amount, abs=0.005)


def test_a_fault_in_it_ends_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("two\nlines")

    monkeypatch.setattr("dawnwatch.monitoring.causes.split.units_of", broken)
    packet = checked(log(14))
    assert packet.could_not_judge == ["why the AUC changed could not be computed: ValueError: two lines"]
