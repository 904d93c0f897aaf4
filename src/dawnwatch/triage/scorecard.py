"""How a monitor did: one pure function of its cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median
from typing import Literal

from dawnwatch.model.enums import Severity
from dawnwatch.model.measurement import Interval
from dawnwatch.model.scorecard import LEAST_JUDGED, Advice, CheckRecord, Delay, FailedCheck, Move, Page, Rate, Scorecard
from dawnwatch.stats.proportions import wilson
from dawnwatch.triage.cases import Case
from dawnwatch.triage.check_values import failed_values
from dawnwatch.triage.recovery import recovery

__all__ = ["rate", "scorecard"]


def scorecard(
    every: Sequence[Case],
    project: str,
    *,
    page_at: Severity = Severity.HIGH,
    since: datetime | None = None,
    moves: Sequence[Move] = (),
) -> Scorecard:
    """Return what the pages of one project came to.

    Parameters
    ----------
    every : the cases of the results folder; also those before `since`, among which nothing is counted
    moves : what other thresholds would have done, which the counts of the runs tell
    """
    ours = [case for case in every if case.packet.project == project]
    counted = [case for case in ours if since is None or case.at >= since]
    paged, silent = [case for case in counted if case.paged], [case for case in counted if not case.paged]
    pages = [_page(case, ours) for case in paged]
    found = [page.alarm for page in pages]
    times = [case.at for case in counted]
    judged = found.count("real") + found.count("false_alarm")
    return Scorecard(
        project=project,
        page_at=page_at,
        since=since,
        first_at=min(times, default=None),
        last_at=max(times, default=None),
        windows=len(counted),
        again=sum(len(case.runs) - 1 for case in counted),
        real=found.count("real"),
        false=found.count("false_alarm"),
        unclear=found.count("unclear"),
        unjudged=found.count(None),
        precision=rate(found.count("real"), judged, "page", "judged"),
        missed=sum(case.alarm == "real" for case in silent),
        to_decision=_delay(page.hours_to_decision for page in pages),
        undecided=sum(page.decided is None for page in pages),
        decided_without_page=sum(case.decided is not None for case in silent),
        followed=_followed(pages),
        advice=[_advice(kind, pages) for kind in ("followed", "not_followed", "no_advice")],
        checks=_checks(pages),
        moves=list(moves),
        pages=pages[::-1],
    )


def rate(hits: int, of: int, noun: str, done: str) -> Rate:
    """Return a share with its interval, or why there is none.

    Examples
    --------
    >>> rate(2, 3, "page", "judged").reason
    'not enough pages judged: 3 of at least 10'
    """
    if of < LEAST_JUDGED:
        return Rate(hits=hits, of=of, reason=f"not enough {noun}s {done}: {of} of at least {LEAST_JUDGED}")
    return Rate(hits=hits, of=of, value=hits / of, interval=wilson(hits, of))


def _page(case: Case, every: Sequence[Case]) -> Page:
    packet, decided = case.packet, case.decided
    return Page(
        packet=packet.id,
        created_at=case.at,
        runs=len(case.runs),
        paged_as=case.page.severity if case.page else packet.severity,
        label=packet.label,
        severity=packet.severity,
        rule=packet.rule,
        failed=failed_values(packet),
        advised=case.advice(None if decided is None else decided.at).verdict,
        decided=decided.decision if decided else None,
        by=decided.by if decided else None,
        hours_to_decision=case.hours_to_decision,
        alarm=case.alarm,
        recovery=recovery(case, every),
    )


def _delay(hours: Iterable[float | None]) -> Delay:
    known = [waited for waited in hours if waited is not None]
    if not known:
        return Delay(decided=0)
    return Delay(decided=len(known), median=median(known), shortest=min(known), longest=max(known))


Kind = Literal["followed", "not_followed", "no_advice"]


def _kind(page: Page) -> Kind | None:
    """Return whether the advice was followed; None where nothing was decided."""
    if page.decided is None:
        return None
    if page.advised == "cannot_tell":
        return "no_advice"
    return "followed" if page.decided == page.advised else "not_followed"


def _followed(pages: Sequence[Page]) -> Rate:
    kinds = [_kind(page) for page in pages]
    hits = kinds.count("followed")
    return rate(hits, hits + kinds.count("not_followed"), "advised page", "decided")


def _advice(kind: Kind, pages: Sequence[Page]) -> Advice:
    of_kind = [page for page in pages if _kind(page) == kind]
    known = [page for page in of_kind if page.recovery.status in {"recovered", "not_recovered"}]
    hits = sum(page.recovery.status == "recovered" for page in known)
    return Advice(
        kind=kind,
        pages=len(of_kind),
        recovered=rate(hits, len(known), "such page", "followed by a window that tells"),
        next_window=sum(page.recovery.after_windows == 1 for page in known),
        not_known=len(of_kind) - len(known),
    )


def _checks(pages: Sequence[Page]) -> list[CheckRecord]:
    """Return every check that failed at a judged page; those behind most false pages first."""
    seen: dict[str, list[tuple[Page, FailedCheck]]] = {}
    for page in pages:
        for check in page.failed if page.alarm in {"real", "false_alarm"} else []:
            seen.setdefault(check.name, []).append((page, check))
    records = [_record(name, found) for name, found in seen.items()]
    return sorted(records, key=lambda record: (-record.false, record.real, record.name))


def _record(name: str, found: Sequence[tuple[Page, FailedCheck]]) -> CheckRecord:
    false = [(page, check) for page, check in found if page.alarm == "false_alarm"]
    newest = found[-1][1]
    return CheckRecord(
        name=name,
        threshold=newest.threshold,
        limit=newest.limit,
        real=len(found) - len(false),
        false=len(false),
        alone=sum(len(page.failed) == 1 for page, _ in false),
        false_values=_range(check.value for _, check in false),
        real_values=_range(check.value for page, check in found if page.alarm == "real"),
    )


def _range(values: Iterable[float | None]) -> Interval | None:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else None
