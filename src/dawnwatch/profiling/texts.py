"""A column of texts as codes and a table of what each distinct text comes to, made once per dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dawnwatch.model.plan import Binning, ColumnPlan
from dawnwatch.profiling.arrow import texts
from dawnwatch.profiling.hashing import hash_texts

__all__ = ["Coded", "TextTable", "bin_of_texts", "code_texts"]

SMALL_SPAN = 4096
"""Integers within so few values of each other are their own codes."""


@dataclass(frozen=True)
class Coded:
    """Codes of a column's rows, and the texts they stand for; null and NaN have the code behind the last text.

    Attributes
    ----------
    source : the Arrow dictionary behind the texts, where many batches share one
    """

    codes: NDArray[np.int32]
    texts: Callable[[], list[str]]
    source: pa.Array | None = None


def code_texts(array: pa.Array) -> Coded:
    """Return any column as codes and texts, using the codes it has where it has some."""
    if (
        pa.types.is_dictionary(array.type)
        and not array.dictionary.null_count
        and pa.types.is_string(array.dictionary.type)
    ):
        # Batches cut from one Parquet row group share its dictionary: worth to code whole, unless it dwarfs them.
        if len(array.dictionary) <= max(2 * len(array), 1024):
            codes = array.indices
            if codes.null_count:
                codes = codes.cast(pa.int32()).fill_null(len(array.dictionary))
            coded = codes.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
            return Coded(coded, array.dictionary.to_pylist, array.dictionary)
    elif pa.types.is_integer(array.type) and not array.null_count and len(array):
        low, high = (value.as_py() for value in pc.min_max(array).values())
        if high - low < SMALL_SPAN and abs(low) < 2**53:
            whole = array.to_numpy(zero_copy_only=False).astype(np.int64)
            return Coded((whole - low).astype(np.int32), lambda: [str(low + i) for i in range(high - low + 1)])
    codes, found = texts(array)
    return Coded(np.where(codes < 0, len(found), codes).astype(np.int32), lambda: found)


@dataclass
class TextTable:
    """What each distinct text of a dictionary comes to, by code; the last entry stands for null."""

    hashes: NDArray[np.uint64]
    empty: NDArray[np.bool_]
    bins: NDArray[np.int32] | None = None
    rules: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    """Texts that break a rule: "not_allowed", "pattern_miss"."""

    @classmethod
    def of(cls, found: list[str], column: ColumnPlan) -> TextTable:
        """Judge each text once."""
        hashes = hash_texts(found)
        table = cls(np.append(hashes, np.uint64(0)), np.array([not text for text in found] + [False]))
        if column.binning is not None and column.binning.kind == "categorical":
            table.bins = np.append(bin_of_texts(found, hashes, column.binning), column.binning.missing).astype(np.int32)
        if column.allowed is not None:
            allowed = column.allowed
            table.rules["not_allowed"] = np.array([text not in allowed for text in found] + [False])
        if column.pattern is not None:
            pattern = re.compile(column.pattern)
            table.rules["pattern_miss"] = np.array([pattern.fullmatch(text) is None for text in found] + [False])
        return table


def bin_of_texts(found: list[str], hashes: NDArray[np.uint64], binning: Binning) -> NDArray[np.int32]:
    """Return the bin of each text: its own, *other known*, or *unseen*, shape (texts,)."""
    if binning.hidden.size:
        known = {word: code for code, word in enumerate(binning.hidden.tolist())}
        bins = np.array([known.get(word, -1) for word in hashes.tolist()], dtype=np.int32)
    else:
        bins = np.array([binning.codes.get(text, -1) for text in found], dtype=np.int32)
    left = np.flatnonzero(bins < 0)
    if left.size:
        bins[left] = binning.unseen
        if binning.others.size:
            at = np.minimum(np.searchsorted(binning.others, hashes[left]), binning.others.size - 1)
            bins[left[binning.others[at] == hashes[left]]] = binning.other
    return bins
