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
            help="The file to write.  \\[default: incident-<id of the packet>.md, here]",
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
    path = (output or Path(f"incident-{found.packet.id}.md")).expanduser()
    if path.suffix not in {".md", ".markdown"}:
        raise UsageError(f"--output must end in .md, so that no packet is written over; got {path}")
    earlier = read_earlier(path, REVIEW)
    text = review_text(_incident(found), source=str(found.path), kept=earlier.blocks if earlier else None)
    write_kept(path, text, earlier)


def _incident(found: Named) -> Incident:
    """Put together what the folder knows; what cannot be read is said, and left out."""
    from dawnwatch.errors import StoreError
    from dawnwatch.store.events import EventLog
    from dawnwatch.store.files import ResultsFolder
    from dawnwatch.store.find import packets
    from dawnwatch.store.ledger import Ledger
    from dawnwatch.store.replays import kept_replay
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
    every = cases(known.values(), entries)
    case = next(case for case in every if found.packet.id in {run.id for run in case.runs})
    replays = []
    for run in case.runs:
        try:
            replays.append(kept_replay(folder, run.id))
        except StoreError as error:
            faults.append(one_line(error))
    for line in [*(line for line in skipped if line not in " ".join(found.notes)), *faults]:
        say(f"dawnwatch: warning: {line}")
    return incident(case, every, events, replay=max(filter(None, replays), key=lambda r: r.created_at, default=None))
