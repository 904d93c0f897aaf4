"""The profile: a window's counts. Two profiles of one plan add, and every check reads nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["COUNTERS", "ColumnProfile", "Profile", "ScoredRows"]

COUNTERS = (
    "null",
    "nan",
    "empty",
    "pos_inf",
    "neg_inf",
    "below",
    "above",
    "not_allowed",
    "pattern_miss",
    "fractional",
    "wrong_type",
)
"""Rows counted per column. `empty` is the empty string; `wrong_type` rows could not be read as the planned type."""

EXAMPLES = 5
Examples = dict[str, list[tuple[int, dict[str, Any]]]]


@dataclass(frozen=True)
class ColumnProfile:
    """Counts of one column. `cube` is [bin, label, coarse score], or None where the column is not binned."""

    type: str | None
    """The type found; None where the window does not have the column, "mixed" where its parts differ."""
    counts: NDArray[np.int64]
    finite: int = 0
    low: float | None = None
    high: float | None = None
    mean: float = 0.0
    squares: float = 0.0
    """Sum of squared deviations from the mean, so variance is squares / finite."""
    cube: NDArray[np.int64] | None = None
    unseen: Counter[str] = field(default_factory=Counter)
    distinct: frozenset[int] = frozenset()
    """Hashes of up to two of the values: one tells a constant column."""
    examples: Examples = field(default_factory=dict)
    """Up to five failing rows per counter: position in the window, and values."""

    def __getitem__(self, counter: str) -> int:
        return int(self.counts[COUNTERS.index(counter)])

    def __add__(self, other: ColumnProfile) -> ColumnProfile:
        finite = self.finite + other.finite
        delta = other.mean - self.mean
        weight = other.finite / finite if finite else 0.0
        distinct = frozenset(sorted(self.distinct | other.distinct)[:2])
        examples = _first(self.examples, other.examples)
        if len(distinct) > 1:
            examples.pop("constant", None)  # each part was, and the whole is not
        return ColumnProfile(
            type=_same_type(self, other),
            counts=self.counts + other.counts,
            finite=finite,
            low=_pick(min, self.low, other.low),
            high=_pick(max, self.high, other.high),
            mean=self.mean + delta * weight,
            squares=self.squares + other.squares + delta * delta * self.finite * weight,
            cube=None if self.cube is None or other.cube is None else self.cube + other.cube,
            unseen=self.unseen + other.unseen,
            distinct=distinct,
            examples=examples,
        )


@dataclass(frozen=True)
class Profile:
    """Counts of one window.

    Attributes
    ----------
    scores : [label, fine score bin], the last score bin being "no score"
    label_values : how often each label value was seen that is neither positive nor negative
    units : [known, new or missing unit; label; coarse score], or None where no unit is configured
    keys : 64-bit hashes of the key columns, one per row, in pieces
    checksum : sum of the rows' 64-bit content hashes, modulo 2**64
    examples : up to five rows whose "label" is neither class, or whose "score" lies outside [0, 1]
    """

    rows: int
    columns: dict[str, ColumnProfile]
    scores: NDArray[np.int64]
    score_outside: int = 0
    """Scores outside [0, 1]."""
    label_values: Counter[str] = field(default_factory=Counter)
    units: NDArray[np.int64] | None = None
    keys: tuple[NDArray[np.uint64], ...] = ()
    checksum: int = 0
    examples: Examples = field(default_factory=dict)

    def __add__(self, other: Profile) -> Profile:
        if self.columns.keys() != other.columns.keys() or self.scores.shape != other.scores.shape:
            raise ValueError("only profiles of the same plan can be added")
        return Profile(
            rows=self.rows + other.rows,
            columns={name: column + other.columns[name] for name, column in self.columns.items()},
            scores=self.scores + other.scores,
            score_outside=self.score_outside + other.score_outside,
            label_values=self.label_values + other.label_values,
            units=None if self.units is None or other.units is None else self.units + other.units,
            keys=self.keys + other.keys,
            checksum=(self.checksum + other.checksum) % 2**64,
            examples=_first(self.examples, other.examples),
        )

    @property
    def fingerprint(self) -> str:
        """Equal for windows with equal rows, in whatever order; different rows collide by chance 2**-64."""
        return f"rows:{self.rows}:sum64:{self.checksum:016x}"

    @property
    def labelled(self) -> int:
        """Rows with a known label."""
        return int(self.scores[:2].sum())

    def repeated(self) -> NDArray[np.int64]:
        """Positions, in merge order, of rows whose key already stood in an earlier row."""
        hashes = np.concatenate([*self.keys, np.empty(0, np.uint64)])
        order = np.argsort(hashes, kind="stable")
        again = np.flatnonzero(hashes[order][1:] == hashes[order][:-1]) + 1
        return np.sort(order[again])


@dataclass(frozen=True)
class ScoredRows:
    """The rows themselves, kept beside the profile while there are few enough for an exact AUC."""

    scores: NDArray[np.float64]
    labels: NDArray[np.int8]
    slices: dict[str, NDArray[np.int32]]
    """Bin code of each slice column."""

    @classmethod
    def concatenate(cls, parts: list[ScoredRows]) -> ScoredRows:
        """Join parts in order."""
        names = parts[0].slices if parts else {}
        return cls(
            np.concatenate([part.scores for part in parts] or [np.empty(0)]),
            np.concatenate([part.labels for part in parts] or [np.empty(0, np.int8)]),
            {name: np.concatenate([part.slices[name] for part in parts]) for name in names},
        )


def _same_type(a: ColumnProfile, b: ColumnProfile) -> str | None:
    if a.type == b.type:
        return a.type
    # An empty or all-null batch says nothing about the type.
    for one, other in ((a, b), (b, a)):
        if one.type == "null":
            return other.type
    return "mixed"


def _first(a: Examples, b: Examples) -> Examples:
    """Return the earliest rows of both, per counter."""
    return {
        key: sorted([*a.get(key, []), *b.get(key, [])], key=lambda found: found[0])[:EXAMPLES]
        for key in a.keys() | b.keys()
    }


def _pick(choose: Any, a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None else choose(a, b)
