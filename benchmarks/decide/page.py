"""The page of what a replayed decision rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.decide.example import ByHand, best_of, within_blocks
from benchmarks.decide.luck import Luck
from dawnwatch.model.gains import Gain
from dawnwatch.model.numbers import interval, number, share, signed
from dawnwatch.model.replay import Replay
from dawnwatch.report.replay.table import block_headings, block_rows, gain_text, headings, rows
from dawnwatch.stats.proportion import share_interval

__all__ = ["Measured", "page"]


@dataclass(frozen=True)
class Measured:
    """All that is told.

    Attributes
    ----------
    found, once : the worked example at three cuts, and at one
    seconds : what each took, at one cut first
    rows : the judged rows at three cuts, scored without the replay's code
    drawn : the gain in bootstrap draws of whole riders, shape (draws,)
    promised : AUCs of random splits
    lucky : logs without a gain, by the number of cuts
    better : logs on which every action is better
    """

    found: Replay
    once: Replay
    seconds: tuple[float, float]
    rows: ByHand
    drawn: NDArray[np.float64]
    promised: list[float]
    lucky: dict[int, Luck]
    better: Luck


def page(measured: Measured) -> str:
    """Return the page."""
    return "\n".join([*_example(measured), *_simulated(measured)]) + "\n"


def _example(measured: Measured) -> list[str]:
    found, by_hand = measured.found, measured.rows
    best = best_of(found)
    new, old = (within_blocks(by_hand.labels, of, by_hand.block) for of in (by_hand.retrained, by_hand.waiting))
    low, high = (float(bound) for bound in np.percentile(measured.drawn, [2.5, 97.5]))
    promised = measured.promised
    return [
        "# What a replayed decision rests on",
        "",
        "Made by `make decide-bench`.",
        "",
        "## MetroPulse, at three cuts",
        "",
        *_table(headings(found), rows(found)),
        "",
        f"{found.advice.text}. {'. '.join(found.advice.reasons)}.",
        "",
        *_table(block_headings(found), block_rows(found)),
        "",
        f"- By hand, with scikit-learn by block: {number(new)} where waiting has {number(old)} ({signed(new - old)}); "
        f"the replay says {gain_text(best, best.leading)}.",
        f"- {measured.drawn.size} bootstrap draws of whole riders: {interval((low, high))}; the jackknife says "
        f"{interval(_known(best.leading))}.",
        f"- Random splits promise {number(float(np.mean(promised)))} (of {len(promised)}: {number(min(promised))} to "
        f"{number(max(promised))}).",
        f"- Without charts it takes {measured.seconds[1]:.1f} seconds of one core, and {measured.seconds[0]:.1f} at "
        "one cut.",
        "",
        "## The same at one cut",
        "",
        *_table(headings(measured.once), rows(measured.once)),
        "",
        f"{measured.once.advice.text}.",
        "",
    ]


def _simulated(measured: Measured) -> list[str]:
    lines = []
    for cuts, luck in measured.lucky.items():
        lines.append((f"none, {cuts} {'cut' if cuts == 1 else 'cuts'}", *_told(luck)))
    lines.append(("every action, 3 cuts", *_told(measured.better)))
    heads = ("better than waiting", "logs", "mean gain", "one called better", "intervals that hold 0", "best one turns")
    return [
        "## Simulated logs",
        "",
        "220 units of 16 rows, half of them judged; four actions: an earlier model, and three retrainings, anew for "
        "each block. Called better: the joint interval of the gain of AUC lies above 0. The best one turns: the sign "
        "of the largest gain flips between blocks.",
        "",
        *_table(heads, lines),
    ]


def _told(luck: Luck) -> tuple[str, ...]:
    logs = np.arange(luck.better.size, dtype=np.uint64)
    low, high = share_interval(luck.better, logs, 0.95)
    return (
        f"{luck.better.size:,}",
        signed(float(luck.gains.mean())),
        f"{share(float(luck.better.mean()))} ({share(low)} to {share(high)})",
        share(float(luck.held.mean())),
        share(float(luck.turned.mean())),
    )


def _known(gain: Gain | None) -> tuple[float, float]:
    if gain is None or gain.interval is None:
        raise RuntimeError("the action was not judged")
    return gain.interval


def _table(heads: tuple[str, ...], body: list[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (heads, ("---",) * len(heads), *body)]
