"""The profile: a window's counts. Two profiles of one plan add, and every check reads nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["COUNTERS", "EXAMPLES", "NAMED", "NO_KEY", "REST", "ColumnProfile", "Profile", "ScoredRows", "named"]

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
"""Failing rows shown per counter."""
NAMED = 1000
"""Values that a counter names; the bins hold all of them."""
NO_KEY = np.uint64(0)
"""Stands for the key of a row that has none; a real key hashes to it once in 2**64."""
REST = "(other values)"
"""What label values beyond the named ones are counted as."""
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
    """Up to five failing rows per counter: position among the rows counted here, and values."""

    def __getitem__(self, counter: str) -> int:
        return int(self.counts[COUNTERS.index(counter)])

    def __add__(self, other: ColumnProfile) -> ColumnProfile:
        """Add the column of the rows that follow, whose examples were `shifted` by the rows counted here."""
        mean, squares = _moments(self, other)
        distinct = frozenset(sorted(self.distinct | other.distinct)[:2])
        examples = _first(self.examples, other.examples)
        if len(distinct) > 1:
            examples.pop("constant", None)  # each part was, and the whole is not
        return ColumnProfile(
            type=_same_type(self, other),
            counts=self.counts + other.counts,
            finite=self.finite + other.finite,
            low=_pick(min, self.low, other.low),
            high=_pick(max, self.high, other.high),
            mean=mean,
            squares=squares,
            cube=None if self.cube is None or other.cube is None else self.cube + other.cube,
            unseen=named(self.unseen + other.unseen),
            distinct=distinct,
            examples=examples,
        )

    def shifted(self, rows: int) -> ColumnProfile:
        """Return the same counts as they stand behind that many other rows: only the examples move."""
        return replace(self, examples=_shifted(self.examples, rows)) if self.examples else self


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

    Notes
    -----
    Positions count from the first row of the profile itself: a part need not know where it stands in the window,
    and `a + b` moves those of b behind a. Parts add in the order of their rows; in any other order only the examples
    differ. Values are named up to `NAMED`: as long as a window has no more, it merges to the same profile however
    it was cut.
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
        behind = {name: column.shifted(self.rows) for name, column in other.columns.items()}
        return Profile(
            rows=self.rows + other.rows,
            columns={name: column + behind[name] for name, column in self.columns.items()},
            scores=self.scores + other.scores,
            score_outside=self.score_outside + other.score_outside,
            label_values=named(self.label_values + other.label_values, rest=REST),
            units=None if self.units is None or other.units is None else self.units + other.units,
            keys=self.keys + other.keys,
            checksum=(self.checksum + other.checksum) % 2**64,
            examples=_first(self.examples, _shifted(other.examples, self.rows)),
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
        """Positions, in merge order, of rows whose key already stood in an earlier row, shape (repeats,)."""
        hashes = np.concatenate([*self.keys, np.empty(0, np.uint64)])
        ranked = np.sort(hashes[hashes != NO_KEY])
        twice = np.unique(ranked[1:][ranked[1:] == ranked[:-1]])
        if twice.size == 0:
            return np.empty(0, np.int64)
        # Only the few rows of a key that comes again need their places.
        held = np.minimum(np.searchsorted(twice, hashes), twice.size - 1)
        rows = np.flatnonzero(twice[held] == hashes)
        firsts = np.unique(held[rows], return_index=True)[1]
        return np.delete(rows, firsts)


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


def named(counts: Counter[str], *, rest: str | None = None) -> Counter[str]:
    """Return the `NAMED` most frequent names, most frequent first and by name where equal.

    Parameters
    ----------
    rest : name under which the others are counted together; by default they are left out
    """
    most = nsmallest(NAMED, (item for item in counts.items() if item[0] != rest), key=lambda item: (-item[1], item[0]))
    kept = Counter(dict(most))
    if rest is not None and counts.total() > kept.total():
        kept[rest] = counts.total() - kept.total()
    return kept


def _moments(a: ColumnProfile, b: ColumnProfile) -> tuple[float, float]:
    """Return mean and sum of squared deviations of both parts (Chan, Golub and LeVeque 1979)."""
    if a.finite == 0 or b.finite == 0:
        return (b.mean, b.squares) if a.finite == 0 else (a.mean, a.squares)
    weight, delta = b.finite / (a.finite + b.finite), b.mean - a.mean
    if not isfinite(delta):  # means near both ends of what a float holds
        return a.mean * (1 - weight) + b.mean * weight, inf
    return a.mean + delta * weight, a.squares + b.squares + delta * delta * a.finite * weight


def _shifted(examples: Examples, rows: int) -> Examples:
    return {key: [(position + rows, values) for position, values in found] for key, found in examples.items()}


def _first(a: Examples, b: Examples) -> Examples:
    """Return the earliest rows of both, per counter."""
    return {
        key: sorted([*a.get(key, []), *b.get(key, [])], key=lambda found: found[0])[:EXAMPLES]
        for key in a.keys() | b.keys()
    }


def _pick(choose: Any, a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None else choose(a, b)
