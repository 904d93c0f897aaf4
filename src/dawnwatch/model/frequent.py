"""The most frequent of many names, in bounded memory, with a stated error; two of them add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import nsmallest

__all__ = ["NAMED", "Frequent"]

NAMED = 1000
"""Names kept at most."""


@dataclass(frozen=True)
class Frequent:
    """How often names came: exactly while there are at most `NAMED`, else each at most `error` too low.

    Attributes
    ----------
    total : how often any name came, exact
    error : what the count of a name, kept or not, may lack at most; at most total / (`NAMED` + 1)

    Notes
    -----
    Misra and Gries, Science of Computer Programming 2 (1982) 143-152: where there are too many names, the count of
    the first one that must go is taken off all. Such summaries merge without losing the bound (Agarwal et al.,
    ACM Transactions on Database Systems 38 (2013) 26).
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    error: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Frequent:
        """Return the summary of exact counts."""
        return cls({}, 0).plus(counts)

    def __add__(self, other: Frequent) -> Frequent:
        if not other.total:
            return self
        return self.plus(other.counts, total=other.total, error=other.error)

    def plus(self, counts: Mapping[str, int], *, total: int | None = None, error: int = 0) -> Frequent:
        """Return the summary with these counts added."""
        joined = dict(self.counts)
        for name, times in counts.items():
            joined[name] = joined.get(name, 0) + times
        lost = 0
        if len(joined) > NAMED:
            lost = sorted(joined.values(), reverse=True)[NAMED]
            joined = {name: times - lost for name, times in joined.items() if times > lost}
        added = sum(counts.values()) if total is None else total
        return Frequent(joined, self.total + added, self.error + error + lost)

    def most_common(self, number: int | None = None) -> list[tuple[str, int]]:
        """Return (name, count), most frequent first and by name where equal; the counts are lower bounds."""
        number = len(self.counts) if number is None else number
        return nsmallest(number, self.counts.items(), key=lambda item: (-item[1], item[0]))
