"""Forward chaining: the newer rows in blocks by time, each judged by what was learned from earlier rows alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.errors import ConfigError, DataError
from dawnwatch.model.numbers import moment
from dawnwatch.model.replay import Block
from dawnwatch.monitoring.facts import moment_at
from dawnwatch.monitoring.replay.labelled import Labelled

__all__ = ["Chain", "Cut", "chained"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """One block of the judged rows, and what may be learned from for it.

    Attributes
    ----------
    learn : rows before the block, and the gap before it
    judge : the block's rows, all scored by the deployed model
    before, after : the deployed model's scores of either, NaN where a row to learn from has none
    at : the block's beginning, in seconds since 1970
    units : how many units the block holds; None without a unit
    """

    learn: Labelled
    judge: Labelled
    before: Floats
    after: Floats
    at: float
    units: int | None

    @property
    def block(self) -> Block:
        """What an answer says of it."""
        seconds = self.judge.seconds
        assert seconds is not None  # noqa: S101 - a window that was cut has times
        return Block(
            begins_at=moment_at(self.at),
            judged_to=moment_at(float(seconds[-1])),
            learn_rows=self.learn.labels.size,
            rows=self.judge.labels.size,
            positives=int(self.judge.labels.sum()),
            units=self.units,
        )


@dataclass(frozen=True)
class Chain:
    """All cuts of a replay, by time.

    Attributes
    ----------
    judge : the rows of all blocks, by time
    after : the deployed model's scores of them, finite, shape (rows,)
    block : the place of each row's block in `cuts`, shape (rows,)
    """

    cuts: list[Cut]
    judge: Labelled
    after: Floats
    block: NDArray[np.int64]

    def within(self, at: int) -> str:
        """Say in which block something happened, to stand before it; nothing where there is only one."""
        return "" if len(self.cuts) == 1 else f"block {at + 1} of {len(self.cuts)}: "


def chained(
    rows: Labelled, scores: Floats, config: Config, *, share: float, gap_hours: float = 0.0, cuts: int = 1
) -> Chain:
    """Cut rows by time, about `share` of them before the first cut, and part the later ones into blocks of equal rows.

    Rows of one moment stay together, after the cut: none of them is later than another. So blocks are about equal.

    Parameters
    ----------
    rows : by time
    scores : the deployed model's, NaN where there is none, shape (rows,); only rows with one are judged
    share : in (0, 1)
    cuts : blocks, 1 or more

    Raises
    ------
    ConfigError
        Where there shall be no block.
    DataError
        Where all rows are of one moment, nothing can be learned from, or a block cannot be judged.
    """
    if cuts < 1:
        raise ConfigError(f"cuts must be 1 or more, the blocks of the newer rows; got {cuts}")
    seconds = rows.seconds
    if seconds is None or seconds[0] == seconds[-1]:
        raise DataError(f"{rows.name}: all labelled rows have the same time, so none is later than another")
    first = _first(seconds, share)
    _require_judged(rows, scores, later=seconds >= first)
    judged = (seconds >= first) & np.isfinite(scores)
    begins = np.array([first, *_further(seconds[judged], rows.name, cuts)])
    block = np.searchsorted(begins, seconds, "right") - 1
    found = []
    for at, begin in enumerate(begins):
        before, inside = int(np.searchsorted(seconds, begin - gap_hours * 3600, "left")), judged & (block == at)
        learn, judge = rows.between(0, before), rows.only(inside)
        if not learn.labels.size:
            raise DataError(
                f"{rows.name}: no labelled row lies {gap_hours:g} hours or more before the cut; take a shorter --gap, "
                "or a later cut (--cut)"
            )
        units = judge.groups(config.roles.unit, config.project.seed)[1]
        _require_both(judge, units, config.roles.unit, f"block {at + 1} of {cuts}, from {moment(moment_at(begin))} on")
        found.append(Cut(learn, judge, scores[:before], scores[inside], float(begin), units))
    return Chain(found, rows.only(judged), scores[judged], block[judged])


def _first(seconds: Floats, share: float) -> float:
    at = float(seconds[min(max(round(share * seconds.size), 1), seconds.size - 1)])
    return at if at > seconds[0] else float(seconds[np.searchsorted(seconds, at, "right")])


def _further(seconds: Floats, name: str, cuts: int) -> list[float]:
    """Return where the blocks after the first begin. Raises DataError where rows of one moment would be torn apart."""
    begins, last = [], 0
    for one in range(1, cuts):
        start = int(np.searchsorted(seconds, seconds[one * seconds.size // cuts], "left"))
        if start <= last:
            start = int(np.searchsorted(seconds, seconds[last], "right"))
        if start >= seconds.size:
            raise DataError(
                f"{name}: the {seconds.size:,} judged rows cannot be parted into {cuts:,} blocks by time, as rows of "
                "one moment stay together; take fewer --cuts"
            )
        begins.append(float(seconds[start]))
        last = start
    return begins


def _require_judged(rows: Labelled, scores: Floats, *, later: NDArray[np.bool_]) -> None:
    labels = rows.labels[later]
    if labels.min() == labels.max():
        raise DataError(
            f"{rows.name}: the labelled rows after the cut ({labels.size:,}) all have the same label, so no AUC "
            "can be taken; cut earlier (--cut), or wait for labels of both classes"
        )
    known = rows.labels[later & np.isfinite(scores)]
    if not known.size or known.min() == known.max():
        raise DataError(
            f"{rows.name}: of {labels.size:,} labelled rows after the cut {known.size:,} have a score, not of "
            "both classes, so no AUC can be taken"
        )


def _require_both(judge: Labelled, units: int | None, unit: str | None, block: str) -> None:
    labels = judge.labels
    if labels.min() == labels.max():
        raise DataError(
            f"{judge.name}: the {labels.size:,} rows of {block} all have the same label, so no AUC can be taken "
            "within it; take fewer --cuts, or a longer window"
        )
    if units == 1:
        raise DataError(
            f"{judge.name}: the {labels.size:,} rows of {block} are all of one {unit} value, so nothing can be told "
            "from chance within it; take fewer --cuts, or a longer window"
        )
