"""What was advised against what was right: a confusion table, and what the difference costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from benchmarks.drills.costs import ACTIONS, Costs
from benchmarks.drills.rates import rate

__all__ = ["advised", "confusion", "regrets"]

Line = Mapping[str, Any]
DRAWS = 2000
CONFIDENCE = 0.95


def advised(lines: Iterable[Line]) -> list[Line]:
    """Return the windows whose truth and advice are both known; records of earlier versions hold no advice."""
    return [line for line in lines if line.get("advised") and line.get("truth")]


def confusion(lines: list[Line]) -> str:
    """Return the table: a row for each right action, a column for each advice, and the share that is right.

    `cannot_tell` stands on the diagonal only where the truth is that it cannot be told.
    """
    heads = [
        f"| right action ↓, advised → | windows | {' | '.join(ACTIONS)} | right |",
        "|---|--:|" + "--:|" * 6 + "---|",
    ]
    rows = [_row(f"{truth}", [line for line in lines if _truth(line) == truth]) for truth in ACTIONS]
    return "\n".join([*heads, *rows, _row("all", lines)])


def _row(name: str, lines: list[Line]) -> str:
    counts = [sum(line["advised"] == action for line in lines) for action in ACTIONS]
    right = rate(line["advised"] == _truth(line) for line in lines)
    return f"| {name} | {len(lines)} | {' | '.join(map(str, counts))} | {right} |"


def regrets(lines: list[Line], costs: Costs) -> str:
    """Return the table: mean hours a window beyond the oracle's, of what was advised and of always advising one action.

    The interval resamples whole splits, whose windows share a model and a baseline; it knows nothing of other kinds.
    The last column is the mean of the right actions' means: what most kinds ask for is cheap to advise always.
    """
    policies: list[tuple[str, Callable[[Line], str]]] = [("dawnwatch", lambda line: str(line["advised"]))]
    policies += [(f"always {action}", lambda line, action=action: action) for action in ACTIONS]
    rows = [
        "| advice | regret, hours a window | each right action weighing alike |",
        "|---|---|--:|",
        "| the oracle | 0 | 0 |",
    ]
    for name, policy in policies:
        found = [(_split(line), _truth(line), costs.regret(_truth(line), policy(line))) for line in lines]
        means = [
            np.mean([hours for _, truth, hours in found if truth == one]) for one in {truth for _, truth, _ in found}
        ]
        rows.append(f"| {name} | {_mean([(split, hours) for split, _, hours in found])} | {np.mean(means):.1f} |")
    return "\n".join(rows)


def _mean(found: list[tuple[Any, float]]) -> str:
    """Write a mean over windows with a percentile interval over their splits."""
    splits = list(dict.fromkeys(split for split, _ in found))
    if not splits:
        return "not measured"
    sums = np.array([[sum(r for s, r in found if s == one), sum(s == one for s, _ in found)] for one in splits])
    mean = sums[:, 0].sum() / sums[:, 1].sum()
    if len(splits) < 2:
        return f"{mean:.1f} (one split: no interval)"
    drawn = sums[np.random.default_rng(0).integers(0, len(splits), (DRAWS, len(splits)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return f"{mean:.1f} ({low:.1f} to {high:.1f})"


def _truth(line: Line) -> str:
    return str(line["truth"]["action"])


def _split(line: Line) -> tuple[Any, ...]:
    return line["data"], line["split"]
