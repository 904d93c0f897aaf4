"""What retrains: the user's own function, a scikit-learn estimator, or the deployed model fitted anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.errors import ConfigError
from dawnwatch.monitoring.by_unit import Trainer
from dawnwatch.profiling.arrow import texts, type_name
from dawnwatch.profiling.coding import NUMERIC, label_text
from dawnwatch.profiling.scoring import ScoredSource, model_matrix
from dawnwatch.sources.base import TableSource

__all__ = ["estimator_trainer", "refitting"]

COLUMN = "(retrained score)"


def refitting(model: Any, config: Config) -> Trainer | None:
    """Return a trainer that fits the deployed model anew, of its own kind and settings; None where it cannot be.

    What can be is whatever scikit-learn can clone: estimators and pipelines, not callables.
    """
    if not (hasattr(model, "fit") and hasattr(model, "get_params") and hasattr(model, "predict_proba")):
        return None
    return _Fitting(model, config)


def estimator_trainer(estimator: Any, config: Config) -> Trainer:
    """Return a trainer that fits a scikit-learn estimator, or a class of one, on the model's features.

    Text and [model] categorical features are one-hot encoded, a category that is new later counting as none; the
    other features are handed over as numbers.

    Raises
    ------
    ConfigError
        Where it is no estimator that gives chances, scikit-learn is not installed, or no feature is configured.
    """
    if isinstance(estimator, type):
        estimator = estimator()
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict_proba")):
        raise ConfigError(
            f"estimator: {type(estimator).__name__} has no fit and predict_proba; name a scikit-learn classifier as "
            "module:Class, such as sklearn.linear_model:LogisticRegression"
        )
    if not config.model.features:
        raise ConfigError("estimator: set [model] features, so that it is known what it may learn from")
    return _Fitting(estimator, config, encode=True)


class _Fitting:
    """A trainer around an estimator, which is cloned before each fit."""

    def __init__(self, estimator: Any, config: Config, *, encode: bool = False) -> None:
        self._estimator, self._config, self._encode = estimator, config, encode

    def __call__(self, learn: pa.Table, held: pa.Table) -> NDArray[np.float64]:
        """Fit on the rows to learn from, and return the other rows' chances of the positive class."""
        from sklearn.base import clone

        features = self._features(learn)
        rows = learn.select(features).combine_chunks()
        batch = pa.RecordBatch.from_arrays([column.combine_chunks() for column in rows.columns], names=features)
        labels = self._labels(learn)
        known = labels >= 0
        model = clone(self._estimator)
        if self._encode:
            model = self._encoded(model, batch)
        model.fit(model_matrix(self._estimator, batch.filter(pa.array(known))), labels[known])
        source = ScoredSource(
            TableSource(held.select(features), name="later rows", shown="later rows"), model, features, "1", COLUMN
        )
        scores = np.concatenate([batch.column(batch.num_columns - 1).to_numpy() for batch in source.batches()])
        fault = source.fault(private=any(column.private for column in self._config.columns.values()))
        if fault is not None:
            raise ValueError(fault)
        return np.asarray(scores, np.float64)

    def _features(self, learn: pa.Table) -> list[str]:
        features = self._config.model.features or list(getattr(self._estimator, "feature_names_in_", []))
        if not features:
            raise ValueError("set [model] features, so that it is known what the model may learn from")
        lost = [name for name in features if name not in learn.column_names]
        if lost:
            raise ValueError(f"the rows to learn from have no column {lost[0]!r}, a feature of the model")
        return features

    def _labels(self, learn: pa.Table) -> NDArray[np.int64]:
        codes, values = texts(learn[self._config.roles.label or ""].combine_chunks())
        positive = label_text(self._config.labels.positive)
        table = np.array([1 if label_text(value) == positive else 0 for value in values] + [-1], dtype=np.int64)
        return table[codes]

    def _encoded(self, model: Any, rows: pa.RecordBatch) -> Any:
        from sklearn.compose import ColumnTransformer
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import OneHotEncoder

        named = self._config.model.categorical
        coded = [
            i
            for i, name in enumerate(rows.schema.names)
            if name in named or type_name(rows.schema.field(name).type) not in NUMERIC
        ]
        encode = ColumnTransformer([("coded", OneHotEncoder(handle_unknown="ignore"), coded)], remainder="passthrough")
        return Pipeline([("encode", encode), ("classify", model)])
