"""Which classes of evidence, beside the facts of the severity table, hold in a run."""

from __future__ import annotations

from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.history import Event
from dawnwatch.model.self_watch import Watch
from dawnwatch.triage.causes import MOST, is_shown, mostly, newcomers, same_rows
from dawnwatch.triage.concentrated import concentrated
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.level import hopeless, level_moved

__all__ = ["classes", "deploys", "replaced", "stopped", "to_come", "undated"]

DEPLOYS = {"deploy", "deployment", "release", "rollout"}
"""Kinds of recorded events at which a model may have changed."""


def classes(evidence: Evidence) -> frozenset[str]:
    """Return the names in `verdicts.CLASSES` that hold."""
    most, performance = mostly(evidence), evidence.performance
    known = most if most is not None and most.resolvable else None
    apart = [one for one in evidence.doubts if one.reading == "features"]
    holds = {
        "same_rows_better": known is not None and known is same_rows(evidence),
        "same_rows_no_better": _no_better(evidence),
        "labels_to_come": to_come(evidence),
        "labels_undated": undated(evidence),
        "labels_stopped": stopped(evidence) is not None,
        "began_at_deploy": bool(deploys(evidence) or replaced(evidence)),
        "mostly_new_units": newcomers(evidence) is not None,
        "mostly_new_values": known is not None and known.cause == "novelty" and newcomers(evidence) is None,
        "mostly_concept": known is not None and known.cause == "concept",
        "outputs_moved": bool(evidence.leading),
        "features_doubtful": any(one.column is not None for one in apart),
        "scores_apart": any(one.column is None for one in apart),
        "accuracy_unknown": performance.drop.value is None,
        "drop_not_tested": any(d.significance is not None and d.significance.reason for d in evidence.beyond.values()),
        "few_took_over": concentrated(evidence) is not None,
        "level_moved": level_moved(evidence) is not None and not hopeless(evidence),
    }
    return frozenset(name for name, true in holds.items() if true)


def deploys(evidence: Evidence) -> list[Event]:
    """Return the recorded deploys between the bounds of when the fall began."""
    fell = [onset for onset in evidence.onsets if onset.pillar is Pillar.PERFORMANCE and onset.at is not None]
    found = [event for onset in fell for event in onset.events if (event.kind or "").lower() in DEPLOYS]
    return list({event.at: event for event in found}.values())


def replaced(evidence: Evidence) -> list[str]:
    """Return the versions of the model that scored the window, where all of them are new since the baseline."""
    now = [one for one in evidence.performance.versions if one.rows]
    return [one.version for one in now] if all(one.reference_share == 0 for one in now) else []


def to_come(evidence: Evidence) -> bool:
    """Whether labels that are still to come are all that the failed data quality checks say."""
    return _only_labels_lack(evidence, Outcome.WARNED)


def undated(evidence: Evidence) -> bool:
    """Whether labels that lack are all they say, and no time tells labels to come from labels that were lost."""
    return _only_labels_lack(evidence, Outcome.NOT_COMPUTED)


def stopped(evidence: Evidence) -> Watch | None:
    """Return what was seen of the label feed where it stopped, and labels that lack are all the failed checks say."""
    found = {one.subject: one for one in evidence.failed_watch if one.name == "label_feed"}
    failed = evidence.failed_quality
    if not failed or not all(check.name == "missing" and check.column in found for check in failed):
        return None
    return found[failed[0].column]


def _only_labels_lack(evidence: Evidence, outcome: Outcome) -> bool:
    found = {one.subject for one in evidence.watch if one.name == "label_delay" and one.outcome is outcome}
    failed = evidence.failed_quality
    return bool(failed) and all(check.name == "missing" and check.column in found for check in failed)


def _no_better(evidence: Evidence) -> bool:
    """Whether the model at hand was asked for other versions' rows, and ranks them no better than these do."""
    found, fall = same_rows(evidence), evidence.performance.drop.value or 0.0
    return found is not None and not is_shown(found) and found.amount < max(MOST * fall, 0.0)
