"""The kernel: one batch of rows in, counts out. Engines only map it over batches and add what comes out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.plan import LABELS, ColumnPlan, Plan
from dawnwatch.model.profile import COUNTERS, EXAMPLES, NO_KEY, ColumnProfile, Profile, ScoredRows
from dawnwatch.profiling.arrow import Values, empty_mask, null_mask, rows_as_python
from dawnwatch.profiling.coding import MODEL_SCORES, NUMERIC, bin_codes, label_codes, readable, score_codes
from dawnwatch.profiling.hashing import hash_column, hash_rows

__all__ = ["profile"]

Mask = NDArray[np.bool_]


def profile(batch: pa.RecordBatch, plan: Plan) -> tuple[Profile, ScoredRows]:
    """Count one batch.

    Parameters
    ----------
    batch : rows with any columns; those the plan names and the batch lacks are counted as absent

    Returns
    -------
    The batch's profile, whose positions count from the batch's first row, and its scores, labels and slice codes
    for an exact AUC.
    """
    rows = batch.num_rows
    have = {name: batch.column(i) for i, name in enumerate(batch.schema.names)}
    hashes = {column.name: hash_column(have[column.name]) for column in plan.columns if column.name in have}
    labels, other_labels = label_codes(have.get(plan.label or ""), rows, plan)
    scores, fine = score_codes(have.get(plan.score or ""), have.get(MODEL_SCORES), rows, plan)
    other, outside = labels == 3, (scores < -1e-6) | (scores > 1 + 1e-6)
    labels[other] = 2
    # One combined code per row, so that every cube is a single bincount.
    width = plan.coarse_bins + 1
    outcome = labels.astype(np.int64) * width + plan.score_groups[fine]

    columns, slices = {}, {}
    for column in plan.columns:
        array = have.get(column.name)
        if array is None:
            columns[column.name] = _absent(column, plan)
            codes = None
        else:
            examples_of = _Examples(batch, plan, column)
            columns[column.name], codes = _count(Values(array), hashes[column.name], column, plan, outcome, examples_of)
        if column.name in plan.slices and column.binning is not None:
            slices[column.name] = np.full(rows, -1, np.int32) if codes is None else codes.astype(np.int32)

    examples = {}
    for role, name, mask in (("label", plan.label, other), ("score", plan.score, outside)):
        if name is not None and mask.any():
            column = plan.column(name) if name in columns else ColumnPlan(name, "number")
            examples[role] = _Examples(batch, plan, column)(mask)

    keys = {name: hashes[name] for name in plan.keys if name in hashes}
    counted = Profile(
        rows=rows,
        columns=columns,
        scores=np.bincount(
            labels.astype(np.int64) * (plan.fine_bins + 1) + fine, minlength=LABELS * (plan.fine_bins + 1)
        ).reshape(LABELS, plan.fine_bins + 1),
        score_outside=int(outside.sum()),
        label_values=other_labels,
        units=_units(have, hashes, plan, outcome),
        keys=(_key_hashes(have, keys),) if plan.keys and len(keys) == len(plan.keys) else (),
        checksum=int(hash_rows(hashes).sum(dtype=np.uint64)),
        examples=examples,
    )
    return counted, ScoredRows(scores, labels, slices)


def _count(
    values: Values,
    hashes: NDArray[np.uint64],
    column: ColumnPlan,
    plan: Plan,
    outcome: NDArray[np.int64],
    examples: _Examples,
) -> tuple[ColumnProfile, NDArray[np.int64] | None]:
    masks: dict[str, Mask] = {"null": null_mask(values.array)}
    finite = np.empty(0)
    if masks["null"].all():
        # Without a value there is no type to be wrong, whatever the file or frame declares.
        values = Values(pa.nulls(len(values.array)))
    found = values.type
    if not readable(column.type, found):
        masks["wrong_type"] = ~masks["null"]
    elif found in NUMERIC:
        number = values.numbers
        finite = number[np.isfinite(number)]
        masks |= {
            "nan": np.isnan(number) & ~masks["null"],
            "pos_inf": number == np.inf,
            "neg_inf": number == -np.inf,
        }
        if column.type == "integer" and found == "number":
            masks["fractional"] = np.isfinite(number) & (number != np.floor(number))
        if column.bounds is not None:
            masks |= {"below": column.bounds.below(number), "above": column.bounds.above(number)}
    if found == "string":
        masks["empty"] = empty_mask(values.array)
    if "wrong_type" not in masks and found != "null":
        masks |= _text_rules(values, column)
    counts = np.array([int(masks[name].sum()) if name in masks else 0 for name in COUNTERS], dtype=np.int64)
    binned: NDArray[np.int64] | None = None
    cube, unseen = None, Counter[str]()
    if column.binning is not None:
        shape = (len(column.binning.names), LABELS, plan.coarse_bins + 1)
        cube = np.zeros(shape, dtype=np.int64)
        if "wrong_type" not in masks:
            binned, unseen = bin_codes(values, column.binning)
            cells = shape[1] * shape[2]
            cube = np.bincount(binned * cells + outcome, minlength=shape[0] * cells).reshape(shape)
    valued = ~_no_value(masks)
    distinct = _two_of(hashes[valued])
    if len(distinct) == 1:
        masks["constant"] = valued  # as far as this batch goes; the check asks the whole window
    mean, squares = _moments(finite)
    return ColumnProfile(
        type=found,
        counts=counts,
        finite=finite.size,
        low=float(finite.min()) if finite.size else None,
        high=float(finite.max()) if finite.size else None,
        mean=mean,
        squares=squares,
        cube=cube,
        unseen=Counter() if column.private else unseen,
        distinct=distinct,
        examples={name: examples(mask) for name, mask in masks.items() if mask.any()},
    ), binned


def _key_hashes(have: dict[str, pa.Array], keys: dict[str, NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Hash each row's key; a row that lacks a part of its key has none, and repeats nothing."""
    hashes = hash_rows(keys)
    for name in keys:
        hashes[null_mask(have[name])] = NO_KEY
    return hashes


