"""From Arrow columns to small integer codes: bins, labels, score bins."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.plan import Binning, Plan
from dawnwatch.profiling.arrow import canonical, numbers, texts, type_name
from dawnwatch.stats.binning import assign

__all__ = ["MODEL_SCORES", "bin_codes", "label_codes", "label_text", "readable", "score_codes"]

NUMERIC = {"integer", "number", "timestamp", "boolean"}
SCORES = {"integer", "number", "boolean"}
UNSEEN_KEPT = 1000
MODEL_SCORES = "(scores of the model)"
"""Column beside a logged score: the model's, for the rows without a logged one."""
"""Values of a batch that are named with their counts; the bins hold all of them."""
REST = "(other values)"

Codes = NDArray[np.int64]


def readable(planned: str, found: str) -> bool:
    """Whether values of the type found can be read as the planned type."""
    if found in {planned, "null"} or planned == "other":
        return True
    return {planned, found} == {"integer", "number"}


def bin_codes(array: pa.Array, binning: Binning) -> tuple[Codes, Counter[str]]:
    """Return each row's bin code, and how often each value came that the reference never held."""
    if binning.kind == "numeric":
        values = numbers(array) if type_name(array.type) != "null" else np.full(len(array), np.nan)
        codes = assign(values, binning.edges)
        codes[np.isnan(values)] = binning.missing
        return codes, Counter()
    codes, values_of = texts(array)
    table = np.array([binning.codes.get(value, binning.unseen) for value in values_of] + [binning.missing])
    binned = table[codes]
    new = [i for i, code in enumerate(table[:-1]) if code == binning.unseen]
    if not new:
        return binned, Counter()
    times = np.bincount(codes[codes >= 0], minlength=len(values_of))
    unseen = Counter({values_of[i]: int(times[i]) for i in new if times[i]})
    return binned, Counter(dict(unseen.most_common(UNSEEN_KEPT)))


def label_codes(array: pa.Array | None, rows: int, plan: Plan) -> tuple[NDArray[np.int8], Counter[str]]:
    """Return 0, 1, 2 (missing) or 3 (another value) per row, and how often each other value came.

    Null, NaN and the empty string are missing labels, not other values. Of more than `UNSEEN_KEPT` other values
    the rarer ones are counted together.
    """
    labels = np.full(rows, 2, dtype=np.int8)
    other: Counter[str] = Counter()
    if array is None or type_name(array.type) == "null":
        return labels, other
    codes, values = texts(array)
    meanings = {plan.positive: 1, plan.negative: 0}
    table = np.full(len(values) + 1, 2, dtype=np.int8)
    times = np.bincount(codes[codes >= 0], minlength=len(values))
    for i, value in enumerate(values):
        meaning = meanings.get(label_text(value))
        if meaning is None and times[i] and value:
            other[value] += int(times[i])
        table[i] = (3 if value else 2) if meaning is None else meaning
    if len(other) > UNSEEN_KEPT:
        kept = Counter(dict(other.most_common(UNSEEN_KEPT)))
        kept[REST] += other.total() - kept.total()
        other = kept
    return table[codes], other


def label_text(value: object) -> str:
    """Return the text by which label values are compared: true is 1, false is 0, 1.0 is 1."""
    text = canonical(value)
    return {"true": "1", "false": "0"}.get(text.lower(), text)


def score_codes(
    logged: pa.Array | None, of_model: pa.Array | None, rows: int, plan: Plan
) -> tuple[NDArray[np.float64], Codes]:
    """Return each row's score and its fine bin: the logged one where there is one, else the model's.

    A row with neither has the score NaN and the last bin, "no score".
    """
    scores = np.full(rows, np.nan)
    if logged is not None and type_name(logged.type) in SCORES:
        scores = numbers(logged)
    if of_model is not None:
        scores = np.where(np.isnan(scores), numbers(of_model), scores)
    codes = assign(scores, plan.score_edges)
    codes[np.isnan(scores)] = plan.fine_bins
    return scores, codes
