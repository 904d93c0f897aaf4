"""Scores from the deployed model where the log has none: loading it safely, and a source with a score column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.errors import ConfigError, one_line
from dawnwatch.profiling.arrow import null_mask, numbers, type_name
from dawnwatch.profiling.coding import MODEL_SCORES, NUMERIC, label_text
from dawnwatch.sources.base import Source, known_rows
from dawnwatch.sources.decimals import without_decimals

__all__ = ["ScoredSource", "load_model", "model_matrix"]


def load_model(path: str, trusted: Sequence[str] = ()) -> Any:
    """Load a skops file. Raises ConfigError where it cannot be read or holds types that are not trusted."""
    file = Path(path)
    if not file.is_file():
        raise ConfigError(f"{path}: no such model file; set [model] path to a file saved with skops.io.dump")
    try:
        import skops.io
    except ModuleNotFoundError:
        raise ConfigError(
            f"{path}: loading a model needs scikit-learn and skops: pip install 'dawnwatch[models]'"
        ) from None
    try:
        foreign = sorted(set(skops.io.get_untrusted_types(file=file)) - set(trusted))
        if foreign:
            raise ConfigError(
                f"{path}: holds types that are not trusted: {', '.join(foreign)}; "
                "if you know where the file comes from, list them in [model] trusted"
            )
        return skops.io.load(file, trusted=list(trusted))
    except ConfigError:
        raise
    except Exception as error:
        raise ConfigError(f"{path}: not a model saved with skops: {one_line(error)}") from None


class ScoredSource:
    """A source with the model's scores as one more column, NaN where a row could not be scored.

    Where the log has the score column, the model scores only the rows without a logged score, in a column of its own
    beside it, so that what the log lacks is still counted as missing. `filled` counts them in the last reading.
    `fault(...)` says why rows of that reading could not be scored that should have been.
    """

    def __init__(self, source: Source, model: Any, features: Sequence[str], positive: str, column: str) -> None:
        self._source, self._model, self.logged = source, model, column in source.schema.names
        self._column = MODEL_SCORES if self.logged else column
        self._asked = column
        self._features = _in_fitted_order(list(features), list(getattr(model, "feature_names_in_", [])))
        self._positive = positive
        self.name, self.rows = source.name, known_rows(source)
        self.schema = source.schema if self.logged else source.schema.append(pa.field(column, pa.float64()))
        self._start()

    def _start(self) -> None:
        """Forget what earlier readings met."""
        self.filled = 0
        self._absent: str | None = None
        self._error: Exception | None = None
        self._refused: Exception | None = None
        self._scored = False

    def fault(self, *, private: bool) -> str | None:
        """Say why rows could not be scored, or return None.

        Parameters
        ----------
        private : whether a column is private, so that the model's own message, which may quote a value, is left out
        """
        if self._absent is not None:
            return f"the model needs the column {self._absent!r}, which the data does not have"
        # Rows with missing values may be refused, as long as others are not.
        error = self._error or (None if self._scored else self._refused)
        if error is None:
            return None
        said = f"{type(error).__name__} (its message may quote a private column)" if private else one_line(error)
        given = ", ".join(self._features) or "every column; name its features in [model] features"
        return f"the model could not score these rows, given {given}: {said}"

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the source's batches, with the score column added where it is asked for."""
        if columns is not None and self._asked not in columns:
            yield from self._source.batches(columns)
            return
        self._start()
        # Without named features the model may read any column but the scores it is to fill in.
        wanted = None if columns is None or not self._features else list(dict.fromkeys([*columns, *self._features]))
        for batch in self._source.batches(wanted):
            needed = np.ones(batch.num_rows, dtype=bool)
            if self.logged:
                needed = ~_present(batch.column(self._asked))
            scores = np.full(batch.num_rows, np.nan)
            if needed.any():
                scores[needed] = self._score(batch if needed.all() else batch.filter(pa.array(needed)))
            self.filled += int(np.isfinite(scores).sum())
            yield batch.append_column(self._column, pa.array(scores, from_pandas=False))

    def _score(self, batch: pa.RecordBatch) -> NDArray[np.float64]:
        scores = np.full(batch.num_rows, np.nan)
        absent = [name for name in self._features if name not in batch.schema.names]
        if absent:
            self._absent = absent[0]
            return scores
        try:
            scores = self._predict(batch)
        except Exception as error:
            # A model that refuses missing values still scores the rows that have none.
            complete = np.ones(batch.num_rows, dtype=bool)
            for name in self._features or batch.schema.names:
                complete &= _present(batch.column(name))
            if complete.all():
                self._error = error
                return scores
            self._refused = error
            if not complete.any():
                return scores
            try:
                scores[complete] = self._predict(batch.filter(pa.array(complete)))
            except Exception as second:
                self._error = second
                return scores
        self._scored = True
        return scores

    def _predict(self, batch: pa.RecordBatch) -> NDArray[np.float64]:
        rows = without_decimals(batch.select(self._features) if self._features else batch)
        if rows.num_rows == 0:
            return np.empty(0)
        at = self._positive_column()
        if hasattr(self._model, "predict_proba"):
            scores = np.asarray(self._model.predict_proba(model_matrix(self._model, rows)), dtype=np.float64)
            scores = scores[:, at] if scores.ndim == 2 else scores
        elif hasattr(self._model, "decision_function"):
            # Larger means the last of two classes, which need not be the positive one.
            sign = -1.0 if at == 0 else 1.0
            scores = sign * np.asarray(self._model.decision_function(model_matrix(self._model, rows)), dtype=np.float64)
        else:
            scores = np.asarray(self._model(rows), dtype=np.float64)
        if scores.shape != (rows.num_rows,):
            raise ValueError(f"it must return one score a row, shape ({rows.num_rows},), and returned {scores.shape}")
        return scores

    def _positive_column(self) -> int:
        classes = [label_text(value) for value in np.asarray(getattr(self._model, "classes_", [])).tolist()]
        return classes.index(self._positive) if self._positive in classes else -1


def model_matrix(model: Any, rows: pa.RecordBatch) -> Any:
    """Return rows as a model takes them: a data frame for one fitted on it (where pandas is there), else a 2-D array.

    Parameters
    ----------
    rows : the features alone, in the model's order
    """
    if hasattr(model, "feature_names_in_"):
        try:
            return rows.to_pandas()
        except ImportError:
            pass
    arrays = [rows.column(name) for name in rows.schema.names]
    if all(type_name(array.type) in NUMERIC for array in arrays):
        return np.column_stack([numbers(array) for array in arrays])
    matrix = np.empty((rows.num_rows, len(arrays)), dtype=object)
    for i, array in enumerate(arrays):
        matrix[:, i] = array.to_pylist()
    return matrix


def _in_fitted_order(named: list[str], fitted: list[str]) -> list[str]:
    """Return the features in the order the model was fitted on, where it says so."""
    return fitted if not named or set(named) == set(fitted) else named


def _present(array: pa.Array) -> NDArray[np.bool_]:
    present = ~null_mask(array)
    return present & ~np.isnan(numbers(array)) if type_name(array.type) == "number" else present