def _absent(column: ColumnPlan, plan: Plan) -> ColumnProfile:
    shape = (len(column.binning.names), LABELS, plan.coarse_bins + 1) if column.binning else None
    return ColumnProfile(
        type=None,
        counts=np.zeros(len(COUNTERS), dtype=np.int64),
        cube=None if shape is None else np.zeros(shape, dtype=np.int64),
    )


def _moments(finite: NDArray[np.float64]) -> tuple[float, float]:
    """Return the mean, and the sum of squared deviations from it, which is infinite for values near 1e308."""
    if finite.size == 0:
        return 0.0, 0.0
    with np.errstate(over="ignore"):
        mean = float(finite.mean())
        if not np.isfinite(mean):  # their sum is too large for a float
            mean = float((finite / finite.size).sum())
        return mean, float(((finite - mean) ** 2).sum())


def _text_rules(values: Values, column: ColumnPlan) -> dict[str, Mask]:
    """Judge each distinct text once: allowed categories and pattern. Missing values break neither."""
    if column.allowed is None and column.pattern is None:
        return {}
    codes, distinct = values.texts
    found = {}
    if column.allowed is not None:
        allowed = column.allowed
        found["not_allowed"] = _where(codes, distinct, lambda text: text not in allowed)
    if column.pattern is not None:
        pattern = re.compile(column.pattern)
        found["pattern_miss"] = _where(codes, distinct, lambda text: pattern.fullmatch(text) is None)
    return found


def _where(codes: NDArray[np.int64], values: list[str], holds: Callable[[str], bool]) -> Mask:
    table = np.array([holds(value) for value in values] + [False])
    return np.asarray(table[codes], dtype=bool)


def _no_value(masks: dict[str, Mask]) -> Mask:
    missing = masks["null"]
    for name in ("nan", "empty"):
        missing = missing | masks[name] if name in masks else missing
    return missing


def _two_of(hashes: NDArray[np.uint64]) -> frozenset[int]:
    """Return the smallest two of the distinct hashes, or fewer: what merging keeps too."""
    if hashes.size == 0:
        return frozenset()
    first = hashes.min()
    others = hashes[hashes != first]
    return frozenset({int(first)} | ({int(others.min())} if others.size else set()))


def _units(
    have: dict[str, pa.Array], hashes: dict[str, NDArray[np.uint64]], plan: Plan, outcome: NDArray[np.int64]
) -> NDArray[np.int64] | None:
    if plan.unit is None:
        return None
    cells = LABELS * (plan.coarse_bins + 1)
    array = have.get(plan.unit.column)
    if array is None:
        which = np.full(outcome.size, 2)
    else:
        found, known = hashes[plan.unit.column], plan.unit.known
        at = np.minimum(np.searchsorted(known, found), max(known.size - 1, 0))
        held = known[at] == found if known.size else np.zeros(outcome.size, dtype=bool)
        which = np.where(null_mask(array), 2, np.where(held, 0, 1))
    return np.bincount(which * cells + outcome, minlength=3 * cells).reshape(3, LABELS, plan.coarse_bins + 1)


class _Examples:
    """Takes the first failing rows of a batch: position, the column's value and its key, nothing private."""

    def __init__(self, batch: pa.RecordBatch, plan: Plan, column: ColumnPlan) -> None:
        self._batch = batch
        wanted = [] if column.private else dict.fromkeys([*plan.keys, column.name])
        self._names = [n for n in wanted if n not in plan.private and batch.schema.get_field_index(n) >= 0]

    def __call__(self, mask: Mask) -> list[tuple[int, dict[str, Any]]]:
        positions = np.flatnonzero(mask)[:EXAMPLES]
        found = self._batch.select(self._names).take(pa.array(positions)) if self._names else None
        values = rows_as_python(found) if found is not None else [{}] * len(positions)
        return [(int(position), row) for position, row in zip(positions, values, strict=True)]
