"""The packets that a verb's arguments name: one way for all verbs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dawnwatch.cli.exits import say
from dawnwatch.cli.settings import CONFIG_FILE

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.model.packet import TriagePacket
    from dawnwatch.store.find import Named

__all__ = ["TARGETS", "as_it_stands", "named_packet", "named_packets"]

TARGETS = "a packet's file, the label of a run (its newest packet), or `latest`"
"""What may be given, for the help of every verb."""


def named_packets(names: Sequence[str], results: Path | None, config: Config | None = None) -> list[Named]:
    """Return the packets that a person means, and say what they should know of how each was found.

    Parameters
    ----------
    results : where labels and `latest` are looked up; by default where the configuration keeps packets
    config : by default that of dawnwatch.toml, which files do not need

    Raises
    ------
    StoreError
        Where there is no such packet.
    """
    from dawnwatch.cli.finish import folder_of
    from dawnwatch.config import Config
    from dawnwatch.store.find import find

    if config is None:
        files = all(Path(name).expanduser().is_file() for name in names)
        config = Config() if files or results is not None or not CONFIG_FILE.exists() else Config.load(CONFIG_FILE)
    folder = folder_of(config, results)
    found = [find(folder, name) for name in names]
    for note in dict.fromkeys(note for named in found for note in named.notes):
        say(f"dawnwatch: {note}")
    return found


def named_packet(name: str, results: Path | None, config: Config | None = None) -> Named:
    """Return the one packet that a person means. See `named_packets`."""
    (found,) = named_packets([name], results, config)
    return found


def as_it_stands(found: Named) -> TriagePacket:
    """Return a packet with the decision that stands since its replay; as it was judged where none is kept."""
    from dawnwatch.model.replay import standing_of
    from dawnwatch.store.replays import kept_replays
    from dawnwatch.triage.standing import standing

    replays, faults = kept_replays(found.path.parent, [found.packet.id])
    for line in faults:
        say(f"dawnwatch: warning: {line}")
    replay = standing_of(replays)
    return found.packet if replay is None else standing(found.packet, replay)
