"""Which checks would change a decision, what they must come to, and how many more labels or units it takes."""

from __future__ import annotations

from dawnwatch.model.auc import Drop
from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import Settles
from dawnwatch.triage.concentrated import concentrated
from dawnwatch.triage.evidence import Evidence

__all__ = ["settles"]

MOST = 3
AUC, ASKED, GAP = "performance.auc_drop", "performance.rescore", "performance.version_gap"


def settles(evidence: Evidence, rule: str) -> list[Settles]:
    """Return what would change the decision of one row of the table of actions; nothing where no check tells it."""
    match rule:
        case "wrong scores":
            return [Settles(check=ASKED, text="the sampled rows' logged scores are the model's")]
        case "invalid data":
            return [
                Settles(check=f"quality.{one.name}", subject=one.column, text="it passes, and drop or drift remain")
                for one in evidence.failed_quality[:MOST]
            ]
        case "another clock":
            return [
                Settles(check="drift.psi", subject=name, text="its rows go with their time again, and it still drifts")
                for name, _ in evidence.displaced[:MOST]
            ]
        case "better on the same rows":
            return [_auc(evidence, "back within", _fallen(evidence))]
        case "worse version":
            worst = evidence.worse_versions[0].version
            return [Settles(check=GAP, subject=worst, text="it ranks no worse on rows dealt out at random")]
        case "doubtful scores":
            return [Settles(check=ASKED, text="the model, asked again, gives the logged scores, and the drop remains")]
        case "doubtful features" | "scores apart":
            return [Settles(check=ASKED, text="the model gives the logged scores for the logged features")]
        case "changed concept" | "new values":
            serving = evidence.performance.serving
            asked = serving is not None and serving.reading is not None
            also = [] if asked else [Settles(check=ASKED, text="the logged scores are not the model's")]
            return [_auc(evidence, "back within", _fallen(evidence)), *also]
        case "began at a deploy" | "new units" | "harm shown":
            return [_auc(evidence, "back within", _fallen(evidence))]
        case "drift without accuracy" | "accuracy unknown":
            return [Settles(check=AUC, text="it can be computed: labels and scores are there")]
        case "labels to come" | "labels lacking":
            return [
                Settles(check="quality.missing", subject=one.column, text="it passes: the labels are there")
                for one in evidence.failed_quality[:MOST]
            ] + [_auc(evidence, "above", _doubtful(evidence))]
        case "few took over":
            return [
                Settles(check="drift.psi", subject=one.name, text="rows of its usual source alone show no such shift")
                for one in evidence.drifted
                if (found := concentrated(evidence)) is not None and one.name == found.feature
            ] + [_auc(evidence, "above", _doubtful(evidence))]
        case "drop not tested" | "no harm shown" | "level of the scores":
            return [_auc(evidence, "above", _doubtful(evidence))]
    return []


def _auc(evidence: Evidence, side: str, of: tuple[str | None, Drop] | None = None) -> Settles:
    subject, drop = of or (None, evidence.performance.drop)
    sure = ", by more than chance" if side == "above" and evidence.performance.significance != "off" else ""
    return Settles(
        check=AUC,
        subject=subject,
        text=f"the drop is {side} {evidence.performance.threshold:g}{sure}",
        needed=drop.needed,
    )


def _fallen(evidence: Evidence) -> tuple[str | None, Drop] | None:
    """Return the slice that fell furthest, where the whole did not fall beyond its threshold and chance."""
    performance = evidence.performance
    if performance.drop.outcome is Outcome.FAILED:
        return None
    fallen = [part for part in performance.slices if part.outcome is Outcome.FAILED]
    worst = max(fallen, key=lambda part: part.drop.value or 0.0, default=None)
    return None if worst is None else (worst.name, worst.drop)


def _doubtful(evidence: Evidence) -> tuple[str | None, Drop] | None:
    """Return the first drop beyond its threshold that is no more than chance, with the slice it is in."""
    return next(iter(evidence.beyond.items()), None)
