"""MetroPulse's replay by other means: scikit-learn by block, a bootstrap of riders, one cut, and a random split."""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from dawnwatch import Config
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.monitoring.replay.replay import replay
from metropulse.recommender import score
from metropulse.scenario import MetroPulse

__all__ = ["BEST", "ByHand", "best_of", "bootstrapped", "by_hand", "promised", "replayed", "within_blocks"]

BEST = "retrain on reference + current"
Floats = NDArray[np.float64]


def replayed(scenario: MetroPulse, config: Config, *, cuts: int) -> tuple[Replay, float]:
    """Return what `dawnwatch decide --demo --retrain` finds, and the processor's seconds that takes, without charts."""
    began = process_time()
    found = replay(
        config,
        current=scenario.current,
        reference=scenario.drift_baseline,
        model=scenario.model,
        earlier={"older-half": scenario.older_model()},
        trainer=scenario.retrain,
        cuts=cuts,
    )
    return found, process_time() - began


def best_of(found: Replay) -> Candidate:
    """Return retraining on the reference with the current rows."""
    return next(one for one in found.candidates if one.name == BEST)


@dataclass(frozen=True)
class ByHand:
    """The judged rows of all blocks, block after block; each array of shape (rows,).

    Attributes
    ----------
    waiting, retrained : scores of the deployed model, and of the one trained on all rows before each block
    """

    labels: NDArray[np.int64]
    waiting: Floats
    retrained: Floats
    riders: NDArray[np.int64]
    block: NDArray[np.int64]


def by_hand(found: Replay, scenario: MetroPulse, config: Config) -> ByHand:
    """Cut and train as a replay says it did, without its code."""
    current, before, parts = scenario.current, scenario.drift_baseline, []
    seconds = current["timestamp"].to_numpy()
    earlier = before.filter(pa.array(before["timestamp"].to_numpy() < seconds.min()))
    begins = [block.begins_at.timestamp() for block in found.blocks]
    for at, (begin, end) in enumerate(zip(begins, [*begins[1:], np.inf], strict=True)):
        judge = current.filter(pa.array((seconds >= begin) & (seconds < end)))
        learn = pa.concat_tables([earlier, current.filter(pa.array(seconds < begin))])
        waiting = score(scenario.model, judge, features=config.model.features)
        retrained = scenario.retrain(learn, judge)["score"].to_numpy()
        rows = (judge["label"].to_numpy(), waiting, retrained, judge["user_id"].to_numpy())
        parts.append((*rows, np.full(judge.num_rows, at)))
    return ByHand(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def within_blocks(labels: Any, scores: Any, block: Any) -> float:
    """Return the mean of the blocks' AUCs, as scikit-learn has them, each weighted by its pairs."""
    kept = [block == one for one in np.unique(block)]
    pairs = [labels[rows].sum() * (1 - labels[rows]).sum() for rows in kept]
    return float(np.average([roc_auc_score(labels[rows], scores[rows]) for rows in kept], weights=pairs))


def bootstrapped(rows: ByHand, *, draws: int, seed: int = 0) -> Floats:
    """Return the gain of AUC over waiting in draws of whole riders, with their rows of every block; shape (draws,)."""
    rng = np.random.default_rng(seed)
    of = {one: np.flatnonzero(rows.riders == one) for one in np.unique(rows.riders)}
    found = np.empty(draws)
    for at in range(draws):
        take = np.concatenate([of[one] for one in rng.choice(list(of), len(of))])
        new, old = (
            within_blocks(rows.labels[take], scores[take], rows.block[take])
            for scores in (rows.retrained, rows.waiting)
        )
        found[at] = new - old
    return found


def promised(scenario: MetroPulse, *, seeds: int) -> list[float]:
    """Return the AUCs of random splits: half of the current rows learned from with the reference, half judged."""
    found = []
    for seed in range(seeds):
        later = np.random.default_rng(seed).random(scenario.current.num_rows) < 0.5
        learn, judge = (scenario.current.filter(pa.array(of)) for of in (~later, later))
        rows = scenario.retrain(pa.concat_tables([scenario.drift_baseline, learn]), judge)
        found.append(float(roc_auc_score(rows["label"].to_numpy(), rows["score"].to_numpy())))
    return found
