"""Guessing which column plays which part: label, score, time, unit, keys, slices, and which are private.

A guess rests on a column's name and on what the whole table shows of its values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from dawnwatch.sources.base import Source
from dawnwatch.sources.naming import (
    LABEL_NAMES,
    LABEL_WORDS,
    SCORE_NAMES,
    SCORE_WORDS,
    SLICE_WORDS,
    TIME_WORDS,
    id_name,
    index_name,
    name_words,
    person_name,
)
from dawnwatch.sources.personal import personal_name
from dawnwatch.sources.survey import ColumnFacts, Value
from dawnwatch.sources.unique import is_unique

__all__ = ["Roles", "classes", "guess_roles", "is_category", "is_epoch", "within_unit"]

Facts = Mapping[str, ColumnFacts]

PLAUSIBLE = (315_532_800, 4_102_444_800)
"""Seconds since 1970 of the years 1980 and 2100."""
SLICE_VALUES, SLICE_ROWS = 10, 100
ID_COLUMNS = 5
"""Pairs are tried among this many columns named like ids."""


@dataclass(frozen=True)
class Roles:
    """The parts that were found; None or empty for those that no column plays.

    Attributes
    ----------
    private : columns that look personal, each with the reason (which shows none of their values)
    rejected_labels : columns named like a label that do not have two values
    label_times : columns of times beside the timestamp, one of which may say when labels came
    """

    label: str | None = None
    score: str | None = None
    timestamp: str | None = None
    unit: str | None = None
    keys: list[str] = field(default_factory=list)
    slices: list[str] = field(default_factory=list)
    private: dict[str, str] = field(default_factory=dict)
    rejected_labels: list[str] = field(default_factory=list)
    label_times: list[str] = field(default_factory=list)

    @property
    def taken(self) -> set[str]:
        """Columns that play a part in which their distribution is not watched."""
        parts = {self.label, self.score, self.timestamp, self.unit, *self.keys}
        return {name for name in parts if name is not None}


def guess_roles(source: Source, facts: Facts) -> Roles:
    """Guess every role.

    Parameters
    ----------
    source : read again, these columns only, for those that may be a key
    facts : what `survey` saw of it

    Raises
    ------
    DataError
        Where the source cannot be read.
    """
    private = {name: why for name in facts if (why := _why_private(facts[name]))}
    shown = {name: column for name, column in facts.items() if name not in private and not index_name(name)}
    labels = _named(shown, LABEL_NAMES, LABEL_WORDS)
    label = next((name for name in labels if classes(shown[name])), None)
    score = _score({name: column for name, column in shown.items() if name != label})
    timestamp = _timestamp(shown)
    free = {name: c for name, c in facts.items() if name not in {label, score, timestamp}}
    keys = _keys(source, free, timestamp, private)
    unit = _unit(source, {name: c for name, c in free.items() if name in shown and keys != [name]})
    others = {name: c for name, c in free.items() if name in shown and name not in {unit, *keys}}
    rejected = [name for name in labels if not classes(shown[name])]
    times = [name for name, c in others.items() if c.family == "timestamp" or is_epoch(c)]
    return Roles(label, score, timestamp, unit, keys, _slices(others), private, rejected, times)


def classes(column: ColumnFacts) -> list[Value] | None:
    """Return the two values of a column that could be a label, in order; None for any other column."""
    values = column.values
    if column.family not in {"integer", "number", "boolean", "string"} or column.infinite or values is None:
        return None
    return values if len(values) == 2 and "" not in values else None


def within_unit(column: ColumnFacts) -> bool:
    """Whether all finite numbers of a column lie within [0, 1]."""
    return column.low is not None and column.high is not None and column.low >= 0 and column.high <= 1


def is_epoch(column: ColumnFacts) -> bool:
    """Whether numbers are named like a time and lie where seconds, milli-, micro- or nanoseconds would."""
    if not set(name_words(column.name)) & set(TIME_WORDS) or column.low is None or column.high is None:
        return False
    low, high = column.low, column.high
    return any(PLAUSIBLE[0] * unit <= low and high <= PLAUSIBLE[1] * unit for unit in (1, 10**3, 10**6, 10**9))


def is_category(column: ColumnFacts) -> bool:
    """Whether the values of a column of strings or booleans are few and come again."""
    if column.family == "boolean":
        return bool(column.counts)
    repeated = column.counts is not None and 0 < 2 * len(column.counts) <= column.counts.total()
    return column.family == "string" and repeated


def _why_private(column: ColumnFacts) -> str | None:
    if column.personal is not None:
        return f"looks personal (holds {column.personal})"
    holds_data = column.family in {"string", "integer", "timestamp", "other"}
    return "looks personal by its name" if holds_data and personal_name(column.name) else None


def _named(facts: Facts, names: Sequence[str], words: Collection[str]) -> list[str]:
    """Return the columns with one of the names, in the order of `names`, then those with one of the words."""

    def rank(name: str) -> int:
        joined = "_".join(name_words(name))
        return names.index(joined) if joined in names else len(names)

    found = [name for name in facts if rank(name) < len(names) or not set(words).isdisjoint(name_words(name))]
    return sorted(found, key=rank)


def _score(facts: Facts) -> str | None:
    """Return a column of varying floats named like a score; beyond [0, 1] only the plainest names will do."""

    def fits(name: str) -> bool:
        column = facts[name]
        varies = column.low is not None and column.low != column.high and not column.infinite
        known = "_".join(name_words(name)) in SCORE_NAMES
        return column.family == "number" and varies and (known or within_unit(column))

    def rank(name: str) -> tuple[bool, bool]:
        values = facts[name].values
        return not within_unit(facts[name]), values is not None and len(values) <= 2

    return min(filter(fits, _named(facts, SCORE_NAMES, SCORE_WORDS)), key=rank, default=None)


def _timestamp(facts: Facts) -> str | None:
    def rank(name: str) -> tuple[bool, int]:
        named = [TIME_WORDS.index(word) for word in name_words(name) if word in TIME_WORDS]
        return facts[name].family != "timestamp", min(named, default=len(TIME_WORDS))

    found = [name for name, column in facts.items() if column.family == "timestamp" or is_epoch(column)]
    return min(found, key=rank, default=None)


def _keys(source: Source, facts: Facts, timestamp: str | None, private: Collection[str]) -> list[str]:
    """Return a column named like an id, else a pair with one, else an enumeration, that no two rows share."""
    whole = [name for name, column in facts.items() if _may_identify(column)]
    named = sorted((n for n in whole if id_name(n)), key=lambda n: (n in private, person_name(n)))
    single = [[name] for name in named if _may_be_unique(facts[name])]
    pairs = [list(pair) for pair in combinations(named[:ID_COLUMNS], 2)]
    if timestamp is not None:
        pairs += [[name, timestamp] for name in named[:ID_COLUMNS]]
    others = [[n] for n in whole if n not in named and n not in private and _enumerates(facts[n])]
    found = next((names for names in single + pairs + others if is_unique(source, names)), [])
    return sorted(found, key=source.schema.names.index)


def _may_identify(column: ColumnFacts) -> bool:
    whole = not column.null + column.empty and column.rows > 1
    return column.family in {"integer", "string"} and whole and not index_name(column.name)


def _may_be_unique(column: ColumnFacts) -> bool:
    return column.counts is None or len(column.counts) == column.rows


def _enumerates(column: ColumnFacts) -> bool:
    """Whether a column not named like an id could be one: integers without a gap, or many strings."""
    if not _may_be_unique(column):
        return False
    if column.low is not None and column.high is not None:
        return bool(column.high - column.low + 1 == column.rows)
    return column.rows >= SLICE_ROWS


def _unit(source: Source, facts: Facts) -> str | None:
    """Return the column that names the person (or what stands for one) behind a row, where it repeats."""
    named = [n for n, c in facts.items() if c.family in {"integer", "string"} and person_name(n)]
    return next((name for name in named if not is_unique(source, [name])), None)


def _slices(facts: Facts) -> list[str]:
    """Return up to two columns of few strings, first those with enough rows for each value to be judged."""

    def rank(name: str) -> tuple[bool, bool]:
        rows = min((facts[name].counts or {"": 0}).values())
        return rows < SLICE_ROWS, SLICE_WORDS.isdisjoint(name_words(name))

    fits = [
        name
        for name, column in facts.items()
        if column.family == "string" and is_category(column) and not id_name(name)
        if 2 <= len(column.counts or ()) <= SLICE_VALUES
    ]
    return sorted(fits, key=rank)[:2]
