"""What it costs that other versions of the model scored part of the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.causes import CauseSlice
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.monitoring.causes.frame import Frame
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import auc_part

__all__ = ["other_versions", "owned"]

FEW = 0.01
MOST = 3
"""Versions that have a part of their own; all others share one."""
Mask = NDArray[np.bool_]


def owned(side: Sampled, own: Set[str] | None) -> Mask:
    """Return which rows are of these versions, or of none that is told; shape (rows,)."""
    versions = side.versions
    if own is None or versions is None:
        return np.ones(side.rows, dtype=bool)
    return np.array([text is None or text in own for text in versions.tolist()], dtype=bool)


def other_versions(frame: Frame, own: Set[str] | None, worse: Sequence[str]) -> None:
    """Take off what the scores of other versions cost.

    The model at hand, asked again for their rows, is held against them on the same rows: neither days nor rows differ.
    Where it could not be asked, the rows of versions that rank worse are taken out, and rows of the other versions
    stand for them: then the version and which rows it got are one part.

    Parameters
    ----------
    own : versions that the model at hand is; None where that is not known
    worse : versions that rank worse than the others
    """
    column, versions = frame.run.current.plan.version, frame.now.versions
    if column is None or versions is None:
        return
    if own is not None:
        _same_rows(frame, column, versions, own)
    elif worse:
        _without(frame, column, versions, worse)


def _same_rows(frame: Frame, column: str, versions: NDArray[np.object_], own: Set[str]) -> None:
    others = ~owned(frame.now, own) & frame.kept_now
    if others.sum() < FEW * max(frame.kept_now.sum(), 1):
        return
    names = [str(name) for name, _ in Counter(versions[others].tolist()).most_common()]
    parts: list[CauseSlice] = []
    now, whole = frame.now, None
    for named in [*([name] for name in names[:MOST]), *([names[MOST:]] if names[MOST:] else [])]:
        again = now.again(np.isin(versions, named) & others)
        if again is None:
            return
        part = auc_part(again.scored(frame.kept_now), UNIT_GROUPS) - auc_part(now.scored(frame.kept_now), UNIT_GROUPS)
        parts.append(_part(frame, column, ", ".join(named), part))
        now, whole = again, part if whole is None else whole + part
    then = _before(frame, own)
    if whole is None or then is None or not (whole := whole - then[0]).known:
        frame.unresolved.append(f"How much the scores of version {', '.join(names)} cost: too few of their rows tell")
        return
    frame.then, frame.now, frame.put_right = then[1], now, True
    frame.take(
        "serving",
        whole,
        column=column,
        assumptions=[f"Version {', '.join(sorted(own))} would have scored these rows as it does when asked again"],
        top_slices=parts,
    )


def _before(frame: Frame, own: Set[str]) -> tuple[Part, Sampled] | None:
    """Return what the baseline would gain if the model at hand had scored all of its rows, and these rows."""
    others = ~owned(frame.then, own) & frame.kept_then
    again = frame.then.again(others)
    if again is None:
        return None
    return auc_part(again.scored(frame.kept_then), UNIT_GROUPS) - frame.auc_then(frame.kept_then), again


def _without(frame: Frame, column: str, versions: NDArray[np.object_], worse: Sequence[str]) -> None:
    names = [name for one in worse for name in one.split(", ")]
    rows = np.isin(versions, names) & frame.kept_now
    if rows.sum() < FEW * max(frame.kept_now.sum(), 1):
        return
    kept = frame.kept_now & ~rows
    part = frame.auc_now(kept) - frame.auc_now(frame.kept_now)
    if not part.known:
        frame.unresolved.append(f"How much version {', '.join(worse)} costs: too few rows are of another")
        return
    frame.kept_now = kept
    frame.take(
        "serving",
        part,
        column=column,
        resolvable=False,
        assumptions=[
            "Rows of the other versions stand for those of the worse ones: rows are dealt to versions at random"
        ],
        top_slices=[_part(frame, column, ", ".join(worse), part)],
    )


def _part(frame: Frame, column: str, value: str, part: Part) -> CauseSlice:
    return CauseSlice(column=column, value=value, amount=part.value, interval=part.interval(frame.confidence))
