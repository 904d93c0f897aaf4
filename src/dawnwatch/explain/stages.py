"""Where in the ML pipeline each check lives, and what its failure means to the person who has to act on it."""

from __future__ import annotations

from dawnwatch.checks.registry import CheckSpec
from dawnwatch.model.enums import Pillar
from dawnwatch.model.quality import QualityKind

__all__ = ["BY_KIND", "MEANING", "STAGES", "stage_of"]

STAGES = {
    "sources": ("Sources", "Rows arrive from logs, tables and streams."),
    "features": ("Features", "Columns become what the model reads."),
    "training": ("Training", "A model learns from older rows; what it is compared with is set aside."),
    "serving": ("Serving", "The model scores new rows."),
    "logs": ("Logs", "Predictions are kept, and labels find them."),
}
"""The pipeline's stages in the order rows pass them: title and what happens there."""

BY_KIND: dict[QualityKind, str] = {
    "schema": "sources",
    "missingness": "sources",
    "duplicates": "sources",
    "range": "features",
}
"""Stage of a quality check by its kind."""
_BY_PILLAR = {Pillar.DRIFT: "features", Pillar.PERFORMANCE: "logs"}
_ELSEWHERE = {
    "drift.prediction": "serving",
    "drift.label": "logs",
    "performance.rescore": "serving",
    "performance.version_gap": "serving",
    "quality.score_range": "serving",
    "quality.label_values": "logs",
}
"""Checks whose subject appears later than their kind says."""

MEANING = {
    "quality.allowed": "A value nobody agreed on: a new client release, a renamed category, or a decoding fault. The "
    "model has no weight for it, so its rows are scored as if it were nothing.",
    "quality.constant": "A column that used to vary has one value: a default written by a failing join, or a sensor "
    "that is stuck. The model reads a constant and loses what the column told it.",
    "quality.duplicates": "The same event stands in the window twice: a replayed stream or a job that ran again. "
    "Counts and AUC are then over rows that did not happen.",
    "quality.label_values": "Labels hold a value that is neither class, so those rows are judged by nothing; the job "
    "that writes labels has changed, or its codes have.",
    "quality.missing": "Values are gone: a feed is late, a join finds no partner, or a client stopped sending. Fix the "
    "feed first; drift and accuracy on such rows show the gap and not the world.",
    "quality.pattern": "Texts no longer look as agreed: an identifier changed its form, so joins and look-ups miss.",
    "quality.range": "Numbers that cannot be: another unit, an overflow, or a fallback such as -1. A model "
    "extrapolates from them without a word.",
    "quality.schema": "A column is missing, new, or of another type: its writer was changed. Nothing below can be "
    "believed until that is understood.",
    "quality.score_range": "Scores that are no probabilities: another model, or scores before the last step. "
    "Thresholds downstream cut in the wrong place.",
    "performance.rescore": "The scores in the log are not what the model gives for the features in the log: a default, "
    "an old score, another row's, another version's, or features that were other when it was asked. Accuracy read off "
    "them is not the model's.",
    "performance.version_gap": "One version of the model ranks worse than the others that answer beside it: a bad "
    "deploy or canary. The versions that do better are at hand.",
    "drift.psi": "The model is asked about other rows than it learned from. That alone is no harm: look at accuracy "
    "beside it, and ask what changed upstream (a release, a campaign, a season).",
    "drift.domain_classifier": "The features moved together: rows of this window are recognised as such, whether or "
    "not any one feature shows it. Look at the features that give it away, then at accuracy.",
    "drift.label": "Outcomes come more or less often than before. The model may rank as well as it did, and yet its "
    "probabilities and whatever cuts them at a fixed value are off.",
    "drift.prediction": "The model gives out other scores: its inputs, its version or the features behind it changed. "
    "It is seen before any label, and says nothing of right or wrong.",
    "drift.distance": "The same as of drift.psi, by the distance that the configuration chose for a feature. Which one "
    "decides what counts as far: Wasserstein and energy know that neighbouring values are alike, the others do not.",
    "performance.auc_drop": "The model ranks positives above negatives less often than on its baseline, by more than "
    "the tolerance and not by noise alone. Users get worse answers now.",
}
"""What the failure of a check means, for the person who has to act on it."""


def stage_of(spec: CheckSpec) -> str:
    """Return the stage a registered check lives at."""
    if spec.name in _ELSEWHERE:
        return _ELSEWHERE[spec.name]
    return _BY_PILLAR.get(spec.pillar) or BY_KIND[spec.kind or "schema"]
