"""The current window against the last good one, and against the same hours before."""

from __future__ import annotations

from dawnwatch.checks.drift.section import drift_section
from dawnwatch.checks.needs import Bins, RunContext
from dawnwatch.checks.registry import all_checks
from dawnwatch.checks.runner import judge_all, measure
from dawnwatch.errors import DawnwatchError, one_line
from dawnwatch.model.drift import Drift
from dawnwatch.model.enums import Pillar
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.history import BaselineKind, OtherBaseline
from dawnwatch.model.packet import WindowFacts
from dawnwatch.monitoring.history import SHIFTS, History, PastRun
from dawnwatch.triage.since import drifted_since, moved, since_text

__all__ = ["other_baselines"]


def other_baselines(history: History, drift: Drift, current: WindowFacts, run: RunContext) -> list[OtherBaseline]:
    """Return the comparisons with earlier windows.

    Parameters
    ----------
    drift : the comparison with the drift baseline
    current : which rows the current window holds
    """
    found = [_against(history.last_good, "last_good", drift, run, _no_good(history))]
    for kind in SHIFTS:
        before = history.season(current, kind)
        # The seasonal ones are for windows shorter than a season: nothing is said of them where there is none.
        if before is not None:
            found.append(_against(before, kind, drift, run, ""))
    return found


def _against(past: PastRun | None, kind: BaselineKind, drift: Drift, run: RunContext, reason: str) -> OtherBaseline:
    if past is None:
        return OtherBaseline(kind=kind, text=since_text(kind, None, [], [], reason=reason), reason=reason)
    facts = past.facts
    known = OtherBaseline(
        kind=kind,
        packet=past.packet.id,
        first_at=facts.first_at,
        last_at=facts.last_at,
        rows=facts.rows,
        valid=past.valid,
        text="",
    )
    try:
        features = _compared(past, run)
    except DawnwatchError as error:
        reason = one_line(error)
        text = since_text(kind, known, [], [], reason=reason)
        return known.model_copy(update={"text": text, "reason": reason})
    since = drifted_since(drift.features, features)
    return known.model_copy(
        update={
            "features": features,
            "moved": [feature.name for feature in moved(features)],
            "not_since": [feature.name for feature in since],
            "text": since_text(kind, known, moved(features), since),
        }
    )


def _compared(past: PastRun, run: RunContext) -> list[FeatureDrift]:
    """Return each watched feature against an earlier window. Raises DataError where its counts cannot be read."""
    other = RunContext(run.config, past.window(run.current.plan), run.performance_baseline, run.current)
    judged = judge_all(measure(other, Pillar.DRIFT, [spec for spec in all_checks() if spec.needs is Bins]), run.config)
    section = drift_section(judged, other, trained_on=None)
    return [feature.model_copy(update={"bins": []}) for feature in section.features]


def _no_good(history: History) -> str:
    count = len(history.runs)
    if not count:
        return "no earlier window of this model and reference that shares no rows with this one was found"
    return f"none of the {count} earlier windows had severity medium or low and valid data"
