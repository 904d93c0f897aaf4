"""What a packet got right of a drill. One pure function of (packet, truth)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from dawnwatch.drills.data.base import VERSION
from dawnwatch.drills.truth import Truth
from dawnwatch.model.auc import SlicePerformance
from dawnwatch.model.certainty import is_shown
from dawnwatch.model.enums import Band, Outcome, Pillar, Severity
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.history import Onset
from dawnwatch.model.packet import Finding, TriagePacket
from dawnwatch.model.quality import QualityCheck

__all__ = ["Found", "Score", "dated", "drifted", "failed_checks", "failed_slices", "moved_outputs", "named", "score"]


BINARY = 2


@dataclass(frozen=True)
class Score:
    """What was found. All but `alarm` and `action` are None where nothing was injected, or nothing of it is wrong.

    Attributes
    ----------
    alarm : severity `high` or `critical`
    pillar : the truth's pillar says that something is wrong
    column : it says so of the right column
    value : and names the right category or slice
    place : how far up the truth stands among the causes, from 1; where there are none, among the findings, where it was
        detected at all: a note that nothing much happened is not the answer
    action : the decision is the right one
    onset_error : hours between the onset and what the packet dates it to; None where it dates nothing
    onset_held : whether the packet's interval holds the onset; None where it dates nothing
    """

    alarm: bool
    pillar: bool | None
    column: bool | None
    value: bool | None
    place: int | None
    action: bool
    onset_error: float | None
    onset_held: bool | None = None

    @property
    def detected(self) -> bool | None:
        """Whether the right pillar fails at the right column; where the truth has none, whether the pillar fails."""
        return self.pillar if self.column is None else self.column

    def top(self, most: int) -> bool | None:
        """Whether the truth is among the first so many causes or findings; None where there is none to find."""
        if self.pillar is None:
            return None
        return self.place is not None and self.place <= most


def score(packet: TriagePacket, truth: Truth) -> Score:
    """Score a packet against what really happened.

    A pillar says that something is wrong where a quality check failed or rows are missing, a watched feature is in the
    YELLOW or RED band by more than chance, the scores or labels moved by more than chance, there are more new units
    than chance brings, performance is degraded, overall, in a declared slice or of a version, or the calibration of
    the scores changed. Where size alone is judged, a band is enough.
    """
    alarm = packet.severity in {Severity.HIGH, Severity.CRITICAL}
    action = packet.decision.verdict == truth.action
    if truth.pillar is None:
        return Score(alarm, None, None, None, None, action, None)
    pillar, column, value, *_ = named(packet, truth)
    detected = pillar if column is None else column
    place = _place(packet, truth, detected)
    return Score(alarm, pillar, column, value, place, action, *_onset(packet, truth))


class Found(NamedTuple):
    """What the truth's pillar says is wrong, and whether that is right.

    Attributes
    ----------
    pillar, column, value : as in `Score`
    columns, values : those it names, which `column` and `value` are read off, as it names them
    reasons : what `pillar` was found by, in words; those of the truth's column first
    """

    pillar: bool
    column: bool | None
    value: bool | None
    columns: list[str]
    values: list[str]
    reasons: list[str]


def named(packet: TriagePacket, truth: Truth) -> Found:
    """Return what the packet says of the truth's pillar; the truth must be of one."""
    if truth.pillar is None:
        raise ValueError("nothing is wrong in this drill, so that no pillar can say so")
    return _FOUND[truth.pillar](packet, truth)


def failed_checks(packet: TriagePacket) -> list[QualityCheck]:
    """Return the quality checks that failed."""
    return [check for check in packet.quality.checks if check.outcome is Outcome.FAILED]


def drifted(packet: TriagePacket) -> list[FeatureDrift]:
    """Return the watched features in the YELLOW or RED band and more than chance, largest PSI first."""
    bands = {Band.YELLOW, Band.RED}
    return [one for one in packet.drift.features if one.band in bands and is_shown(one.significance)]


def failed_slices(packet: TriagePacket) -> list[SlicePerformance]:
    """Return the declared slices in which the AUC fell beyond its threshold."""
    return [part for part in packet.performance.slices if part.outcome is Outcome.FAILED]


def _in_quality(packet: TriagePacket, truth: Truth) -> Found:
    failed = sorted(failed_checks(packet), key=lambda check: truth.column is None or not _about(check, truth.column))
    columns = [check.column or check.message for check in failed]
    reasons = [f"{check.column}: {check.message}" if check.column else check.message for check in failed]
    if truth.column is None:
        # Rows that did not come are no failed check: the monitor's own feed is watched apart.
        whole = [check.message for check in failed if check.column is None]
        if "rows_missing" in packet.facts:
            told = [one.message for one in packet.self_watch if one.fact == "rows_missing"]
            whole += told or ["rows are missing"]
        return Found(bool(whole), None, None, columns, [], whole)
    return Found(bool(failed), any(_about(check, truth.column) for check in failed), None, columns, [], reasons)


def _about(check: QualityCheck, column: str) -> bool:
    """Whether a failed check is about a column; that of the schema names its columns in the message."""
    return check.column == column or (check.kind == "schema" and column in check.message)


