"""What `dawnwatch drill --reveal` shows: the truth of a drill beside what its packet said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dawnwatch.cli.exits import say
from dawnwatch.cli.letters import write_utf8

if TYPE_CHECKING:
    from dawnwatch.drills.sealed import Sealed
    from dawnwatch.model.packet import TriagePacket

__all__ = ["packet_of", "reveal_last", "show"]


def reveal_last(folder: Path, *, as_json: bool) -> None:
    """Open the newest answer of a results folder. Raises StoreError."""
    from dawnwatch.drills.sealed import last_sealed, unseal

    path = last_sealed(folder)
    sealed = unseal(path)
    packet = packet_of(folder, sealed)
    if as_json:
        told: dict[str, Any] = {"packet": sealed.packet, "truth": sealed.truth.model_dump(mode="json")}
        if packet is not None:
            told["answers"] = [answer._asdict() for answer in _answers(sealed, packet)]
        write_utf8(json.dumps(told, indent=2) + "\n")
        return
    if packet is None:
        say(f"dawnwatch: warning: {folder} no longer holds the packet {sealed.packet}; here is the answer alone")
    show(sealed, packet)


def packet_of(folder: Path, sealed: Sealed) -> TriagePacket | None:
    """Return the newest packet of the drill's window, as a person may have left it."""
    from dawnwatch.store.files import ResultsFolder
    from dawnwatch.store.find import packets

    found, _ = packets(ResultsFolder(folder))
    return next((n.packet for n in found if n.packet.provenance.current.fingerprint == sealed.window), None)


def _answers(sealed: Sealed, packet: TriagePacket) -> Any:
    from dawnwatch.drills.reveal import answers
    from dawnwatch.drills.scoring import score

    return answers(sealed.truth, packet, score(packet, sealed.truth))


def show(sealed: Sealed, packet: TriagePacket | None) -> None:
    """Print what happened, and where the packet is there what it said, question by question."""
    from rich.console import Console
    from rich.table import Table

    from dawnwatch.drills.reveal import NONE, NOT_ASKED
    from dawnwatch.drills.truth import MEASURES

    truth = sealed.truth
    console = Console(highlight=False, markup=False)
    console.print(f"{truth.kind}, {truth.strength}, on {truth.data} (seed {truth.seed}): {truth.told}.", style="bold")
    if truth.measure is not None and truth.reached is not None:
        console.print(f"{MEASURES[truth.measure]}: {truth.reached:.3f}. {'Harmful' if truth.harmful else 'Benign'}.")
    if packet is None:
        return
    table = Table("", "truth", "packet", "", box=None, header_style="bold", pad_edge=False)
    marks = {True: "✓ found", False: "✗ missed", None: ""}
    for answer in _answers(sealed, packet):
        mark = marks[answer.found]
        if answer.found is None and answer.truth != NONE and answer.packet != NOT_ASKED:
            mark = "not scored"
        if truth.pillar is None and answer.question == "pillar":
            mark = "✓ no alarm" if answer.found else "✗ false alarm"
        table.add_row(answer.question, answer.truth, answer.packet, mark)
    console.print(table)
    console.print(f"severity {packet.severity.value}: {packet.headline}", style="dim")
