"""The candidates of a replay: waiting, and each option made, scored and held against it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.errors import DataError, DawnwatchError, one_line
from dawnwatch.model.gains import Metric
from dawnwatch.model.replay import Candidate
from dawnwatch.monitoring.facts import moment_at
from dawnwatch.monitoring.replay.judged import Judge
from dawnwatch.monitoring.replay.labelled import Labelled
from dawnwatch.monitoring.replay.options import Made, Option

__all__ = ["are_chances", "candidate_of", "measures_of", "waiting_candidate"]

RANKS: list[Metric] = ["auc"]
CHANCES: list[Metric] = ["auc", "log_loss", "brier", "ece"]


def measures_of(config: Config, *, chances: bool) -> list[Metric]:
    """Return what candidates are measured by: their scores, and the answers at the threshold where there is one."""
    found = [*(CHANCES if chances else RANKS)]
    if config.model.threshold is not None:
        found += ["precision", "recall"]
        if config.costs.false_positive is not None:
            found.append("cost")
    return found


def are_chances(*scores: NDArray[np.float64]) -> bool:
    """Whether all scores that there are lie in [0, 1]."""
    return all(bool(((part >= 0) & (part <= 1))[np.isfinite(part)].all()) for part in scores)


def waiting_candidate(judge: Judge, metrics: list[Metric], *, how: str, chances: bool) -> Candidate:
    """Return waiting itself, which gains nothing. Raises DataError where it has no AUC."""
    found = Candidate(
        name="wait",
        action="wait",
        how=how,
        gains=judge.waiting(metrics),
        slices=judge.waiting_slices,
        blocks=judge.waiting_blocks(metrics),
        reliability=judge.waiting_reliability if chances else [],
    )
    if found.gain("auc") is None:
        raise DataError(
            f"{judge.rows.name}: without some of its units the judged rows hold one class of label alone, so no AUC "
            "can be compared; take a longer window"
        )
    return found


def candidate_of(option: Option, judge: Judge, metrics: list[Metric], joint: float, kept: dict[str, Any]) -> Candidate:
    """Replay one option; one that cannot be is a candidate with a reason.

    Parameters
    ----------
    joint : level of its joint interval
    kept : gets the candidate's scores, by its name
    """
    found = Candidate(name=option.name, action=option.action, how=option.how)
    try:
        made: Made = option.make()
        if not np.isfinite(made.scores).any():
            raise DataError("it scored no row")
        # What are no chances have no log loss; a threshold on them is the user's word.
        measures = metrics if are_chances(made.scores) else [one for one in metrics if one not in CHANCES[1:]]
        gains = judge.gains(made.scores, measures, found.judged_by, joint)
        blocks = judge.blocks(made.scores, measures, [rows.labels.size for rows in made.learned])
        slices = judge.slices(made.scores)
        levels = judge.reliability(made.scores) if option.action == "recalibrate" else []
    except DawnwatchError as error:
        return found.model_copy(update={"reason": one_line(error)})
    kept[option.name] = made.scores
    return found.model_copy(
        update={
            **_learned(made.learned),
            "gains": gains,
            "joint_confidence": joint,
            "slices": slices,
            "blocks": blocks,
            "reliability": levels,
            "reason": None if gains else "the rows it scored hold too few units of both classes",
        }
    )


def _learned(learned: list[Labelled]) -> dict[str, Any]:
    """Return how many rows were learned from in the end, and from when to when."""
    if not learned:
        return {}
    spans = [(float(rows.seconds[0]), float(rows.seconds[-1])) for rows in learned if rows.seconds is not None]
    return {
        "learned_rows": learned[-1].labels.size,
        "learned_from": moment_at(min(first for first, _ in spans)) if spans else None,
        "learned_to": moment_at(max(last for _, last in spans)) if spans else None,
    }