def _in_drift(packet: TriagePacket, truth: Truth) -> Found:
    moved, outputs, novelty = drifted(packet), moved_outputs(packet), packet.drift.novelty
    columns = [one.name for one in (*moved, *outputs)]
    new = novelty is not None and bool(novelty.shown)
    if novelty is not None and new:
        columns.append(novelty.unit)
    right = [one for one in (*moved, *outputs) if one.name == truth.column]
    # Scores and labels that moved count where they are asked for: else what they tell is another pillar's.
    wrong = [*right, *(one for one in moved if one not in right)]
    reasons = [_shift(one) for one in wrong]
    if novelty is not None and truth.column == novelty.unit:
        more = [f"more rows of a {novelty.unit} that the baseline lacks"] if new else []
        return Found(bool(wrong) or new, new, None, columns, [], more + reasons)
    values = [value for one in right for value in _values(one)]
    value = None if truth.value is None else any(_moved(one, truth.value) for one in right)
    return Found(bool(wrong), bool(right), value, columns, values, reasons)


def _shift(one: FeatureDrift) -> str:
    """Say which feature, scores or labels moved, in which band, and whether that is told from chance."""
    sure = " by more than chance" if one.significance is not None else ""
    return f"{one.name} moved{sure} ({one.band or 'no band'})"


def moved_outputs(packet: TriagePacket) -> list[OutputDrift]:
    """Return scores and labels that moved by more than chance, in whatever band; by size where that alone is judged.

    A share of positives that moves by ten points is a small PSI, and much to whoever acts on it.
    """
    return [
        output
        for output in packet.drift.outputs
        if (output.band in {Band.YELLOW, Band.RED} if output.significance is None else output.significance.significant)
    ]


def _moved(feature: FeatureDrift | OutputDrift, value: str) -> bool:
    """Whether the category moved most, or is named as one the reference never held."""
    return value in _most(feature) or any(unseen.value == value for unseen in feature.unseen)


def _most(feature: FeatureDrift | OutputDrift) -> list[str]:
    """Return the category that moved most; both of two, of which one can only gain what the other loses."""
    bins = [share for share in feature.bins if share.reference or share.current]
    most = max(bins, key=lambda share: share.contribution, default=None)
    return [] if most is None else [one.bin for one in bins] if len(bins) == BINARY else [most.bin]


def _values(feature: FeatureDrift | OutputDrift) -> list[str]:
    """Name what `_moved` reads: the categories that moved most, and those that the reference never held."""
    named = _most(feature)
    shown = [feature.moved_most] if feature.moved_most and len(named) == 1 else named
    return [*shown, *(unseen.value for unseen in feature.unseen)]


def _in_performance(packet: TriagePacket, truth: Truth) -> Found:
    if truth.measure == "ece":
        calibration = packet.performance.calibration
        changed = calibration is not None and calibration.changed
        return Found(changed, None, None, [], [], ["the calibration of the scores changed"] * changed)
    failed = failed_slices(packet)
    degraded = packet.performance.outcome is Outcome.FAILED
    reasons = [f"the AUC of {part.column} = {part.value} fell" for part in failed]
    reasons += ["the AUC fell"] * (degraded and not reasons)
    if truth.column == VERSION:
        worse = [one.version for one in packet.performance.versions if one.outcome is Outcome.FAILED]
        reasons = [f"version {one} ranks worse" for one in worse] + reasons
        return Found(
            degraded or bool(worse), bool(worse), truth.value in worse, [VERSION] * bool(worse), worse, reasons
        )
    if truth.value is None:
        # Scores that do not fit are one column, of which this pillar says nothing but that the ranking is worse.
        return Found(degraded, None, None, [], [], reasons * degraded)
    values = [part.value for part in failed if part.column == truth.column]
    columns = [part.column for part in failed]
    return Found(degraded, bool(values), truth.value in values, columns, values, reasons * degraded)


_FOUND = {Pillar.QUALITY: _in_quality, Pillar.DRIFT: _in_drift, Pillar.PERFORMANCE: _in_performance}


def _place(packet: TriagePacket, truth: Truth, detected: bool) -> int | None:
    causes: list[Any] = list(getattr(packet.diagnosis, "causes", []))
    if causes:
        hits = [cause.cause == truth.cause and cause.column in {None, truth.column} for cause in causes]
    else:
        hits = [detected and _names(finding, truth) for finding in packet.diagnosis.findings]
    return hits.index(True) + 1 if True in hits else None


def _names(finding: Finding, truth: Truth) -> bool:
    """Whether a finding is the truth's: of its pillar, and about its column or where it has none about none."""
    if finding.pillar is not truth.pillar:
        return False
    if truth.column is None or finding.subject is not None:
        return finding.subject == truth.column
    whole = truth.pillar is Pillar.PERFORMANCE and truth.value is None
    return whole or truth.column in finding.text


def _onset(packet: TriagePacket, truth: Truth) -> tuple[float | None, bool | None]:
    told = dated(packet, truth)
    if told is None or truth.onset is None:
        return None, None
    if told.at is None or told.earliest is None or told.latest is None:
        return None, None
    return abs((told.at - truth.onset).total_seconds()) / 3600, told.earliest <= truth.onset <= told.latest


def dated(packet: TriagePacket, truth: Truth) -> Onset | None:
    """Return the first onset that the packet dates of what the truth is about, or None."""
    return next((onset for onset in packet.diagnosis.onsets if onset.at is not None and _is_of(onset, truth)), None)


def _is_of(onset: Onset, truth: Truth) -> bool:
    if onset.pillar is not truth.pillar:
        return False
    if truth.pillar is Pillar.PERFORMANCE:
        # What is wrong with the scores is the whole model's; what is wrong with a slice is its own.
        return (onset.column, onset.value) == ((None, None) if truth.value is None else (truth.column, truth.value))
    return onset.column == truth.column
