"""Scores from any deployed model, and one clear reason where there are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder
from sklearn.svm import LinearSVC

from dawnwatch import Config, ConfigError, Monitor
from dawnwatch.profiling.scoring import ScoredSource, load_model
from dawnwatch.sources import open_source

RNG = np.random.default_rng(0)
N = 400
X = RNG.normal(size=N)
ROWS = pd.DataFrame({"x": X, "s": RNG.choice(["a", "b"], N), "label": (X + RNG.normal(size=N) > 0).astype(int)})


def fitted(labels: Any = None) -> Any:
    encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["s"]), remainder="passthrough")
    return make_pipeline(encode, LogisticRegression()).fit(
        ROWS[["x", "s"]], ROWS["label"] if labels is None else labels
    )


def scored(
    model: Any, data: Any = None, features: tuple[str, ...] = ("x", "s"), positive: str = "1"
) -> tuple[np.ndarray, ScoredSource]:
    source = ScoredSource(open_source(ROWS if data is None else data, what="log"), model, features, positive, "score")
    parts = [batch.column("score").to_numpy(zero_copy_only=False) for batch in source.batches(["score"])]
    return np.concatenate(parts), source


def test_a_pipeline_scores_as_it_does_by_itself() -> None:
    model = fitted()
    expected = model.predict_proba(ROWS[["x", "s"]])[:, 1]
    for features in (("x", "s"), ("s", "x"), ()):
        found, source = scored(model, features=features)
        assert found == pytest.approx(expected, abs=1e-12)
        assert source.fault(private=False) is None
    coded = pa.Table.from_pandas(ROWS.astype({"s": "category"}))
    assert scored(model, coded)[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("labels", "positive", "column"),
    [
        (ROWS["label"].map({0: "no", 1: "yes"}), "yes", 1),
        (ROWS["label"].map({0: "zebra", 1: "ant"}), "ant", 0),
        (ROWS["label"].astype(bool), "1", 1),
        (ROWS["label"].astype(float), "0", 0),
    ],
)
def test_the_positive_class_is_found_by_its_name(labels: Any, positive: str, column: int) -> None:
    model = fitted(labels)
    expected = model.predict_proba(ROWS[["x", "s"]])[:, column]
    assert scored(model, positive=positive)[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("positive", "sign"), [("1", 1), ("0", -1)])
def test_a_decision_function_points_to_the_positive_class(positive: str, sign: int) -> None:
    model = LinearSVC().fit(ROWS[["x"]].to_numpy(), ROWS["label"])
    found, _ = scored(model, features=("x",), positive=positive)
    assert found == pytest.approx(sign * model.decision_function(ROWS[["x"]].to_numpy()))


def test_a_callable_gets_the_named_columns_or_all() -> None:
    seen: list[list[str]] = []

    def model(batch: pa.RecordBatch) -> Any:
        seen.append(batch.schema.names)
        return batch.column("x")

    assert scored(model, features=("x",))[0].tolist() == X.tolist()
    assert scored(model, features=())[0].tolist() == X.tolist()
    assert seen == [["x"], ["x", "s", "label"]]


def test_the_model_runs_only_where_its_score_is_asked_for() -> None:
    def model(batch: pa.RecordBatch) -> Any:
        raise AssertionError

    source = ScoredSource(open_source(ROWS, what="log"), model, ["x"], "1", "score")
    assert [batch.schema.names for batch in source.batches(["label"])] == [["label"]]
    assert source.fault(private=False) is None


def test_rows_with_missing_values_are_left_out_where_the_model_refuses_them() -> None:
    model = fitted()
    holes = ROWS.assign(x=ROWS["x"].where(np.arange(N) % 4 > 0))
    found, source = scored(model, holes)
    assert np.isnan(found).tolist() == [i % 4 == 0 for i in range(N)]
    expected = model.predict_proba(ROWS[["x", "s"]])[:, 1]
    assert found[1:4] == pytest.approx(expected[1:4], abs=1e-12)
    assert source.fault(private=False) is None
    nothing, source = scored(model, ROWS.assign(x=np.nan))
    assert np.isnan(nothing).all()
    assert "NaN" in (source.fault(private=False) or "")


def test_one_batch_of_nothing_but_missing_values_is_no_fault_of_the_others() -> None:
    whole = pa.table({"x": pa.chunked_array([[1.0, 2.0], [None]]), "s": pa.chunked_array([["a", "b"], ["a"]])})
    found, source = scored(fitted(), whole)
    assert np.isnan(found).tolist() == [False, False, True]
    assert source.fault(private=False) is None


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda batch: 0.5, r"must return one score a row, shape \(400,\), and returned \(\)"),
        (lambda batch: np.zeros((400, 1)), r"returned \(400, 1\)"),
        (lambda batch: np.zeros(3), r"returned \(3,\)"),
        (lambda batch: ["high"] * 400, "could not convert string to float"),
        ("no model", "'str' object is not callable"),
    ],
)
def test_what_is_no_score_is_said(model: Any, message: str) -> None:
    found, source = scored(model)
    assert np.isnan(found).all()
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(source.fault(private=False))


def test_an_absent_feature_is_named() -> None:
    _, source = scored(fitted(), ROWS[["x", "label"]])
    assert source.fault(private=False) == "the model needs the column 's', which the data does not have"


def test_a_reading_forgets_the_faults_of_the_one_before() -> None:
    model, broken = fitted(), [True]

    def sometimes(batch: pa.RecordBatch) -> np.ndarray:
        if broken[0]:
            raise RuntimeError("the model server is down")
        scores: np.ndarray = model.predict_proba(batch.to_pandas())[:, 1]
        return scores

    _, source = scored(sometimes)
    assert (source.filled, source.fault(private=False)) == (
        0,
        "the model could not score these rows, given x, s: the model server is down",
    )
    broken[0] = False
    list(source.batches(["score"]))
    assert (source.filled, source.fault(private=False)) == (N, None)
    # Nor does an earlier success hide that all rows are refused now.
    broken[0] = True
    list(source.batches(["score"]))
    assert (source.filled, source.fault(private=True)) == (
        0,
        "the model could not score these rows, given x, s: RuntimeError (its message may quote a private column)",
    )


def test_the_models_message_is_withheld_where_a_column_is_private() -> None:
    _, source = scored(fitted(), ROWS.assign(x="s3cret"))
    assert "s3cret" in (source.fault(private=False) or "")
    assert source.fault(private=True) == (
        "the model could not score these rows, given x, s: ValueError (its message may quote a private column)"
    )


def save(folder: Path, model: Any) -> str:
    path = folder / "model.skops"
    skops.io.dump(model, path)
    return str(path)


def test_a_saved_model_scores_as_before(tmp_path: Path) -> None:
    model = fitted()
    assert scored(load_model(save(tmp_path, model)))[0].tolist() == scored(model)[0].tolist()


def double(x: Any) -> Any:
    return x * 2


def test_types_that_are_not_trusted_are_named(tmp_path: Path) -> None:
    model = make_pipeline(FunctionTransformer(double), LogisticRegression()).fit(ROWS[["x"]].to_numpy(), ROWS["label"])
    path = save(tmp_path, model)
    with pytest.raises(
        ConfigError, match=r"holds types that are not trusted: .*double.*list them in \[model\] trusted"
    ):
        load_model(path)
    name = f"{double.__module__}.{double.__qualname__}"
    assert scored(load_model(path, [name]), features=("x",))[0].size == N


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "no such model file; set"),
        (lambda path: path.mkdir(), "no such model file"),
        (lambda path: path.write_text("hello"), "not a model saved with skops"),
        (lambda path: path.write_bytes(b""), "not a model saved with skops"),
        (lambda path: pd.to_pickle(LogisticRegression(), path), "not a model saved with skops"),
    ],
    ids=["absent", "folder", "text", "empty", "pickle"],
)
def test_what_is_no_model_file_is_one_clear_line(tmp_path: Path, make: Callable[[Path], Any], message: str) -> None:
    path = tmp_path / "model.bin"
    make(path)
    with pytest.raises(ConfigError, match=message) as caught:
        load_model(str(path))
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_model_and_its_saved_copy_give_one_verdict_through_the_monitor(tmp_path: Path) -> None:
    tables = {"roles": {"label": "label"}, "model": {"features": ["x", "s"]}}
    given = Monitor(Config.from_dict(tables), model=fitted()).fit(ROWS).check(ROWS)
    saved = tables | {"model": {"features": ["x", "s"], "path": save(tmp_path, fitted())}}
    loaded = Monitor(Config.from_dict(saved)).fit(ROWS).check(ROWS)
    assert given.performance.current.value == loaded.performance.current.value
    assert given.performance.current.value is not None
    assert given.performance.drop.value == 0
