"""The table of actions: ordered rules over classes of evidence. The first row that holds gives the verdict."""

from __future__ import annotations

from collections.abc import Set

from dawnwatch.config.policy import FACTS
from dawnwatch.model.base import Frozen
from dawnwatch.model.packet import Verdict

__all__ = ["CLASSES", "VERDICTS", "VerdictRule", "first_verdict"]

CLASSES: dict[str, str] = {
    "same_rows_better": "most of the fall is other versions' scores, beside those the model at hand gives for the same "
    "rows",
    "same_rows_no_better": "the model at hand ranks other versions' rows no better than they do",
    "labels_to_come": "all that fails of the data is labels that lack, and the newer rows lack them the more",
    "labels_undated": "all that fails of the data is labels that lack, and no time tells which rows are the newest",
    "labels_stopped": "all that fails of the data is labels that lack, and the label feed has stopped",
    "began_at_deploy": "the fall began at a recorded deploy, or with a version of the model that the baseline lacks",
    "mostly_new_units": "most of the fall is the coming of new units, which no earlier model knows either",
    "mostly_new_values": "most of the fall lies in rows with values that the reference never held",
    "mostly_concept": "most of the fall is a changed concept, and surely some of it",
    "outputs_moved": "the scores or the labels are in the RED band, and lead where accuracy is not known",
    "features_doubtful": "the scores follow the logged features less than they did, one of them least, and rank too "
    "well to be of other rows",
    "scores_apart": "the scores follow the logged features less than they did, no one feature tells why, and they rank "
    "too well to be of other rows",
    "accuracy_unknown": "the AUC of the window was not computed",
    "drop_not_tested": "the AUC fell by more than its threshold, and too few units or labels tell whether by chance",
    "few_took_over": "the most popular values of a drifted feature gained together, all others lost alike, and no "
    "other feature brought them",
    "level_moved": "the scores promise clearly more or less than comes true, did not on the baseline, and rank better "
    "than chance",
    "older_better": "replayed in time order, an earlier model ranks the later rows better than the deployed one",
    "older_no_better": "replayed in time order, no earlier model that was named gains what is worth it",
    "retraining_better": "replayed in time order, a retrained model ranks the later rows better than the deployed one",
    "recalibration_better": "replayed in time order, recalibrated scores promise better what comes true",
    "nothing_better": "replayed in time order, neither retraining nor any other action gains what is worth it",
}
"""What a row may ask beside the facts of the severity table, with its meaning. The last five are known once `dawnwatch
decide` has replayed the actions."""


class VerdictRule(Frozen):
    """A row: it holds where every fact in `all`, one in `any` (if given) and none in `none` holds."""

    name: str
    asks: str
    """The question to the evidence that it belongs to."""
    verdict: Verdict
    all: list[str] = []
    any: list[str] = []
    none: list[str] = []

    @property
    def text(self) -> str:
        """The condition in words."""
        known = FACTS | CLASSES
        parts = ["; and ".join(known[fact] for fact in self.all)] if self.all else []
        parts += ["; or ".join(known[fact] for fact in self.any)] if self.any else []
        parts += ["not: " + "; or ".join(known[fact] for fact in self.none)] if self.none else []
        return ". ".join(parts) or "no row above holds"

    def holds(self, facts: Set[str]) -> bool:
        """Whether it does, by the facts and classes that are true."""
        return facts >= set(self.all) and (not self.any or bool(facts & set(self.any))) and not facts & set(self.none)


def _row(name: str, asks: str, verdict: Verdict, *all_: str, any_: list[str] | None = None) -> VerdictRule:
    return VerdictRule(name=name, asks=asks, verdict=verdict, all=list(all_), any=any_ or [])


FAULT, OLDER, HARM = "Is the data, or a score, at fault?", "Is an older model better?", "Is harm shown, and of what?"
HELPS = "Does retraining help?"
JUDGED, LEVEL = "Could it be judged?", "Is the level of the scores off?"

