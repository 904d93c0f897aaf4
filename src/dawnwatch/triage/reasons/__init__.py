"""What is said of each row of the table of actions: why it holds, and what would change it."""

from __future__ import annotations

from collections.abc import Callable

from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.reasons.fault import (
    another_clock,
    broken_or_blinded,
    doubtful_features,
    doubtful_scores,
    invalid_data,
    lagging_feature,
    wrong_scores,
)
from dawnwatch.triage.reasons.harm import harm_shown, new_units, retrain
from dawnwatch.triage.reasons.no_harm import level_off, no_harm_shown
from dawnwatch.triage.reasons.older import began_at_deploy, better_on_same_rows, worse_version
from dawnwatch.triage.reasons.told import Told
from dawnwatch.triage.reasons.unjudged import (
    accuracy_unknown,
    drop_not_tested,
    few_took_over,
    fewer_rows,
    labels_lacking,
    labels_to_come,
    not_judged,
    scores_apart,
)

__all__ = ["REASONS", "Told"]

REASONS: dict[str, Callable[[Evidence], Told]] = {
    "wrong scores": wrong_scores,
    "invalid data": invalid_data,
    "another clock": another_clock,
    "lagging feature": lagging_feature,
    "blinded pillar": broken_or_blinded,
    "broken feed": broken_or_blinded,
    "fewer rows": fewer_rows,
    "better on the same rows": better_on_same_rows,
    "worse version": worse_version,
    "doubtful scores": doubtful_scores,
    "doubtful features": doubtful_features,
    "began at a deploy": began_at_deploy,
    "new units": new_units,
    "changed concept": retrain,
    "new values": retrain,
    "harm shown": harm_shown,
    "not judged": not_judged,
    "drift without accuracy": accuracy_unknown,
    "accuracy unknown": accuracy_unknown,
    "drop not tested": drop_not_tested,
    "scores apart": scores_apart,
    "labels to come": labels_to_come,
    "labels lacking": labels_lacking,
    "level of the scores": level_off,
    "few took over": few_took_over,
    "no harm shown": no_harm_shown,
}
"""By the row's name in `verdicts.VERDICTS`."""
