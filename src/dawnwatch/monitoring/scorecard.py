"""The scorecard of a results folder: its packets and its ledger, read once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dawnwatch.errors import StoreError, UsageError, did_you_mean
from dawnwatch.model.enums import Severity
from dawnwatch.model.numbers import plural
from dawnwatch.model.scorecard import Scorecard
from dawnwatch.monitoring.moves import moves
from dawnwatch.store.files import ResultsFolder
from dawnwatch.store.find import packets
from dawnwatch.store.ledger import Ledger
from dawnwatch.store.replays import kept_replays
from dawnwatch.triage.cases import cases
from dawnwatch.triage.scorecard import scorecard

__all__ = ["read_scorecard"]


def read_scorecard(
    folder: Path, *, project: str | None = None, page_at: Severity = Severity.HIGH, since: datetime | None = None
) -> tuple[Scorecard, list[str]]:
    """Return how a project's monitor did, and one line for everything that could not be read.

    Parameters
    ----------
    project : may be left out where the folder holds packets of one alone

    Raises
    ------
    StoreError
        Where the folder or the ledger cannot be read, or holds no packet.
    UsageError
        Where it is not told of which project, or there is none of that name.
    """
    found, skipped = packets(ResultsFolder(folder))
    entries, faults = Ledger(folder).entries()
    if not found:
        unread = f" ({plural(len(skipped), 'file')} could not be read)" if skipped else ""
        raise StoreError(
            f"{folder}: holds no packet{unread}; `dawnwatch run` writes one, --results names another folder"
        )
    name = _project(folder, sorted({named.packet.project for named in found}), project)
    known = {named.packet.id for named in found}
    strays = [entry for entry in entries if entry.packet not in known]
    if strays:
        faults.append(f"{plural(len(strays), 'ledger entry', 'ledger entries')} about packets that are not in {folder}")
    ours = [named for named in found if named.packet.project == name]
    replays, broken = kept_replays(folder, [named.packet.id for named in ours])
    every = cases((named.packet for named in ours), entries, page_at=page_at, replays=replays)
    counted = [case for case in every if since is None or case.at >= since]
    folders = {named.packet.id: named.path.parent for named in found}
    card = scorecard(every, name, page_at=page_at, since=since, moves=moves(counted, folders))
    return card, [*skipped, *faults, *broken]


def _project(folder: Path, there: list[str], asked: str | None) -> str:
    if asked is None and len(there) > 1:
        raise UsageError(
            f"{folder}: holds packets of {len(there)} projects ({', '.join(there)}); name one with --project"
        )
    if asked is not None and asked not in there:
        hint = did_you_mean(asked, there)
        raise UsageError(f"--project {asked}: {folder} holds no packet of it.{hint} There are: {', '.join(there)}")
    return asked or there[0]
