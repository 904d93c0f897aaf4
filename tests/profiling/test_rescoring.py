"""The sampled rows reach the model as the log's rows do, and what hinders that is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from dawnwatch import Config, Monitor
from dawnwatch.model.sample import RESCORED, Sample
from dawnwatch.model.window import Window

N = 400
RNG = np.random.default_rng(0)
X = RNG.normal(size=N)
ROWS = pd.DataFrame(
    {
        "unit": np.arange(N) % 100,
        "x": X,
        "s": RNG.choice(["a", "b"], N),
        "k": RNG.integers(0, 5, N),
        "flag": RNG.random(N) < 0.5,
        "at": pd.to_datetime(RNG.integers(1.6e9, 1.7e9, N), unit="s", utc=True),
        "label": (X + RNG.normal(size=N) > 0).astype(int),
    }
)
TABLES: dict[str, Any] = {"roles": {"label": "label", "score": "score", "unit": "unit"}}


def watched(rows: pd.DataFrame, model: Any, features: list[str], **tables: Any) -> Window:
    monitor = Monitor(Config.from_dict(TABLES | {"model": {"features": features}} | tables), model=model)
    scored = ROWS.assign(score=0.5) if "score" not in rows else ROWS.assign(score=rows["score"])
    return monitor.fit(scored).observe(rows).current


def again(window: Window) -> Any:
    assert isinstance(window.profile.sample, Sample)
    return window.profile.sample.columns[RESCORED]


def test_a_pipeline_gives_its_own_scores_again() -> None:
    encode = make_column_transformer((OneHotEncoder(), ["s"]), remainder="passthrough")
    model = make_pipeline(encode, LogisticRegression()).fit(ROWS[["x", "s", "k"]], ROWS["label"])
    scores = model.predict_proba(ROWS[["x", "s", "k"]])[:, 1]
    window = watched(ROWS.assign(score=scores), model, ["x", "s", "k"])
    assert window.profile.sample is not None
    assert again(window) == pytest.approx(window.profile.sample.columns["score"], abs=1e-12)


def test_columns_reach_the_model_in_the_logs_types() -> None:
    seen: list[pa.Schema] = []

    def model(batch: pa.RecordBatch) -> Any:
        seen.append(batch.schema)
        return np.where(batch["flag"].to_numpy(zero_copy_only=False), 0.1, 0.9)

    names = ["x", "s", "k", "flag", "at"]
    watched(ROWS.assign(score=0.5), model, names)
    types = {str(schema.field(name).type) for schema in seen for name in ["flag"]}
    assert types == {"bool"}
    assert [str(seen[-1].field(name).type) for name in names[:4]] == ["double", "string", "int64", "bool"]
    assert pa.types.is_timestamp(seen[-1].field("at").type)


def test_times_come_back_to_the_microsecond() -> None:
    times = pd.to_datetime(["2026-01-01T00:00:00.123456Z"] * N)

    def model(batch: pa.RecordBatch) -> Any:
        return batch["at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy() % 1_000_000 / 1e6

    assert again(watched(ROWS.assign(at=times, score=0.123456), model, ["at"])) == pytest.approx(0.123456, abs=1e-6)


FAULTS: dict[str, tuple[pd.DataFrame, dict[str, Any], str]] = {
    "lost feature": (
        ROWS.assign(score=0.5).drop(columns="x"),
        {},
        "the model needs the column 'x', which the data does",
    ),
    "retyped feature": (ROWS.assign(score=0.5, x="word"), {}, "which is string where the reference's is not"),
    "private feature": (ROWS.assign(score=0.5), {"columns": {"x": {"private": True}}}, "private and not sampled"),
    "private score": (ROWS.assign(score=0.5), {"columns": {"score": {"private": True}}}, "'score' is private"),
    "no unit": (ROWS.assign(score=0.5), {"roles": {"label": "label", "score": "score"}}, "no rows are sampled"),
    "lost score": (ROWS, {}, "the log has no score column 'score'"),
    "few scores": (ROWS.assign(score=np.where(np.arange(N) < 100, 0.5, np.nan)), {}, "300 of 400 rows have no logged"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_hinders_it_is_said(fault: str) -> None:
    rows, tables, message = FAULTS[fault]
    window = watched(rows, lambda batch: np.full(batch.num_rows, 0.5), ["x", "s"], **tables)
    assert message in (window.rescore_fault or "")


def test_a_model_that_fails_on_these_rows_ends_nothing() -> None:
    def model(batch: pa.RecordBatch) -> Any:
        raise ValueError("no weights for s")

    assert "no weights for s" in (watched(ROWS.assign(score=0.5), model, ["x"]).rescore_fault or "")


def test_without_a_model_nobody_asks() -> None:
    window = watched(ROWS.assign(score=0.5), None, ["x"])
    assert window.rescore_fault is None
    assert window.profile.sample is not None
    assert RESCORED not in window.profile.sample.columns
