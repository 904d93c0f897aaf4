"""Asking the model again for the scores of the sampled rows, so that the log's can be compared with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.sample import RESCORED
from dawnwatch.model.window import Window
from dawnwatch.profiling.arrow import numbers
from dawnwatch.profiling.scoring import ScoredSource
from dawnwatch.sources.base import TableSource

__all__ = ["rescored"]


def rescored(window: Window, model: Any, features: Sequence[str], positive: str) -> Window:
    """Return the window with the model's scores beside the logged ones in its sample; nothing is read again.

    Parameters
    ----------
    features : what the model is given, in order; where empty, what it was fitted on, else every column but label and
        score
    positive : the positive class, as `label_text` writes it

    Notes
    -----
    Where there is no logged score, the window is returned as it is; where the rows cannot be scored again,
    `rescore_fault` says why. The sample keeps whole numbers, numbers, truth values, times and the first 200
    characters of texts; a model that reads anything else cannot be asked again.
    """
    plan, sample, columns = window.plan, window.profile.sample, window.profile.columns
    score = plan.score
    if score is None or score not in columns:
        return window
    if sample is None:
        return replace(window, rescore_fault="no rows are sampled; name [roles] unit or keys")
    if score not in sample.columns:
        return replace(window, rescore_fault=f"the score column {score!r} is private and not sampled")
    if not window.profile.scores[:, :-1].sum():
        return window  # that no score was logged is said elsewhere
    names = list(features) or [name for name in columns if name != score]
    fault = next((why for name in features if (why := _unusable(name, window))), None)
    if fault is not None:
        return replace(window, rescore_fault=fault)
    kept = [name for name in names if name in sample.columns and columns[name].type is not None]
    table = pa.table({name: _array(sample.columns[name], plan.column(name).type) for name in kept})
    source = ScoredSource(TableSource(table, name=window.name, shown="the sample"), model, features, positive, RESCORED)
    scores = [numbers(batch.column(RESCORED)) for batch in source.batches()]
    fault = source.fault(private=bool(plan.private))
    if fault is not None:
        return replace(window, rescore_fault=fault)
    again = {**sample.columns, RESCORED: np.concatenate([*scores, np.empty(0)])}
    return replace(window, profile=replace(window.profile, sample=replace(sample, columns=again)))


def _unusable(name: str, window: Window) -> str | None:
    """Say why a feature is not in the sample as the model would read it, or None."""
    if name in window.plan.private:
        return f"the model needs the column {name!r}, which is private and not sampled"
    column = window.profile.columns.get(name)
    if column is None or column.type is None:
        return f"the model needs the column {name!r}, which the data does not have"
    if column["wrong_type"]:
        return f"the model needs the column {name!r}, which is {column.type} where the reference's is not"
    return None


def _array(values: NDArray[Any], type_: str) -> pa.Array:
    """Return sampled values in the type the log has them in; NaN and None as null."""
    if values.dtype == object:
        return pa.array(values.tolist(), pa.string())
    found = pa.array(values, from_pandas=True)
    match type_:
        case "integer" if bool((np.isnan(values) | (values == np.floor(values))).all()):
            return found.cast(pa.int64(), safe=False)
        case "boolean":
            return found.cast(pa.bool_())
        case "timestamp":
            return pa.array(np.round(values * 1e6), from_pandas=True).cast(pa.int64()).cast(pa.timestamp("us", "UTC"))
    return found
