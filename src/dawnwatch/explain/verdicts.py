"""Which action the evidence supports, as a table over the same facts as the severity.

`triage/decide.py` decides; this says in which order it asks, so that a page can draw it. A test holds the two together
on every combination of facts.
"""

from __future__ import annotations

from dawnwatch.model.base import Frozen
from dawnwatch.model.packet import Verdict

__all__ = ["CRITERIA", "VERDICTS", "VerdictRule"]


class VerdictRule(Frozen):
    """A row: it holds where every fact in `all`, one in `any` (if given) and none in `none` holds."""

    name: str
    verdict: Verdict
    all: list[str] = []
    any: list[str] = []
    none: list[str] = []


VERDICTS = [
    VerdictRule(name="invalid data", verdict="fix_pipeline", all=["quality_failed"]),
    VerdictRule(name="harm shown", verdict="cannot_tell", all=["performance_degraded"]),
    VerdictRule(
        name="not judged", verdict="cannot_tell", any=["pillar_not_judged", "check_not_judged", "check_errored"]
    ),
    VerdictRule(
        name="drift without accuracy",
        verdict="cannot_tell",
        all=["accuracy_not_judged"],
        any=["red_drift", "yellow_drift"],
    ),
    VerdictRule(name="no harm shown", verdict="wait"),
]
"""The first row that holds gives the verdict."""

CRITERIA: dict[Verdict, tuple[str, str]] = {
    "fix_pipeline": (
        "A data quality check failed. It comes before all else: a model cannot be judged, retrained or rolled back on "
        "data that is not valid.",
        "Valid data on which the drop or the drift remains.",
    ),
    "rollback": (
        "An earlier model's AUC on the current window is better than this model's. A packet compares two windows of "
        "one model, so it never recommends this by itself: judge the earlier model on the same rows.",
        "An earlier model that does no better: the world has moved, and an older model knows it less.",
    ),
    "retrain": (
        "A model retrained on recent rows does better on later ones, in time order; a random split would promise too "
        "much. The data must be valid, and there must be labels enough.",
        "A candidate that does no better, or a drop that comes from units no model has seen.",
    ),
    "recalibrate": (
        "Scores no longer agree with frequencies while the order is kept. The AUC does not see calibration, so no "
        "check of this run can recommend it.",
        "A fall of the AUC: the order is not kept, and recalibrating cannot restore it.",
    ),
    "wait": (
        "No loss of accuracy beyond the tolerance was shown, or the drop is not more than chance. Drift alone does "
        "not show harm.",
        "A drop of the AUC above its threshold that is more than chance.",
    ),
    "cannot_tell": (
        "The AUC fell and nothing shows that another model would do better; or something could not be judged; or a "
        "feature drifted and accuracy is not known.",
        "The comparison that is missing: an earlier model, a retrained one, or labels and scores.",
    ),
}
"""When each action is right, and what would change it."""
