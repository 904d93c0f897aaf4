"""From Arrow columns to small integer codes: bins, labels, score bins."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.plan import Binning, Plan
from dawnwatch.model.profile import REST, named
from dawnwatch.profiling.arrow import Values, canonical, numbers, texts, type_name
from dawnwatch.stats.binning import assign

__all__ = ["MODEL_SCORES", "bin_codes", "label_codes", "label_text", "readable", "score_codes"]

NUMERIC = {"integer", "number", "timestamp", "boolean"}
SCORES = {"integer", "number", "boolean"}
MODEL_SCORES = "(scores of the model)"
"""Column beside a logged score: the model's, for the rows without a logged one."""

Codes = NDArray[np.int64]


def readable(planned: str, found: str) -> bool:
    """Whether values of the type found can be read as the planned type."""
    if found in {planned, "null"} or planned == "other":
        return True
    return {planned, found} == {"integer", "number"}


def bin_codes(values: Values, binning: Binning) -> tuple[Codes, Counter[str]]:
    """Return each row's bin code, and how often each value came that the reference never held."""
    if binning.kind == "numeric":
        codes = assign(values.numbers, binning.edges)
        codes[np.isnan(values.numbers)] = binning.missing
        return codes, Counter()
    codes, values_of = values.texts
    table = np.array([binning.codes.get(value, binning.unseen) for value in values_of] + [binning.missing])
    binned = table[codes]
    new = np.flatnonzero(table[:-1] == binning.unseen).tolist()
    if not new:
        return binned, Counter()
    times = np.bincount(codes[codes >= 0], minlength=len(values_of)).tolist()
    return binned, named(Counter({values_of[i]: times[i] for i in new if times[i]}))


def label_codes(array: pa.Array | None, rows: int, plan: Plan) -> tuple[NDArray[np.int8], Counter[str]]:
    """Return 0, 1, 2 (missing) or 3 (another value) per row, and how often each other value came.

    Null, NaN and the empty string are missing labels, not other values. Of more than `NAMED` other values the
    rarer ones are counted together.
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
    return table[codes], named(other, rest=REST)


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
