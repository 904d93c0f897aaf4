"""Data or a score at fault: why, and what would clear them."""

from __future__ import annotations

from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import check_title
from dawnwatch.triage.reasons.told import Told, sentence
from dawnwatch.triage.watch import broken_feed

__all__ = [
    "another_clock",
    "broken_or_blinded",
    "doubtful_features",
    "doubtful_scores",
    "invalid_data",
    "lagging_feature",
    "wrong_scores",
]


def wrong_scores(evidence: Evidence) -> Told:
    """Logged scores are not the model's."""
    message = evidence.serving.message if evidence.serving else ""
    return Told(
        [message, "A model cannot be judged by scores that it did not give for these rows"],
        ["Logged scores that are the model's, on which the drop remains"],
    )


def invalid_data(evidence: Evidence) -> Told:
    """Data quality failed."""
    failed = evidence.failed_quality[0]
    return Told(
        [
            f"{sentence(check_title(failed))} failed: {failed.message}",
            "A model cannot be judged, retrained or rolled back on data that is not valid",
        ],
        ["Valid data on which the drop or the drift remains"],
    )


def another_clock(evidence: Evidence) -> Told:
    """A feature is from another clock than its row's time."""
    return Told(
        [
            *(sentence(clock.message) for _, clock in evidence.displaced[:3]),
            "A change of mix would leave each row with the value of its own hour, so this is none",
        ],
        ["Rows whose value is that of their hour, on which the drift or the drop remains"],
    )


def lagging_feature(evidence: Evidence) -> Told:
    """A feature holds earlier rows' values."""
    late = [one for one in evidence.failed_watch if one.fact == "feature_lagged"]
    return Told(
        [
            *(sentence(one.message) for one in late[:3]),
            "Labels that go with such values less well look like a changed concept, and retraining would learn the lag",
        ],
        ["Rows whose features are their own, on which the drop remains"],
    )


def broken_or_blinded(evidence: Evidence) -> Told:
    """The feed is broken, or a pillar blinded."""
    broken = broken_feed(evidence, degraded="performance_degraded" in evidence.facts)
    return Told(
        [sentence(one.message) for one in broken[:3]], ["A window whose rows, labels and columns are all there"]
    )


def doubtful_scores(evidence: Evidence) -> Told:
    """The log alone looks as if scores were not the model's."""
    return Told(
        [sentence(one.message) for one in evidence.doubts],
        ["The model asked again ([model] path): scores that are its own, on which the drop remains"],
    )


def doubtful_features(evidence: Evidence) -> Told:
    """The scores are their rows' own, and a feature in the log is not what the model was given."""
    apart = [one for one in evidence.doubts if one.reading == "features"]
    return Told(
        [
            *(sentence(one.message) for one in apart),
            "A mended log moves no score: what is at fault is what drift, slices and retraining read",
        ],
        ["The model asked again ([model] path) on the logged features: scores that are its own"],
    )
