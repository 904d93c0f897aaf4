"""An older model may be better: by the same rows, by another version, by when the fall began."""

from __future__ import annotations

from dawnwatch.model.numbers import moment, number
from dawnwatch.triage.causes import same_rows
from dawnwatch.triage.classes import deploys, replaced
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import auc_sentence
from dawnwatch.triage.reasons.told import Told, sentence
from dawnwatch.triage.serving import version_sentence

__all__ = ["began_at_deploy", "better_on_same_rows", "worse_version"]


def better_on_same_rows(evidence: Evidence) -> Told:
    """The model at hand ranks another version's rows better."""
    found = same_rows(evidence)
    assert found is not None  # noqa: S101 - the row asks for it
    names = ", ".join(part.value or "" for part in found.top_slices)
    span = f" ({number(found.interval[0])} to {number(found.interval[1])})" if found.interval else ""
    return Told(
        [
            sentence(auc_sentence(evidence.performance)),
            f"The model at hand, asked again for the rows that {names} scored, takes back {number(found.amount)} of it"
            f"{span}",
            "Both score the same rows, so neither other days nor other rows are the reason",
        ],
        [f"Features that version {names} is given and the log does not hold, with which it ranks no worse"],
    )


def worse_version(evidence: Evidence) -> Told:
    """One version ranks worse than those beside it."""
    worst = evidence.worse_versions[0]
    return Told(
        [
            sentence(version_sentence(worst, evidence.performance.threshold)),
            "Other versions rank better in the same window; that they score rows of the same kind is taken for granted",
        ],
        [f"Rows dealt to the versions at random, on which {worst.version} ranks no worse"],
    )


def began_at_deploy(evidence: Evidence) -> Told:
    """Say what was deployed: a changed concept and a worse model look alike where no older one scores these rows."""
    events = [f"{event.text} ({moment(event.at)})" for event in deploys(evidence)]
    new = replaced(evidence)
    when = [f"The fall began within the time of {', '.join(events[:3])}"] if events else []
    by = [f"All rows are scored by {', '.join(new[:3])}, which the performance baseline does not hold"] if new else []
    return Told(
        [
            sentence(auc_sentence(evidence.performance)),
            *when,
            *by,
            "A worse model and a changed world look alike until the model from before scores the same rows",
        ],
        ["The AUC of the model from before on this window: higher is for rollback, as low is for retraining"],
    )
