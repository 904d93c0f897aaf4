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
from dawnwatch.profiling.coding import NUMERIC
from dawnwatch.sources.base import Source

__all__ = ["ScoredSource", "load_model"]


def load_model(path: str, trusted: Sequence[str] = ()) -> Any:
    """Load a skops file. Raises ConfigError where it cannot be read or holds types that are not trusted."""
    import skops.io

    file = Path(path)
    if not file.is_file():
        raise ConfigError(f"{path}: no such model file; set [model] path to a file saved with skops.io.dump")
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

    `fault` says why, once batches have been read, where rows could not be scored that should have been.
    """

    def __init__(self, source: Source, model: Any, features: Sequence[str], positive: str, column: str) -> None:
        self._source, self._model, self._column = source, model, column
        self._features = list(features) or list(getattr(model, "feature_names_in_", []))
        self._positive = positive
        self.name = source.name
        self.schema = source.schema.append(pa.field(column, pa.float64()))
        self.fault: str | None = None

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the source's batches with the score column added."""
        wanted = None if columns is None else list(dict.fromkeys([*columns, *self._features]))
        for batch in self._source.batches(wanted):
            scores = pa.array(self._score(batch), from_pandas=False)
            yield batch.append_column(self._column, scores)

    def _score(self, batch: pa.RecordBatch) -> NDArray[np.float64]:
        scores = np.full(batch.num_rows, np.nan)
        absent = [name for name in self._features if name not in batch.schema.names]
        if absent:
            self.fault = f"the model needs the column {absent[0]!r}, which the data does not have"
            return scores
        # A model that refuses missing values still scores the rows that have none.
        complete = np.ones(batch.num_rows, dtype=bool)
        for attempt in ("all", "complete"):
            if attempt == "complete":
                for name in self._features:
                    complete &= _present(batch.column(name))
                if not complete.any() or complete.all():
                    break
            try:
                rows = batch.filter(pa.array(complete))
                scores[complete] = self._predict(rows.select(self._features) if self._features else rows)
            except Exception as error:
                self.fault = f"the model could not score these rows: {one_line(error)}"
            else:
                if attempt == "all":
                    return scores
                self.fault = None
        return scores

    def _predict(self, rows: pa.RecordBatch) -> NDArray[np.float64]:
        if rows.num_rows == 0:
            return np.empty(0)
        if hasattr(self._model, "predict_proba"):
            table = np.asarray(self._model.predict_proba(self._matrix(rows)), dtype=np.float64)
            return table[:, self._positive_column()] if table.ndim == 2 else table
        if hasattr(self._model, "decision_function"):
            return np.asarray(self._model.decision_function(self._matrix(rows)), dtype=np.float64)
        return np.asarray(self._model(rows), dtype=np.float64)

    def _positive_column(self) -> int:
        from dawnwatch.profiling.coding import label_text

        classes = [label_text(value) for value in getattr(self._model, "classes_", [])]
        return classes.index(self._positive) if self._positive in classes else -1

    def _matrix(self, rows: pa.RecordBatch) -> Any:
        """Return a data frame for models fitted on one (where pandas is there), else a 2-D array."""
        if hasattr(self._model, "feature_names_in_"):
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


def _present(array: pa.Array) -> NDArray[np.bool_]:
    present = ~null_mask(array)
    return present & ~np.isnan(numbers(array)) if type_name(array.type) == "number" else present
