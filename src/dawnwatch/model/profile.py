"""The profile: a window's counts. Two profiles of one plan add, and every check reads nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from hashlib import blake2b
from itertools import accumulate
from operator import add, itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.frequent import Frequent
from dawnwatch.model.moments import Moments
from dawnwatch.model.sample import Sample
from dawnwatch.model.unit_counts import UnitCounts

__all__ = ["COUNTERS", "EXAMPLES", "ColumnProfile", "Examples", "Profile", "Repeats", "first_examples"]

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
Examples = dict[str, list[tuple[int, dict[str, Any]]]]
Table = NDArray[np.int64]


@dataclass(frozen=True)
class ColumnProfile:
    """Counts of one column.

    Attributes
    ----------
    type : the type found; None where no part of the window has the column, whose rows count as null; "mixed" where
        its parts differ
    cube : [bin, label, score bin], the last score bin being "no score"; None where the column is not binned
    groups : [bin, unit group], where a unit is configured
    group_cubes : [bin, unit group, label, score bin], for declared slices and the model's version where a unit is
        configured
    unseen : values the reference never held
    sole : hash of the only value so far; None where there is no value or more than one
    varies : whether there is more than one value; null, NaN and the empty string are none
    checksum : of the texts, modulo 2**64; numbers have theirs in `moments`
    examples : up to five failing rows per counter: position among the rows counted here, and values
    """

    type: str | None
    counts: Table
    moments: Moments = field(default_factory=Moments)
    cube: Table | None = None
    groups: Table | None = None
    group_cubes: Table | None = None
    unseen: Frequent = field(default_factory=Frequent)
    sole: int | None = None
    varies: bool = False
    checksum: int = 0
    examples: Examples = field(default_factory=dict)

    def __getitem__(self, counter: str) -> int:
        return int(self.counts[COUNTERS.index(counter)])

    def __add__(self, other: ColumnProfile) -> ColumnProfile:
        return ColumnProfile.joined([self, other])

    @classmethod
    def joined(cls, parts: Sequence[ColumnProfile]) -> ColumnProfile:
        """Add one column of several parts, whose examples know their positions beside each other."""
        sole = {part.sole for part in parts} - {None}
        varies = len(sole) > 1 or any(part.varies for part in parts)
        examples = first_examples([part.examples for part in parts])
        if varies:
            examples.pop("constant", None)  # each part was, and the whole is not
        return cls(
            type=reduce(same_type, (part.type for part in parts)),
            counts=_total([part.counts for part in parts]),
            moments=reduce(add, (part.moments for part in parts)),
            cube=_sum([part.cube for part in parts]),
            groups=_sum([part.groups for part in parts]),
            group_cubes=_sum([part.group_cubes for part in parts]),
            unseen=reduce(add, (part.unseen for part in parts)),
            sole=None if varies else next(iter(sole), None),
            varies=varies,
            checksum=sum(part.checksum for part in parts) % 2**64,
            examples=examples,
        )

    def shifted(self, rows: int) -> ColumnProfile:
        """Return the same counts as they stand behind that many other rows: only the examples move."""
        return replace(self, examples=_shifted(self.examples, rows)) if self.examples else self


@dataclass(frozen=True)
class Repeats:
    """Rows whose key stood before in the same window.

    Attributes
    ----------
    keyed : rows that have a whole key
    repeats : those of them whose key stood in an earlier row
    keys : the distinct hashes, sorted, where they are kept so that windows can be merged; else None
    """

    keyed: int
    repeats: int
    keys: NDArray[np.uint64] | None = None

    def __add__(self, other: Repeats) -> Repeats | None:
        if self.keys is None or other.keys is None:
            return None
        keys, keyed = np.union1d(self.keys, other.keys), self.keyed + other.keyed
        return Repeats(keyed, keyed - keys.size, keys)


@dataclass(frozen=True)
class Profile:
    """Counts of one window.

    Attributes
    ----------
    scores : [label, fine score bin], the last score bin being "no score"
    score_outside : scores outside [0, 1]
    label_values : how often each label value was seen that is neither positive nor negative
    units : [known, new or missing unit; label; score bin], or None where no unit is configured
    unit_counts : rows per unit, and how many units there are; None where no unit is configured
    group_scores : [known or new unit; unit group; label; score bin], for intervals that know which rows belong together
    repeats : repeated keys; None where they were not counted, as across windows that kept no keys
    sample : rows of whole units; None where there is neither a unit nor a key
    examples : up to five rows whose "label" is neither class, or whose "score" lies outside [0, 1]

    Notes
    -----
    Positions count from the first row of the profile itself: a part need not know where it stands in the window,
    and `a + b` moves those of b behind a. All integer counts are the same in whatever order parts are added, and
    equal those of the whole; of what is kept beside, examples follow the order, names are exact while there are
    at most a thousand (see `Frequent`), and means and variances agree to rounding.
    """

    rows: int
    columns: dict[str, ColumnProfile]
    scores: Table
    score_outside: int = 0
    label_values: Frequent = field(default_factory=Frequent)
    units: Table | None = None
    unit_counts: UnitCounts | None = None
    group_scores: Table | None = None
    repeats: Repeats | None = None
    sample: Sample | None = None
    examples: Examples = field(default_factory=dict)

    def __add__(self, other: Profile) -> Profile:
        return Profile.joined([self, other.shifted(self.rows)])

    @classmethod
    def total(cls, parts: Sequence[Profile]) -> Profile:
        """Add profiles in the order of their rows: `a + b + c`, at once."""
        starts = accumulate((part.rows for part in parts[:-1]), initial=0)
        return cls.joined([part.shifted(start) for start, part in zip(starts, parts, strict=True)])

    @classmethod
    def joined(cls, parts: Sequence[Profile]) -> Profile:
        """Add parts of one window, all of which know their rows' positions in it already.

        Raises
        ------
        ValueError
            Where the parts were counted by different plans.
        """
        first = parts[0]
        if any(p.columns.keys() != first.columns.keys() or p.scores.shape != first.scores.shape for p in parts):
            raise ValueError("only profiles of the same plan can be added")
        samples = [part.sample for part in parts if part.sample is not None]
        units = [part.unit_counts for part in parts if part.unit_counts is not None]
        repeats = [part.repeats for part in parts]
        return cls(
            rows=sum(part.rows for part in parts),
            columns={name: ColumnProfile.joined([part.columns[name] for part in parts]) for name in first.columns},
            scores=_total([part.scores for part in parts]),
            score_outside=sum(part.score_outside for part in parts),
            label_values=reduce(add, (part.label_values for part in parts)),
            units=_sum([part.units for part in parts]),
            unit_counts=UnitCounts.joined(units) if len(units) == len(parts) else None,
            group_scores=_sum([part.group_scores for part in parts]),
            repeats=reduce(_repeated, repeats),
            sample=Sample.joined(samples) if len(samples) == len(parts) else None,
            examples=first_examples([part.examples for part in parts]),
        )

    def shifted(self, rows: int) -> Profile:
        """Return the same counts as they stand behind that many other rows: only the examples move."""
        columns = {name: column.shifted(rows) for name, column in self.columns.items()}
        return replace(self, columns=columns, examples=_shifted(self.examples, rows))

    def with_repeats(self, repeats: Repeats | None) -> Profile:
        """Return the same profile with its repeated keys counted."""
        return replace(self, repeats=repeats)

    @property
    def fingerprint(self) -> str:
        """Equal for windows whose columns hold equal values, in whatever order, file format or plan.

        A digest of the rows, and of each column's nulls, NaNs and checksum. It does not tie the columns to each
        other: a window with one column shuffled has the same. Numbers are taken as float64 and times in microseconds,
        so integers above 2**53 that round alike are alike.
        """
        return self.fingerprint_without(None)

    def fingerprint_without(self, left_out: str | None) -> str:
        """Return the fingerprint of all columns but one: without the label, late labels leave it as it was."""
        digest = blake2b(digest_size=8)
        for name in sorted(self.columns.keys() - {left_out}):
            column = self.columns[name]
            facts = (name, column["null"], column["nan"], (column.checksum + column.moments.checksum) % 2**64)
            digest.update(repr(facts).encode("utf-8", "surrogatepass"))
        return f"rows:{self.rows}:columns:{digest.hexdigest()}"

    @property
    def labelled(self) -> int:
        """Rows with a known label."""
        return int(self.scores[:2].sum())

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays, and characters of the sample's texts."""
        arrays = [self.scores, self.units, self.group_scores, None if self.repeats is None else self.repeats.keys]
        for column in self.columns.values():
            arrays += [column.counts, column.cube, column.groups, column.group_cubes]
        if self.unit_counts is not None:
            arrays += [self.unit_counts.hashes, self.unit_counts.rows]
        if self.sample is not None:
            arrays += [self.sample.units, *self.sample.columns.values()]
        texts = [] if self.sample is None else [c for c in self.sample.columns.values() if c.dtype == object]
        long = sum(len(text) for column in texts for text in set(column.tolist()) if text is not None)
        return sum(array.nbytes for array in arrays if array is not None) + long


def same_type(a: str | None, b: str | None) -> str | None:
    """Return the type of a column whose parts have these; a part without the column, or all null, says nothing."""
    known = {a, b} - {None, "null"}
    if len(known) == 2:
        return "mixed"
    return known.pop() if known else "null" if "null" in {a, b} else None


def first_examples(parts: Sequence[Examples]) -> Examples:
    """Return the earliest rows of all parts, per counter."""
    counters = dict.fromkeys(counter for part in parts for counter in part)
    return {
        counter: sorted((row for part in parts for row in part.get(counter, [])), key=itemgetter(0))[:EXAMPLES]
        for counter in counters
    }


def _shifted(examples: Examples, rows: int) -> Examples:
    return {key: [(position + rows, values) for position, values in found] for key, found in examples.items()}


def _repeated(a: Repeats | None, b: Repeats | None) -> Repeats | None:
    return None if a is None or b is None else a + b


def _total(tables: list[Table]) -> Table:
    """Add tables in place of a copy of the first: new memory for every sum costs more than the adding."""
    total = tables[0].copy()
    for table in tables[1:]:
        total += table
    return total


def _sum(tables: list[Table | None]) -> Table | None:
    there = [table for table in tables if table is not None]
    return _total(there) if len(there) == len(tables) else None