VERDICTS: list[VerdictRule] = [
    # Nothing can be said of a model by data, or scores, that are wrong.
    _row("wrong scores", FAULT, "fix_pipeline", "serving_failed"),
    VerdictRule(
        name="invalid data",
        asks=FAULT,
        verdict="fix_pipeline",
        all=["quality_failed"],
        none=["labels_to_come", "labels_undated", "labels_stopped"],
    ),
    _row("another clock", FAULT, "fix_pipeline", "clock_displaced"),
    _row("lagging feature", FAULT, "fix_pipeline", "feature_lagged"),
    _row("blinded pillar", FAULT, "fix_pipeline", "pillar_blinded"),
    VerdictRule(
        name="broken feed",
        asks=FAULT,
        verdict="fix_pipeline",
        any=["data_late", "feed_broken", "label_feed_stopped"],
        none=["performance_degraded"],  # a fall that is shown is the graver matter
    ),
    # Rows that were lost and people who stayed away leave the same log.
    VerdictRule(
        name="fewer rows", asks=JUDGED, verdict="cannot_tell", all=["rows_missing"], none=["performance_degraded"]
    ),
    # The same rows scored by both models leave neither days nor rows to differ.
    _row("better on the same rows", OLDER, "rollback", "performance_degraded", "same_rows_better"),
    VerdictRule(
        name="worse version",
        asks=OLDER,
        verdict="rollback",
        all=["version_worse"],
        none=["same_rows_no_better", "older_no_better"],
    ),
    _row("doubtful scores", FAULT, "fix_pipeline", "performance_degraded", "serving_doubtful"),
    _row("doubtful features", FAULT, "fix_pipeline", "features_doubtful"),
    # What was tried on later rows outweighs what the window's rows suggest; that they are at fault outweighs both.
    _row("earlier model replayed", OLDER, "rollback", "older_better"),
    _row("retraining replayed", HELPS, "retrain", "retraining_better"),
    VerdictRule(
        name="recalibration replayed",
        asks=LEVEL,
        verdict="recalibrate",
        all=["recalibration_better"],
        none=["labels_to_come", "labels_undated", "labels_stopped"],
    ),
    VerdictRule(
        name="nothing better replayed", asks=HELPS, verdict="wait", all=["nothing_better"], none=["level_moved"]
    ),
    VerdictRule(
        name="began at a deploy",
        asks=OLDER,
        verdict="cannot_tell",
        all=["performance_degraded", "began_at_deploy"],
        none=["same_rows_no_better", "older_no_better"],
    ),
    _row("new units", HARM, "cannot_tell", "performance_degraded", "mostly_new_units"),
    _row("changed concept", HARM, "retrain", "performance_degraded", "mostly_concept"),
    _row("new values", HARM, "retrain", "performance_degraded", "mostly_new_values"),
    _row("harm shown", HARM, "cannot_tell", "performance_degraded"),
    _row("not judged", JUDGED, "cannot_tell", any_=["pillar_not_judged", "check_not_judged", "check_errored"]),
    _row(
        "drift without accuracy",
        JUDGED,
        "cannot_tell",
        "accuracy_unknown",
        any_=["red_drift", "yellow_drift", "outputs_moved"],
    ),
    _row("accuracy unknown", JUDGED, "wait", "accuracy_unknown"),
    _row("drop not tested", JUDGED, "cannot_tell", "drop_not_tested"),
    # Another model that ranks as well, and features of which several were changed, leave the same log.
    _row("scores apart", JUDGED, "cannot_tell", "scores_apart"),
    # Before the level: of labels that come one class sooner than the other, it is off by itself.
    _row("labels to come", JUDGED, "wait", "labels_to_come"),
    # Labels that were lost, and labels of the newest rows, leave the same log where rows have no time.
    _row("labels lacking", JUDGED, "cannot_tell", "labels_undated"),
    _row("level of the scores", LEVEL, "recalibrate", "level_moved"),
    # A source that falls back to what is popular, and people who want that, leave the same rows.
    _row("few took over", JUDGED, "cannot_tell", "few_took_over"),
    _row("no harm shown", HARM, "wait"),
]
"""Read from the top."""


def first_verdict(facts: Set[str]) -> VerdictRule:
    """Return the first row that holds; the last one always does."""
    return next(rule for rule in VERDICTS if rule.holds(facts))
