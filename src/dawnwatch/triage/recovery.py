"""Whether the windows after a case recovered from what failed in it."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.enums import Outcome
from dawnwatch.model.ledger import Recovered, Recovery
from dawnwatch.model.numbers import duration, plural
from dawnwatch.model.packet import TriagePacket
from dawnwatch.triage.cases import Case

__all__ = ["failed_checks", "outcomes", "recovery"]

_SHOWN = 3
_FAILING = {Outcome.FAILED, Outcome.ERRORED}
_BLIND = {Outcome.NOT_COMPUTED, Outcome.ERRORED}


def outcomes(packet: TriagePacket) -> dict[str, Outcome]:
    """Return what every check came to, by a name that is the same in every packet of a project."""
    found = {f"{c.name} of {c.column or 'the table'}": c.outcome for c in packet.quality.checks}
    found |= {f"drift of {f.name}": f.outcome for f in packet.drift.features}
    section = packet.performance
    found["AUC overall"] = section.drop.outcome
    found |= {f"AUC of {s.name}": s.outcome for s in section.slices}
    if section.outcome is Outcome.FAILED and not any(s.outcome is Outcome.FAILED for s in section.slices):
        found["AUC overall"] = Outcome.FAILED  # before schema 1.1 the overall drop had no outcome of its own
    return found


def failed_checks(packet: TriagePacket) -> list[str]:
    """Return the checks that failed or faulted; where none did, those that warned."""
    found = outcomes(packet)
    failed = [name for name, outcome in found.items() if outcome in _FAILING]
    return failed or [name for name, outcome in found.items() if outcome is Outcome.WARNED]


def recovery(case: Case, every: Sequence[Case]) -> Recovery:
    """Return what became of a case.

    A later window of the project recovered where it pages nobody and all that had failed passes: a check that it could
    not judge has not recovered. That a recovery follows a decision does not say that it follows from it.

    Parameters
    ----------
    every : all cases of the results folder; earlier ones and other projects' are passed over
    """
    failed = failed_checks(case.packet)
    later = [other for other in every if _follows(other, case)]
    if not failed and not case.paged:
        return Recovery(status="nothing_failed", failed=[], windows=len(later), text="nothing had failed")
    if not later:
        return Recovery(status="no_later_window", failed=failed, windows=0, text="no later window was judged yet")
    for number, window in enumerate(later, start=1):
        if not window.pages_now and not _unpassed(window, failed):
            return _recovered(case, failed, later, number)
    newest = later[-1]
    unpassed, found = _unpassed(newest, failed), outcomes(newest.packet)
    blind = [name for name in unpassed if found.get(name, Outcome.NOT_COMPUTED) in _BLIND]
    judged = [name for name in unpassed if name not in blind]
    status: Recovered = "not_judged" if blind and not judged and not newest.pages_now else "not_recovered"
    return Recovery(
        status=status,
        failed=failed,
        windows=len(later),
        still_failing=judged,
        not_judged=blind,
        text=_why_not(newest, judged, blind, len(later)),
    )


def _follows(other: Case, case: Case) -> bool:
    """Whether a window was judged later, and its rows are not of an earlier time, as those of a run made up for are."""
    if other is case or other.packet.project != case.packet.project:
        return False
    rows, ours = other.packet.provenance.current, case.packet.provenance.current
    earlier = rows.last_at is not None and ours.first_at is not None and rows.last_at <= ours.first_at
    return other.at > case.at and not earlier


def _unpassed(window: Case, failed: Sequence[str]) -> list[str]:
    found = outcomes(window.packet)
    return [name for name in failed if found.get(name) is not Outcome.PASSED]


def _recovered(case: Case, failed: list[str], later: Sequence[Case], number: int) -> Recovery:
    window = later[number - 1]
    packet, hours = window.packet, (window.at - case.at).total_seconds() / 3600
    # Only what fails again counts: a warning in a later window is no relapse.
    again = (
        window.at
        for window in later[number:]
        if any(outcomes(window.packet).get(name) is Outcome.FAILED for name in failed)
    )
    back = next(again, None)
    place = "in the next window" if number == 1 else f"{number} windows later"
    text = f"recovered {place}, after {_hours(hours)}"
    return Recovery(
        status="recovered",
        failed=failed,
        windows=len(later),
        after_windows=number,
        after_hours=hours,
        packet=packet.id,
        failed_again_at=back,
        text=text + ("; failed again since" if back else ""),
    )


def _why_not(newest: Case, judged: list[str], blind: list[str], windows: int) -> str:
    said = f"not recovered in {plural(windows, 'later window')}"
    if judged:
        return f"{said}: {_listed(judged)} does not pass in the newest"
    if newest.pages_now:
        return f"{said}: the newest is {newest.packet.severity.value} ({newest.packet.rule})"
    return f"not known after {plural(windows, 'later window')}: {_listed(blind)} could not be judged in the newest"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _hours(hours: float) -> str:
    return duration(round(hours, 1) if hours >= 1 else hours)
