"""`dawnwatch report`: documents about a run that people finish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.kept_file import read_earlier, write_kept
from dawnwatch.cli.packets import TARGETS, named_packet
from dawnwatch.errors import UsageError, one_line

if TYPE_CHECKING:
    from dawnwatch.model.incident import Incident
    from dawnwatch.store.find import Named

__all__ = ["report"]


@guarded
def report(
    post_incident: Annotated[
        str | None,
        typer.Option(
            "--post-incident", metavar="PACKET", help=f"Draft the review of an incident: {TARGETS}.", show_default=False
        ),
    ] = None,
    results: options.Results = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The file to write.  \\[default: incident-<id of the window's first packet>.md, here]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Draft the review of an incident as Markdown, keeping what people wrote between its marks."""
    from dawnwatch.report.incident.document import REVIEW, review_text

    if post_incident is None:
        raise UsageError(
            "report needs --post-incident PACKET, the run to review; the HTML report of a run is written by "
            "`dawnwatch run` beside its packet"
        )
    found = named_packet(post_incident, results)
    if output is not None and output.suffix not in {".md", ".markdown"}:
        raise UsageError(f"--output must end in .md, so that no packet is written over; got {output}")
    told, source = _incident(found)
    # By the first run, so that a window judged again goes on with the draft that people wrote in.
    path = (output or Path(f"incident-{told.runs[0]}.md")).expanduser()
    earlier = read_earlier(path, REVIEW)
    text = review_text(told, source=str(source), kept=earlier.blocks if earlier else None)
    write_kept(path, text, earlier)


def _incident(found: Named) -> tuple[Incident, Path]:
    """Put together what the folder knows, with the packet's file; what cannot be read is said, and left out."""
    from dawnwatch.errors import StoreError
    from dawnwatch.store.events import EventLog
    from dawnwatch.store.files import ResultsFolder
    from dawnwatch.store.find import packets
    from dawnwatch.store.ledger import Ledger
    from dawnwatch.store.replays import kept_replays
    from dawnwatch.triage.cases import cases
    from dawnwatch.triage.incident import incident

    folder = found.path.parent
    beside, skipped = packets(ResultsFolder(folder))
    entries, faults = Ledger(folder).entries()
    try:
        events = EventLog(folder).all()
    except StoreError as error:
        events, faults = [], [*faults, one_line(error)]
    known = {found.packet.id: found.packet} | {named.packet.id: named.packet for named in beside}
    replays, unread = kept_replays(folder, known)
    every = cases(known.values(), entries, replays=replays)
    case = next(case for case in every if found.packet.id in {run.id for run in case.runs})
    for line in [*(line for line in skipped if line not in " ".join(found.notes)), *faults, *unread]:
        say(f"dawnwatch: warning: {line}")
    if case.packet.id != found.packet.id:
        say(f"dawnwatch: {found.packet.id} was judged again: the review tells the newest run, {case.packet.id}")
    paths = {named.packet.id: named.path for named in beside} | {found.packet.id: found.path}
    return incident(case, every, events), paths[case.packet.id]
