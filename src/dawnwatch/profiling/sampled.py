"""Reading the sample of whole units as codes, with the plan's own bins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.coded_sample import CodedSample
from dawnwatch.model.measurement import NotComputed
from dawnwatch.model.plan import ColumnPlan
from dawnwatch.model.sample import EVERY
from dawnwatch.model.window import Window
from dawnwatch.profiling.coding import label_codes
from dawnwatch.profiling.hashing import hash_texts
from dawnwatch.profiling.texts import bin_of_texts, code_texts
from dawnwatch.stats.binning import assign

__all__ = ["coded_sample", "sample_bins"]


def coded_sample(window: Window) -> CodedSample | NotComputed:
    """Return the sample's rows that have a label and a score; computed once, and kept with the window."""
    return window.once("coded sample", lambda: _coded(window))


def _coded(window: Window) -> CodedSample | NotComputed:
    plan, sample = window.plan, window.profile.sample
    if sample is None:
        return NotComputed(reason="without [roles] unit or keys no sample of rows is kept", expected=True)
    if plan.label is None or plan.score is None:
        return NotComputed(reason="there is no label or no score", expected=True)
    if not sample.rows:
        return NotComputed(reason=f"the sample of {window.name} holds no row")
    hidden = [name for name in (plan.label, plan.score) if name not in sample.columns]
    if hidden:
        return NotComputed(reason=f"{' and '.join(hidden)} is private, so no row's is kept", expected=True)
    labels, _ = label_codes(pa.array(sample.columns[plan.label], from_pandas=True), sample.rows, plan)
    scores = sample.columns[plan.score]
    bins = {
        column.name: sample_bins(sample.columns[column.name], column)
        for column in plan.columns
        if column.binning is not None and column.name in sample.columns
    }
    coded = CodedSample(
        sample.units, labels.astype(np.int64), scores, bins, sample.limit == EVERY and not sample.giants
    )
    return coded.only((labels < 2) & ~np.isnan(scores))


def sample_bins(values: NDArray[Any], column: ColumnPlan) -> NDArray[np.int32]:
    """Return the bins that the kernel gave these values of a column that is binned."""
    binning = column.binning
    assert binning is not None  # noqa: S101 - only binned columns are asked for
    if binning.kind == "numeric" and values.dtype != object:
        return np.where(np.isnan(values), binning.missing, assign(values, binning.edges)).astype(np.int32)
    if column.type == "boolean":
        # Sampled as numbers; as a category it is "true" or "false".
        values = np.array(["false", "true", None], dtype=object)[np.where(np.isnan(values), 2, values).astype(int)]
    coded = code_texts(pa.array(values, from_pandas=True))
    texts = coded.texts()
    return np.append(bin_of_texts(texts, hash_texts(texts), binning), binning.missing).astype(np.int32)[coded.codes]
