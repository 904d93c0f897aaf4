"""From Arrow columns to labels and scores, and what can be read as what."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.frequent import Frequent
from dawnwatch.model.plan import Plan
from dawnwatch.profiling.arrow import canonical, numbers, texts, type_name
from dawnwatch.profiling.hashing import hash_texts

__all__ = ["MODEL_SCORES", "NUMERIC", "SCORES", "label_codes", "label_text", "readable"]

NUMERIC = {"integer", "number", "timestamp", "boolean"}
SCORES = {"integer", "number", "boolean"}
MODEL_SCORES = "(scores of the model)"
"""Column beside a logged score: the model's, for the rows without a logged one."""

Codes = NDArray[np.int32]


def readable(planned: str, found: str) -> bool:
    """Whether values of the type found can be read as the planned type."""
    if found in {planned, "null"} or planned == "other":
        return True
    return {planned, found} == {"integer", "number"}


def label_codes(array: pa.Array | None, rows: int, plan: Plan) -> tuple[Codes, Frequent]:
    """Return 0, 1, 2 (missing) or 3 (another value) per row, and how often each other value came.

    Null, NaN and the empty string are missing labels, not other values.
    """
    if array is None or type_name(array.type) == "null":
        return np.full(rows, 2, dtype=np.int32), Frequent()
    if plan.positive == "1" and plan.negative == "0" and type_name(array.type) in NUMERIC and not array.null_count:
        whole = numbers(array)
        if whole.size and whole.min() >= 0 and whole.max() <= 1:  # false where one is NaN
            codes = whole.astype(np.int32)
            if type_name(array.type) != "number" or bool((codes == whole).all()):
                return codes, Frequent()
    found, values = texts(array)
    meanings = {plan.positive: 1, plan.negative: 0}
    table = np.full(len(values) + 1, 2, dtype=np.int32)
    times = np.bincount(found[found >= 0], minlength=len(values))
    other: dict[str, int] = {}
    for i, value in enumerate(values):
        meaning = meanings.get(label_text(value))
        if meaning is None and times[i] and value:
            other[value] = other.get(value, 0) + int(times[i])
        table[i] = (3 if value else 2) if meaning is None else meaning
    if plan.label in plan.private:  # how many there are may be told, not which
        other = {f"{word:016x}": times for word, times in zip(hash_texts(list(other)), other.values(), strict=True)}
    return table[found], Frequent.of(other)


def label_text(value: object) -> str:
    """Return the text by which label values are compared: true is 1, false is 0, 1.0 is 1."""
    text = canonical(value)
    return {"true": "1", "false": "0"}.get(text.lower(), text)
