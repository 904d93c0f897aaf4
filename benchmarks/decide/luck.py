"""Logs on which no action is better than waiting, so that whatever is called better is luck; or all are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch import Config
from dawnwatch.model.measurement import Interval
from dawnwatch.model.replay import Candidate
from dawnwatch.monitoring.replay.replay import replay

__all__ = ["Luck", "judged"]

UNITS, EACH = 220, 16
"""Units of a log, and rows of each; half of them are judged."""
DAY = 86_400
OWN, NOISE = 0.6, 0.7
"""How far a scoring is off for a unit, and for a row, in log odds."""
CONFIG = Config.from_dict(
    {
        "roles": {"label": "label", "score": "score", "score_kind": "ranking", "timestamp": "at", "unit": "unit"},
        "columns": {"truth": {"monitor": False}},
    }
)


@dataclass(frozen=True)
class Luck:
    """What was found in logs whose actions are alike.

    Attributes
    ----------
    gains : of AUC over waiting, shape (logs, actions)
    better : whether an action's joint interval lay above 0, shape (logs,)
    held : whether the interval of each action's gain held 0, shape (logs, actions)
    turned : whether the gain of the action that seemed best turned round between blocks, shape (logs,)
    """

    gains: NDArray[np.float64]
    better: NDArray[np.bool_]
    held: NDArray[np.bool_]
    turned: NDArray[np.bool_]


def judged(logs: int, *, cuts: int, own: float = OWN, seed: int = 7) -> Luck:
    """Replay so many logs, each with four actions: an earlier model, and three retrainings, anew for each block.

    Parameters
    ----------
    own : how far the actions' scorings are off for a unit; as far as the deployed one by default

    Notes
    -----
    Every scoring is the truth with an error of its own for each unit and each row, drawn alike for the deployed model,
    the earlier one, and each time that something is trained. So all rank equally well, and none better than waiting.
    """
    found = [_one(np.random.default_rng([seed, log]), cuts, own) for log in range(logs)]
    return Luck(*(np.array(part) for part in zip(*found, strict=True)))


def _one(rng: np.random.Generator, cuts: int, own: float) -> tuple[list[float], bool, list[bool], bool]:
    truth = rng.normal(size=UNITS * EACH)
    unit = rng.permutation(np.repeat(np.arange(UNITS), EACH))
    label = (rng.random(truth.size) < 1 / (1 + np.exp(-truth))).astype(np.int64)

    def scored(rows: pa.Table | pa.RecordBatch, off: float = own) -> NDArray[np.float64]:
        of_unit = rng.normal(size=UNITS)[rows["unit"].to_numpy()] * off
        found: NDArray[np.float64] = rows["truth"].to_numpy() + of_unit + rng.normal(size=rows.num_rows) * NOISE
        return found

    table = pa.table({"unit": unit, "truth": truth, "label": label})
    at = 1_700_000_000 + np.arange(truth.size) * 60
    log = table.append_column("score", pa.array(scored(table, OWN))).append_column("at", pa.array(at))
    past = log.set_column(log.column_names.index("at"), "at", pa.array(at - 100 * DAY))
    found = replay(
        CONFIG,
        current=log,
        reference=past,
        earlier={"earlier": _Scoring(scored)},
        trainer=lambda _, later: scored(later),
        cuts=cuts,
    )
    gains = [_known(one) for one in found.candidates[1:]]
    best = max(found.candidates[1:], key=lambda one: _known(one)[0])
    return (
        [gain for gain, _, _ in gains],
        any(joint[0] > 0 for _, _, joint in gains),
        [single[0] <= 0 <= single[1] for _, single, _ in gains],
        best.flips,
    )


def _known(one: Candidate) -> tuple[float, Interval, Interval]:
    """Return an action's gain, its interval, and its joint one. Raises RuntimeError where it was not judged."""
    gain = one.leading
    if gain is None or gain.interval is None or gain.joint is None:
        raise RuntimeError(f"{one.name} was not judged: {one.reason}")
    return gain.gain, gain.interval, gain.joint


class _Scoring:
    """An earlier model that is handed every column."""

    features = ()

    def __init__(self, scored: Callable[[pa.RecordBatch], NDArray[np.float64]]) -> None:
        self._scored = scored

    def __call__(self, rows: pa.RecordBatch) -> NDArray[np.float64]:
        return self._scored(rows)
