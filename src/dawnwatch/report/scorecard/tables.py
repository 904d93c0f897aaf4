"""The scorecard in words: sentences and tables of plain text, for the terminal and for Markdown alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dawnwatch.model.ledger import Recovery
from dawnwatch.model.measurement import Interval
from dawnwatch.model.numbers import duration, moment, number, plural, share
from dawnwatch.model.scorecard import Advice, CheckRecord, FailedCheck, Move, Page, Rate, Scorecard
from dawnwatch.report.words import VERDICT

__all__ = ["Block", "blocks", "rate_text", "title"]

ALARM = {"real": "real", "false_alarm": "false alarm", "unclear": "unclear", None: "not judged"}
ADVICE = {"followed": "advice followed", "not_followed": "advice not followed", "no_advice": "no advice to follow"}
RECOVERED = {
    "not_recovered": "not recovered",
    "not_judged": "not known",
    "no_later_window": "no later window",
    "nothing_failed": "nothing had failed",
}
SHOWN = 3


@dataclass(frozen=True)
class Block:
    """A heading with sentences, and a table below them; without rows there is none.

    `wide` where a row takes more than a terminal's width, and its cells are better read one after another.
    """

    title: str
    lines: list[str]
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    wide: bool = False


def title(card: Scorecard) -> str:
    """Return the heading of the whole."""
    return f"Scorecard: {card.project}"


def blocks(card: Scorecard, *, pages: int | None = None) -> list[Block]:
    """Return the scorecard, part by part.

    Parameters
    ----------
    pages : how many pages to list, the newest; by default all
    """
    found = [_pages(card), _decisions(card)]
    if card.checks:
        found.append(_checks(card.checks))
    if card.moves:
        found.append(_moves(card.moves))
    return [*found, *_listed(card.pages, pages)]


def rate_text(rate: Rate) -> str:
    """Write a share with its interval, or why there is none.

    Examples
    --------
    >>> rate_text(Rate(hits=15, of=20, value=0.75, interval=(0.53, 0.89)))
    '15 of 20, 75% (95% interval 53% to 89%)'
    """
    if rate.value is None or rate.interval is None:
        return f"{rate.hits} of {rate.of} ({rate.reason})" if rate.of else "none yet"
    low, high = (share(bound, 0) for bound in rate.interval)
    return f"{rate.hits} of {rate.of}, {share(rate.value, 0)} (95% interval {low} to {high})"


def _pages(card: Scorecard) -> Block:
    if card.windows == 0:
        when = f" since {moment(card.since)}" if card.since else ""
        return Block("Pages", [f"No window was judged{when}."])
    span = moment(card.first_at) + (f" to {moment(card.last_at)}" if card.windows > 1 else "")
    again = f"; {plural(card.again, 're-run')} of rows that had been judged before: the newest run of a window counts"
    paged = card.real + card.false + card.unclear + card.unjudged
    lines = [
        f"{plural(card.windows, 'window')} of {span}{again if card.again else ''}.",
        f"{plural(paged, 'page')} ({_or_worse(card)}): {card.real} judged real, {card.false} false, "
        f"{card.unclear} unclear; {card.unjudged} judged by nobody, which no rate counts.",
        f"Precision: {_precision(card.precision)}.",
    ]
    if card.missed:
        lines.append(f"{plural(card.missed, 'window')} that paged nobody turned out to be a real problem.")
    return Block("Pages", lines)


def _precision(rate: Rate) -> str:
    if rate.reason is not None:
        return rate.reason
    return f"{rate_text(rate)}, as if pages were independent; pages in a row over one incident are not"


def _or_worse(card: Scorecard) -> str:
    return card.page_at.value + ("" if card.page_at.value == "critical" else " or worse")


def _decisions(card: Scorecard) -> Block:
    times = card.to_decision
    lines = []
    if times.median is None:
        lines.append("Nothing was decided about a page yet; `dawnwatch decision record` writes it down.")
    else:
        lines.append(
            f"Time to decision: {_hours(times.median)} in the median of {plural(times.decided, 'page')}, "
            f"{_hours(times.shortest)} to {_hours(times.longest)}; {plural(card.undecided, 'page')} without a decision."
        )
        lines.append(f"Advice followed: {rate_text(card.followed)}.")
    if card.decided_without_page:
        lines.append(f"Beside them, {plural(card.decided_without_page, 'decision')} about windows that paged nobody.")
    rows = [_advice(advice) for advice in card.advice if advice.pages]
    if rows:
        lines.append("That a window recovered after a decision does not say that it did because of it.")
    return Block("Decisions", lines, ("", "pages", "recovered", "in the next window", "not known yet"), rows)


def _advice(advice: Advice) -> tuple[str, ...]:
    at_once = f"{advice.next_window} of {advice.recovered.of}" if advice.recovered.of else ""
    return ADVICE[advice.kind], str(advice.pages), rate_text(advice.recovered), at_once, str(advice.not_known)


def _checks(checks: Sequence[CheckRecord]) -> Block:
    header = ("check", "threshold", "false pages", "measured", "real pages", "measured")
    return Block("What failed at judged pages", [], header, [_record(record) for record in checks])


def _record(record: CheckRecord) -> tuple[str, ...]:
    alone = f" ({record.alone} by it alone)" if record.alone else ""
    return (
        record.name,
        _value(record.threshold, record.limit),
        f"{record.false}{alone}",
        _range(record.threshold, record.false_values),
        str(record.real),
        _range(record.threshold, record.real_values),
    )


def _moves(moves: Sequence[Move]) -> Block:
    lines = [
        "Every judged page, judged again from its kept counts under other values of one threshold. A value that fits "
        "these pages fits later ones less well; `dawnwatch what-if` shows a run's whole range.",
    ]
    gone = max(move.without_counts for move in moves)
    if gone:
        lines.append(f"Of {plural(gone, 'judged page')} the counts are gone; they are left out here.")
    header = ("threshold", "now", "move to", "")
    return Block("Thresholds behind false pages", lines, header, [_move(move) for move in moves])


def _move(move: Move) -> tuple[str, ...]:
    return (
        f"{move.title} ({move.threshold})",
        f"{move.now:g}",
        "stays" if move.to is None else f"{move.to:g}",
        move.reason or f"silences {move.silenced} of {move.false} false pages and none of {move.real} real ones",
    )


def _listed(pages: Sequence[Page], most: int | None) -> list[Block]:
    if not pages:
        return []
    shown = pages if most is None else pages[:most]
    left = len(pages) - len(shown)
    lines = [f"The newest {len(shown)} of {len(pages)}; --markdown and --json list all."] if left else []
    header = ("judged at", "severity", "what failed", "advised", "decided", "after", "alarm", "since then")
    return [Block("Page by page", lines, header, [_row(page) for page in shown], wide=True)]


def _row(page: Page) -> tuple[str, ...]:
    more = f" and {len(page.failed) - SHOWN} more" if len(page.failed) > SHOWN else ""
    return (
        moment(page.created_at) + (f", {page.label}" if page.label else "") + _judged(page),
        page.paged_as.value + ("" if page.severity is page.paged_as else f", now {page.severity.value}"),
        (", ".join(_failed(check) for check in page.failed[:SHOWN]) + more) or page.rule,
        _verdict(page.advised),
        "nothing" if page.decided is None else _verdict(page.decided),
        "" if page.hours_to_decision is None else _hours(page.hours_to_decision),
        ALARM[page.alarm],
        _since(page.recovery),
    )


def _judged(page: Page) -> str:
    return f" ({plural(page.runs, 'run')})" if page.runs > 1 else ""


def _failed(check: FailedCheck) -> str:
    return check.name if check.value is None else f"{check.name} {_value(check.threshold, check.value)}"


def _since(recovery: Recovery) -> str:
    if recovery.status != "recovered" or recovery.after_windows is None:
        return RECOVERED[recovery.status]
    place = "next window" if recovery.after_windows == 1 else f"{recovery.after_windows} windows later"
    return f"recovered, {place}" + (
        f", failed again {recovery.failed_again_at:%Y-%m-%d}" if recovery.failed_again_at else ""
    )


def _verdict(verdict: str) -> str:
    return {"cannot_tell": "cannot tell"}.get(verdict, VERDICT[verdict].lower())


def _value(threshold: str | None, value: float | None) -> str:
    if value is None:
        return ""
    return share(value) if threshold in {"missing", "range", "duplicates"} else number(value)


def _range(threshold: str | None, values: Interval | None) -> str:
    if values is None:
        return ""
    low, high = (_value(threshold, value) for value in values)
    return low if low == high else f"{low} to {high}"


def _hours(hours: float | None) -> str:
    return "" if hours is None else duration(round(hours, 1) if hours >= 1 else hours)
