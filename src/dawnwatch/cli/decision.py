"""`dawnwatch decision`: what people decided about a run, whether its alarm was real, and what came of it."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.letters import write_utf8
from dawnwatch.cli.packets import TARGETS, named_packet
from dawnwatch.cli.typed import one_of
from dawnwatch.errors import UsageError
from dawnwatch.model.ledger import Alarm
from dawnwatch.model.packet import Verdict

if TYPE_CHECKING:
    from dawnwatch.model.ledger import Entry
    from dawnwatch.store.find import Named

__all__ = ["decision"]

LONGEST = 2000
NAME = 100
ALARM_WORD = {"real": "the alarm was real", "false_alarm": "a false alarm", "unclear": "the alarm cannot be told"}
_PACKET = typer.Argument(metavar="PACKET", help=f"The run: {TARGETS}.")

decision = typer.Typer(
    help="Record what was decided about a run and whether its alarm was real, and see what came of it.",
    no_args_is_help=True,
)


@decision.command()
@guarded
def record(
    packet: Annotated[str, _PACKET],
    decision: Annotated[
        str | None,
        typer.Option(
            help=f"What was decided: {', '.join(get_args(Verdict))}.",
            metavar="VERDICT",
            parser=one_of("--decision", get_args(Verdict), str),
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            help=f"What the alarm turned out to be: {', '.join(get_args(Alarm))}.",
            metavar="ALARM",
            parser=one_of("--outcome", get_args(Alarm), str),
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who says so.", metavar="NAME")] = None,
    note: Annotated[str | None, typer.Option(help="Why, in a line.", metavar="TEXT")] = None,
    at: Annotated[
        str | None,
        typer.Option(help="When, such as 2026-11-24T06:00: UTC unless it ends in a zone.  \\[default: now]"),
    ] = None,
    results: options.Results = None,
) -> None:
    """Record a decision about a run, what its alarm turned out to be, or both, in ledger.jsonl beside its packet."""
    from dawnwatch.store.ledger import Ledger

    if decision is None and outcome is None:
        raise UsageError("nothing to record: give --decision, --outcome, or both")
    said, name = _line("--note", note, LONGEST), _line("--by", by, NAME)
    found = named_packet(packet, results)
    when = None if at is None else _moment(at, found)
    ledger = Ledger(found.path.parent)
    entry = ledger.add(
        found.packet,
        decision=decision,  # type: ignore[arg-type] # one_of lets no other word through
        alarm=outcome,  # type: ignore[arg-type]
        by=name,
        note=said,
        at=when,
    )
    say(f"recorded in {ledger.path}: {_told(entry)}")


@decision.command()
@guarded
def show(
    packet: Annotated[str, _PACKET] = "latest",
    results: options.Results = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON, nothing else.")] = False,
) -> None:
    """Show what was said of a run, and whether the windows after it recovered."""
    from dawnwatch.store.files import ResultsFolder
    from dawnwatch.store.find import packets
    from dawnwatch.store.ledger import Ledger
    from dawnwatch.triage.cases import cases
    from dawnwatch.triage.recovery import recovery

    found = named_packet(packet, results)
    folder = found.path.parent
    beside, skipped = packets(ResultsFolder(folder))
    entries, faults = Ledger(folder).entries()
    # A label was looked for in the same files, and what was skipped on the way is said already.
    for line in [*(line for line in skipped if line not in " ".join(found.notes)), *faults]:
        say(f"dawnwatch: warning: {line}")
    known = {named.packet.id: named.packet for named in beside} | {found.packet.id: found.packet}
    every = cases(known.values(), entries)
    case = next(case for case in every if found.packet.id in {run.id for run in case.runs})
    after = recovery(case, every)
    if json:
        lines = ",\n".join(f"    {entry.model_dump_json()}" for entry in case.entries)
        said = f"[\n{lines}\n  ]" if lines else "[]"
        write_utf8(f'{{\n  "entries": {said},\n  "recovery": {after.model_dump_json()}\n}}\n')
        return
    for entry in case.entries:
        sys.stdout.write(_shown(entry))
    if not case.entries:
        say(f"nothing was recorded of {found.packet.id} yet; `dawnwatch decision record {packet} --decision ...` does")
    sys.stdout.write(f"Since then: {after.text}\n")


def _shown(entry: Entry) -> str:
    from dawnwatch.model.numbers import moment
    from dawnwatch.report.words import visible

    note = f": {entry.note}" if entry.note else ""
    return visible(f"{moment(entry.at)}  {_told(entry)}{note}") + "\n"


def _told(entry: Entry) -> str:
    from dawnwatch.report.words import VERDICT

    told = [VERDICT[entry.decision]] if entry.decision else []
    told += [ALARM_WORD[entry.alarm]] if entry.alarm else []
    return ", ".join([*told, f"by {entry.by or 'nobody named'}"])


def _line(flag: str, text: str | None, longest: int) -> str | None:
    """Return what a person wrote as one line; None where it is empty. Raises UsageError where it cannot be kept."""
    said = " ".join((text or "").split())
    if len(said) > longest:
        raise UsageError(f"{flag} must be at most {longest} characters and has {len(said)}; put the rest in a document")
    if not said.isprintable():
        raise UsageError(f"{flag} must hold no control characters; got {said!r}")
    return said or None


def _moment(text: str, found: Named) -> datetime:
    """Return when it was decided. Raises UsageError where that lies before the run, or is yet to come."""
    from datetime import UTC

    from dawnwatch.model.numbers import moment
    from dawnwatch.store.events import parse_moment

    at, made = parse_moment(text), found.packet.created_at
    # Whoever writes the minute of the run means no time before it.
    if at < made.replace(second=0, microsecond=0):
        raise UsageError(f"--at {text}: lies before the run, which was judged at {moment(made)}; give a later time")
    if at > datetime.now(UTC):
        raise UsageError(f"--at {text}: lies in the future; give the time at which it was decided, or leave it out")
    return max(at, made)
