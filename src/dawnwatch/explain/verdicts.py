"""When each action is right, and what would change it: `triage/verdicts.py` in words, for a page."""

from __future__ import annotations

from dawnwatch.model.packet import Verdict

__all__ = ["CRITERIA"]

CRITERIA: dict[Verdict, tuple[str, str]] = {
    "fix_pipeline": (
        "Data or scores are at fault: a data quality check failed, logged scores are not the model's, a feature is "
        "from another clock, a pillar is blinded or the feed is broken. It comes before all else: no model can be "
        "judged by what is wrong.",
        "Valid data on which the drop or the drift remains.",
    ),
    "rollback": (
        "One version of the model ranks worse than the others in the same window, by more than chance, or the model at "
        "hand, asked again for another version's rows, takes back most of the fall. Where the fall began at a deploy "
        "and no earlier version scored these rows, judge the earlier model on them first.",
        "An earlier model that does no better: the world has moved, and an older model knows it less.",
    ),
    "retrain": (
        "The AUC fell, data and scores are in order, and most of the fall is surely a changed concept, or rows with "
        "values that the model never learned. Judge the candidate on later rows, in time order: a random split "
        "promises too much.",
        "A candidate that does no better, or a drop that comes from units no model has seen.",
    ),
    "recalibrate": (
        "Scores that are declared probabilities promise more or less than comes true, by 0.05 or more beyond the "
        "baseline's gap and by more than chance, while the order is kept: the AUC shows no loss, and is "
        "surely above 0.5.",
        "A fall of the AUC, or one that is no better than chance: recalibrating keeps the order as it is.",
    ),
    "wait": (
        "No loss of accuracy beyond the tolerance was shown, or the drop is not more than chance. Drift alone does "
        "not show harm.",
        "A drop of the AUC above its threshold that is more than chance.",
    ),
    "cannot_tell": (
        "The AUC fell and nothing shows that another model would do better, or it began at a deploy; or something "
        "could not be judged; or fewer rows came, lost or never sent; or a feature drifted and accuracy is not known; "
        "or too few units tell a fall from chance.",
        "The comparison that is missing: an earlier model, a retrained one, or labels and scores.",
    ),
}
"""When each action is right, and what would change it."""
