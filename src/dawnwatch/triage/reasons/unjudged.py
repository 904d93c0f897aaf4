"""What could not be judged, or not yet: why, and what would settle it."""

from __future__ import annotations

from datetime import timedelta

from dawnwatch.model.certainty import doubt
from dawnwatch.model.sized import output_name
from dawnwatch.triage.concentrated import concentrated
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.reasons.told import Told, sentence, would_page

__all__ = [
    "accuracy_unknown",
    "drop_not_tested",
    "few_took_over",
    "fewer_rows",
    "labels_lacking",
    "labels_to_come",
    "not_judged",
    "scores_apart",
]


def fewer_rows(evidence: Evidence) -> Told:
    """Fewer rows came than are expected."""
    short = [one for one in evidence.failed_watch if one.fact == "rows_missing"]
    return Told(
        [
            *(sentence(one.message) for one in short),
            "The log cannot say whether rows were lost on the way or fewer were sent",
        ],
        ["How many rows the source sent: more than came is for mending the pipeline, as many for waiting"],
    )


def labels_to_come(evidence: Evidence) -> Told:
    """Labels lack that are still to come."""
    told = [one.message for one in evidence.watch if one.name == "label_delay"]
    return Told(
        [
            *(sentence(one) for one in told),
            "No loss of accuracy beyond the tolerance was shown on the rows that have one",
        ],
        [
            f"Labels that still lack once their usual delay is over{_day(evidence)} (for mending the label feed)",
            *would_page(evidence),
        ],
    )


def _day(evidence: Evidence) -> str:
    """Say by which day the labels of the newest rows are due, where their usual delay is known; else nothing."""
    found = evidence.performance.maturity
    if found is None or found.mature_after_hours is None or not found.cohorts:
        return ""
    due = found.cohorts[-1].end + timedelta(hours=found.mature_after_hours)
    return f", for the newest rows on {due:%Y-%m-%d}"


def labels_lacking(evidence: Evidence) -> Told:
    """Labels lack, and without a time nobody can say whether they are still to come."""
    told = [one.message for one in evidence.watch if one.name == "label_delay"]
    return Told(
        [
            *(sentence(one) for one in told),
            "No loss of accuracy beyond the tolerance was shown on the rows that have one",
        ],
        [
            "When each row was made ([roles] timestamp): labels that lack in newer rows the more are for waiting, in "
            "all alike for mending the label feed",
            "Labels that still lack once they are usually there (for mending the label feed)",
            *would_page(evidence),
        ],
    )


def few_took_over(evidence: Evidence) -> Told:
    """The most popular values took the place of all others."""
    found = concentrated(evidence)
    assert found is not None  # noqa: S101 - the row asks for it
    return Told(
        [
            found.text,
            "A source that falls back to what is popular and people who want that leave the same rows",
            "No loss of accuracy beyond the tolerance was shown",
        ],
        [
            "What chose each row: a fallback is for mending the pipeline, the usual source for waiting",
            *would_page(evidence),
        ],
    )


def not_judged(evidence: Evidence) -> Told:
    """What was configured could not be judged."""
    return Told(list(evidence.not_judged[:3]), ["Judging what could not be judged: mend the cause and run again"])


def accuracy_unknown(evidence: Evidence) -> Told:
    """The AUC of the window was not computed."""
    drifted = evidence.drifted[:1]
    return Told(
        [
            f"Accuracy was not computed: {evidence.performance.reason}",
            *(f"{feature.name} has drifted, and whether that harms is not known" for feature in drifted),
            *(f"The {output_name(o)} moved, and whether they are right is not known" for o in evidence.leading),
        ],
        [f"Labels and scores for this window{_day(evidence)}"],
    )


def drop_not_tested(evidence: Evidence) -> Told:
    """Too few units or labels tell the fall from chance."""
    where, drop = next((w, d) for w, d in evidence.beyond.items() if d.significance and d.significance.reason)
    fell = "The AUC fell" if where is None else f"In {where} the AUC fell"
    return Told(
        [f"{fell} by more than its threshold, but {doubt(drop.significance)}"],
        would_page(evidence, drop),
    )


def scores_apart(evidence: Evidence) -> Told:
    """Scores that rank as they did follow the logged features less, and no one feature tells why."""
    apart = [one for one in evidence.doubts if one.reading == "features"]
    return Told(
        [
            *(sentence(one.message) for one in apart),
            "Another model that ranks as well and features that were changed behind it leave the same log",
        ],
        ["Which model scored these rows ([roles] model_version), or the model asked again ([model] path)"],
    )
