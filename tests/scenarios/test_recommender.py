import os
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer

from dawnwatch import ConfigError, DataError, StoreError
from metropulse.features import rider_log
from metropulse.recommender import feature_rows, load_model, save_model, score, train
from tests.scenarios.support import synthetic_ratings

FEATURES = ["hour_bucket", "device_type", "user_id", "item_id"]
CATEGORICAL = ["hour_bucket", "device_type"]


@pytest.fixture(scope="module")
def log() -> pa.Table:
    return rider_log(synthetic_ratings(), np.random.default_rng(0))


def test_scores_agree_with_the_same_model_built_by_hand(log: pa.Table) -> None:
    model = train(log, features=FEATURES, categorical=CATEGORICAL)
    table = log.to_pandas()
    numbers = table[["user_id", "item_id"]]
    by_hand = pd.concat(
        [pd.get_dummies(table[CATEGORICAL]), (numbers - numbers.mean()) / numbers.std(ddof=0)], axis=1
    ).to_numpy(float)
    expected = LogisticRegression(max_iter=1000).fit(by_hand, table.label).predict_proba(by_hand)[:, 1]
    assert np.allclose(score(model, log, features=FEATURES), expected, atol=1e-4)


def test_order_of_features_is_free(log: pa.Table) -> None:
    turned = FEATURES[::-1]
    one = score(train(log, features=FEATURES, categorical=CATEGORICAL), log, features=FEATURES)
    other = score(train(log, features=turned, categorical=CATEGORICAL), log, features=turned)
    assert np.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("categorical", [[], ["user_id", "item_id"]])
def test_only_numbers_or_only_categories(log: pa.Table, categorical: list[str]) -> None:
    features = ["user_id", "item_id"]
    chances = score(train(log, features=features, categorical=categorical), log, features=features)
    assert chances.shape == (log.num_rows,)
    assert ((chances > 0) & (chances < 1)).all()


def test_a_new_category_counts_as_none(log: pa.Table) -> None:
    model = train(log, features=FEATURES, categorical=CATEGORICAL)
    rows = feature_rows(log.slice(0, 5), FEATURES)
    rows[:, 1] = "smartwatch"
    assert np.isfinite(model.predict_proba(rows)).all()


def test_round_trip_through_skops(log: pa.Table, tmp_path: Path) -> None:
    model = train(log, features=FEATURES, categorical=CATEGORICAL)
    path = save_model(model, tmp_path / "kept" / "model.skops")
    assert [entry.name for entry in path.parent.iterdir()] == ["model.skops"]
    assert skops.io.get_untrusted_types(file=path) == [], "a user of the file need trust nothing"
    again = score(load_model(path), log, features=FEATURES)
    assert np.array_equal(again, score(model, log, features=FEATURES))


@pytest.mark.parametrize("content", [b"", b"no model", pickle.dumps({"a": 1})])
def test_a_file_that_is_no_model(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.skops"
    path.write_bytes(content)
    with pytest.raises(DataError, match="no skops model can be read") as caught:
        load_model(path)
    assert "\n" not in str(caught.value)


def test_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        load_model(tmp_path / "model.skops")


def test_a_model_that_could_run_code_is_refused(tmp_path: Path) -> None:
    skops.io.dump(FunctionTransformer(os.system), tmp_path / "model.skops")
    with pytest.raises(DataError, match=r"not a model of MetroPulse.*Untrusted types"):
        load_model(tmp_path / "model.skops")


def test_a_folder_that_cannot_be_written(log: pa.Table, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StoreError, match="the model cannot be written"):
        save_model(train(log, features=["user_id"], categorical=[]), blocked / "model.skops")


@pytest.mark.parametrize(
    ("features", "categorical", "words"),
    [
        ([], [], "at least one feature"),
        (["hour"], [], "'hour' is no column of the rider log"),
        (["user_id"], ["device_type"], "'device_type' is not among model.features"),
        (["user_id", "device_type"], [], "'device_type' holds text; name it in model.categorical"),
    ],
)
def test_configuration_faults(log: pa.Table, features: list[str], categorical: list[str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        train(log, features=features, categorical=categorical)
