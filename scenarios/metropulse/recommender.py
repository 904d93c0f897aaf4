"""MetroPulse's model: a logistic regression over configured features, kept with skops."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch import ConfigError, DataError, StoreError

__all__ = ["feature_rows", "load_model", "require_libraries", "save_model", "score", "train"]


def require_libraries() -> None:
    """Raise ConfigError where what trains and keeps the model is not installed."""
    if any(find_spec(name) is None for name in ("sklearn", "skops")):
        raise ConfigError("MetroPulse trains a model with scikit-learn and skops: pip install 'dawnwatch[models]'")


def feature_rows(table: Any, features: Sequence[str]) -> NDArray[np.object_]:
    """Return the features as the model takes them: an object array of shape (rows, features), in order."""
    rows = np.empty((table.num_rows, len(features)), dtype=object)
    for position, name in enumerate(features):
        rows[:, position] = table[name].to_numpy()
    return rows


def train(table: Any, *, features: Sequence[str], categorical: Sequence[str], label: str = "label") -> Any:
    """Fit the recommender.

    Parameters
    ----------
    table
        pyarrow.Table without nulls in the columns used.
    features
        Names of the columns the model sees, in the order `score` will hand them over.
    categorical
        Those of them that are one-hot encoded (a category that is new later counts as none); the others are
        scaled to mean 0 and variance 1. Identifiers may be named as numbers, too.
    label
        Column of 0 and 1.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Fitted; takes what `feature_rows` gives.

    Raises
    ------
    ConfigError
        Where a name is not a column, `categorical` is not among `features`, text is not in `categorical`, or
        scikit-learn is not installed.
    """
    require_libraries()
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    _check(table, features, categorical, label)
    groups = [name in categorical for name in features]
    # By position: named columns would need pandas, here and wherever the model is used.
    encode = ColumnTransformer(
        [
            ("categorical", OneHotEncoder(handle_unknown="ignore"), _where(groups, True)),
            ("numeric", StandardScaler(), _where(groups, False)),
        ]
    )
    model = Pipeline([("encode", encode), ("classify", LogisticRegression(max_iter=1000))])
    return model.fit(feature_rows(table, features), table[label].to_numpy())


def score(model: Any, table: Any, *, features: Sequence[str]) -> NDArray[np.float64]:
    """Return the probability that each row's label is 1; shape (rows,), in [0, 1]."""
    chances: NDArray[np.float64] = model.predict_proba(feature_rows(table, features))
    return chances[:, list(model.classes_).index(1)]


def save_model(model: Any, path: str | Path) -> Path:
    """Write the model as a skops file (usually `model.skops`), whole or not at all; return its path.

    skops holds data, not code: unlike a pickle, reading it runs nothing.

    Raises
    ------
    StoreError
        Where the file cannot be written.
    """
    require_libraries()
    import skops.io

    path = Path(path)
    packed = skops.io.dumps(model)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Opened by name and not by mkstemp, which would leave the model readable by nobody else.
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
    except OSError as error:
        raise StoreError(f"{path}: the model cannot be written: {error.strerror}") from None
    return path


def load_model(path: str | Path) -> Any:
    """Read a model that `save_model` wrote.

    Raises
    ------
    DataError
        Where the file is no skops model, or holds a type that skops does not trust.
    """
    require_libraries()
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        return skops.io.load(path, trusted=[])
    except UntrustedTypesFoundException as error:
        raise DataError(f"{path}: not a model of MetroPulse: {' '.join(str(error).split())}") from None
    except Exception as error:  # zip, JSON and schema faults of a foreign file have no common base
        raise DataError(f"{path}: no skops model can be read from it: {' '.join(str(error).split())}") from None


def _where(flags: list[bool], wanted: bool) -> list[int]:
    return [position for position, flag in enumerate(flags) if flag is wanted]


def _check(table: Any, features: Sequence[str], categorical: Sequence[str], label: str) -> None:
    import pyarrow as pa

    if not features:
        raise ConfigError("model.features: the recommender needs at least one feature")
    columns = table.column_names
    for name in [*features, label]:
        if name not in columns:
            raise ConfigError(f"model: {name!r} is no column of the rider log; its columns: {', '.join(columns)}")
    for name in categorical:
        if name not in features:
            raise ConfigError(f"model.categorical: {name!r} is not among model.features: {', '.join(features)}")
    for name in features:
        if pa.types.is_string(table.schema.field(name).type) and name not in categorical:
            raise ConfigError(f"model.features: {name!r} holds text; name it in model.categorical, too")
