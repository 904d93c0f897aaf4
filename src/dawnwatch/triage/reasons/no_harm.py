"""No harm was shown: what speaks for it, and what is off beside the ranking."""

from __future__ import annotations

from dawnwatch.model.certainty import doubt
from dawnwatch.model.enums import Band
from dawnwatch.model.numbers import signed
from dawnwatch.model.score_meaning import Calibration
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.level import goes_along, hopeless, hopeless_sentence
from dawnwatch.triage.reasons.told import Told, would_page

__all__ = ["level_off", "no_harm_shown"]


def level_off(evidence: Evidence) -> Told:
    """The level of the scores moved, and their order did not."""
    found: Calibration | None = evidence.performance.calibration
    assert found is not None  # noqa: S101 - the row asks for it
    shift, reasons = evidence.split.label_shift, [found.message]
    goes = None if shift is None else goes_along(shift)
    if shift is not None and goes is not None and not shift.interval[0] <= 0 <= shift.interval[1]:
        reasons.append(
            f"The positives' share moved by {signed(shift.now - shift.then)}, and the scores "
            f"{'moved' if goes else 'did not move'} as that alone would move them"
        )
    return Told(
        [*reasons, "The order of the scores holds: no loss of AUC beyond the tolerance was shown"],
        [*would_page(evidence), "A mean score that again agrees with the share of positives"],
    )


def no_harm_shown(evidence: Evidence) -> Told:
    """No fall beyond the tolerance was shown."""
    reasons, changes = ["No loss of accuracy beyond the tolerance was shown"], would_page(evidence)
    if evidence.beyond:
        where, drop = next(iter(evidence.beyond.items()))
        fell = "The AUC fell" if where is None else f"In {where} the AUC fell"
        reasons = [f"{fell} by more than its threshold, but {doubt(drop.significance)}"]
    if evidence.drifted:
        reasons.append("Drift alone does not show harm")
    if hopeless(evidence):
        reasons.append(hopeless_sentence(evidence))
        changes.append("An AUC that is above 0.5 by more than chance, with which recalibrating helps")
    if evidence.unsure:
        feature = evidence.unsure[0]
        reasons.append(f"{feature.name} is {Band.RED} by size, but {doubt(feature.significance)}")
    return Told(reasons, changes)
