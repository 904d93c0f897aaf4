"""Harm that was shown: what it is of, and which model would do better."""

from __future__ import annotations

from dawnwatch.model.numbers import number
from dawnwatch.triage.causes import cause_words, mostly, new_units_matter, newcomers, of_units
from dawnwatch.triage.classes import stopped, to_come
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import auc_sentence
from dawnwatch.triage.reasons.told import RETRAINED, Told, sentence

__all__ = ["harm_shown", "new_units", "retrain"]


def new_units(evidence: Evidence) -> Told:
    """Most of the fall is units that are new to any model."""
    new = newcomers(evidence)
    assert new is not None  # noqa: S101 - the row asks for it
    return Told(
        [
            sentence(auc_sentence(evidence.performance)),
            f"Most of it is no decay: {cause_words(new)} explains {number(new.amount)}, and an earlier model never "
            f"saw these {new.column} values either",
        ],
        [
            f"A performance baseline that holds out whole {new.column} values, against which new ones are no fall",
            RETRAINED,
        ],
    )


def retrain(evidence: Evidence) -> Told:
    """Most of the fall is what newer rows can teach."""
    most = mostly(evidence)
    assert most is not None  # noqa: S101 - the row asks for it
    span = f" ({number(most.interval[0])} to {number(most.interval[1])})" if most.interval else ""
    if most.cause == "concept":
        meaning = "rows of one kind now have other labels, which only newer rows can teach"
    else:
        meaning = "the model never learned such rows, and no earlier model did"
    asked = evidence.performance.serving is not None and evidence.performance.serving.reading is not None
    scores = "the scores are the model's own" if asked else "the scores show no sign of being another's"
    clean = "No data quality check failed"
    if to_come(evidence):
        clean = "Of the data only labels lack that are still to come"
    elif stopped(evidence) is not None:
        clean = "Of the data only labels lack, whose feed has stopped"
    known = "" if not evidence.performance.versions else ", and no version of the model ranks worse than the others"
    changes = ["A model retrained on recent rows that does no better on later ones, judged in time order"]
    if not asked:
        changes.append("The model asked again ([model] path): scores that are not its own")
    if not evidence.performance.versions:
        changes.append("An earlier model that does better on this window (for rollback)")
    return Told(
        [
            sentence(auc_sentence(evidence.performance)),
            f"Most of it is {cause_words(most).rstrip(',')}: it explains {number(most.amount)}{span}; {meaning}",
            f"{clean}, {scores}{known}",
        ],
        changes,
    )


def harm_shown(evidence: Evidence) -> Told:
    """Accuracy fell, and nothing says what would mend it."""
    most, novelty = mostly(evidence), new_units_matter(evidence)
    told = [] if most is None else [f"Most of it is {cause_words(most).rstrip(',')}"]
    needs = ["An earlier model's AUC on the current window (for rollback)", RETRAINED]
    parted = any(c.resolvable and of_units(c, evidence) for c in evidence.split.parts)
    if novelty is not None and not parted:
        needs.append(
            f"The AUC on new {novelty.unit} values at training time (`dawnwatch profile --by-unit`): without it the "
            "drop may be no decay"
        )
    return Told(
        [
            sentence(auc_sentence(evidence.performance)),
            *told,
            "Nothing here shows that an older or a retrained model would do better on these rows",
        ],
        needs,
    )
