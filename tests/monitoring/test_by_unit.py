"""Retraining without each fold of units: who learns from what, and what a trainer may get wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import BaselineError, ConfigError, Monitor
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.monitoring.by_unit import load_trainer
from tests.monitoring.windows import config, reference, replaced, window

Tables = list[tuple[pa.Table, pa.Table]]


def recorded() -> tuple[Tables, Callable[[pa.Table, pa.Table], Any]]:
    """A trainer that keeps what it was given, and gives each row's label's share among the rows it learned from."""
    seen: Tables = []

    def trainer(learn: pa.Table, held: pa.Table) -> Any:
        seen.append((learn, held))
        return np.full(held.num_rows, learn["label"].to_numpy().mean())

    return seen, trainer


def test_no_model_ever_sees_the_units_it_scores() -> None:
    seen, trainer = recorded()
    rows = reference()
    fitted = Monitor(config()).fit(rows, by_unit=trainer)
    assert len(seen) == 5
    for learn, held in seen:
        assert not set(learn["user"].to_pylist()) & set(held["user"].to_pylist())
    scored = [user for _, held in seen for user in held["event"].to_pylist()]
    assert sorted(scored) == sorted(rows["event"].to_pylist())
    # Five folds of 300 units, each dealt by its hash.
    assert all(150 < held.num_rows < 1200 for _, held in seen)
    profile = fitted._baselines and fitted._baselines.by_unit
    assert profile is not None
    assert profile.profile.rows == rows.num_rows
    assert "never" not in profile.name
    assert "(5 folds)" in profile.name


def test_folds_and_groups_are_dealt_apart() -> None:
    """A fold that were a set of groups would leave a whole fold out with each group."""
    seen, trainer = recorded()
    fitted = Monitor(config(model={"folds": 2})).fit(reference(), by_unit=trainer)
    found = fitted._baselines and fitted._baselines.by_unit
    assert found is not None
    assert found.profile.group_scores is not None
    groups = (found.profile.group_scores.sum(axis=(0, 2, 3)) > 0).sum()
    assert groups > UNIT_GROUPS * 0.9
    assert len(seen) == 2
    assert min(len(set(held["user"].to_pylist())) for _, held in seen) > 100


def test_learning_is_from_the_training_rows_alone() -> None:
    seen, trainer = recorded()
    training = reference().slice(0, 1000)
    Monitor(config()).fit(reference(), training=training, by_unit=trainer)
    events = {event for learn, _ in seen for event in learn["event"].to_pylist()}
    assert events <= set(training["event"].to_pylist())


def test_a_trainer_may_return_the_rows_with_other_features() -> None:
    def trainer(learn: pa.Table, held: pa.Table) -> pa.Table:
        return replaced(held, "age", np.full(held.num_rows, 50.0))

    fitted = Monitor(config()).fit(reference(), by_unit=trainer)
    found = fitted._baselines and fitted._baselines.by_unit
    assert found is not None
    assert found.profile.columns["age"].moments.low == found.profile.columns["age"].moments.high == 50.0


@pytest.mark.parametrize(
    ("trainer", "said"),
    [
        (lambda learn, held: 1 / 0, "model.trainer failed on fold 1 of 5: division by zero"),
        (lambda learn, held: np.zeros(3), "must return one score a row"),
        (lambda learn, held: held.drop_columns(["score"]), "with a column 'score'"),
        (lambda learn, held: held.slice(1), "rows it was given"),
    ],
)
def test_a_trainer_that_fails_is_one_clear_line(trainer: Any, said: str) -> None:
    with pytest.raises(BaselineError) as error:
        Monitor(config()).fit(reference(), by_unit=trainer)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_without_units_there_is_nothing_to_hold_out() -> None:
    with pytest.raises(BaselineError, match=r"needs \[roles\] unit"):
        Monitor(config(roles={"unit": None})).fit(reference(), by_unit=recorded()[1])


def test_rows_given_instead_of_a_trainer_are_profiled_as_they_are() -> None:
    fitted = Monitor(config()).fit(reference(), by_unit=window(seed=9, rows=500))
    found = fitted._baselines and fitted._baselines.by_unit
    assert found is not None
    assert found.profile.rows == 500


def test_a_saved_reference_keeps_it(tmp_path: Path) -> None:
    Monitor(config()).fit(reference(), by_unit=recorded()[1]).save(tmp_path / "ref.profile")
    again = Monitor(config()).fit(reference_profile=tmp_path / "ref.profile")
    found = again._baselines and again._baselines.by_unit
    assert found is not None
    assert found.profile.rows == reference().num_rows


def test_a_trainer_is_found_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "beside_it.py").write_text("def retrain(learn, held):\n    return [0.5] * held.num_rows\n")
    path = list(sys.path)
    assert load_trainer("beside_it:retrain", tmp_path)(None, reference()) == [0.5] * reference().num_rows
    assert sys.path == path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("training", "name it as module:function"),
        ("no_such_module_here:retrain", "no_such_module_here cannot be imported"),
        ("json:retrain", "json has no function 'retrain'"),
    ],
)
def test_a_trainer_that_is_none_is_said_in_one_line(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"model\.trainer") as error:
        load_trainer(name, tmp_path)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda rows: [float("nan")] * rows, "gave none of .* rows a score: all are null, NaN or infinite"),
        (lambda rows: [7.5] * rows, r"gave .* rows a score outside \[0, 1\], such as 7.5, and \[roles\] score_kind"),
        (lambda rows: ["a"] * rows, "must return one number a row: could not convert string to float: 'a'"),
        (lambda rows: [0.5] * rows, "gave every row of every fold the same score, 0.5: nothing is ranked"),
        (lambda rows: None, "must return one"),
    ],
    ids=["nan", "beyond", "text", "constant", "nothing"],
)
@pytest.mark.parametrize("as_table", [False, True])
def test_scores_that_are_none_are_refused_in_one_line(made: Any, said: str, as_table: bool) -> None:
    def trainer(learn: pa.Table, held: pa.Table) -> Any:
        scores = made(held.num_rows)
        if not as_table or scores is None:
            return scores
        return held.set_column(held.schema.get_field_index("score"), "score", pa.array(scores))

    with pytest.raises(BaselineError, match=f"model.trainer {said}") as error:
        Monitor(config(roles={"score_kind": "probability"})).fit(reference(), by_unit=trainer)
    assert "\n" not in str(error.value)
