"""Keeping a run: its packet, `latest.json`, and beside them the counts that what-if answers come from."""

from __future__ import annotations

from pathlib import Path

from dawnwatch.config import Config
from dawnwatch.errors import StoreError, UsageError
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.saved_run import save_run
from dawnwatch.store.files import ResultsFolder

__all__ = ["keep_run", "require_judged"]

PROFILES = "profiles"
"""Folder of the runs' counts, within that of the packets."""


def keep_run(
    packet: TriagePacket, seen: Observation, config: Config, folder: ResultsFolder
) -> tuple[Path, TriagePacket]:
    """Save a packet with its counts, both or neither. Raises StoreError.

    Parameters
    ----------
    seen, config : what the packet was judged on, and by

    Returns
    -------
    The packet's file, and the packet as it stands there: it names its counts.
    """
    packet = packet.model_copy(update={"profile": f"{PROFILES}/{packet.id}.profile"})
    profile = folder.folder / f"{packet.profile}"
    try:
        profile.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{profile.parent}: cannot be made ({error.strerror}); choose another with --results"
        ) from None
    save_run(seen, config, profile, packet=packet.id)
    try:
        return folder.save(packet), packet
    except BaseException:
        profile.unlink(missing_ok=True)  # a run without its packet is of no use to anyone
        raise


def require_judged(packet: TriagePacket, seen: Observation, config: Config) -> None:
    """Raise UsageError where a packet was not judged on this observation, or not by this configuration."""
    made = packet.provenance
    if (made.started_at, made.current.fingerprint) != (seen.started_at, seen.current.profile.fingerprint):
        raise UsageError(f"packet {packet.id} was judged on another observation; keep it with its own")
    if made.config_hash != config.fingerprint:
        raise UsageError(
            f"packet {packet.id} was judged by another configuration; give keep() the config that judge() was given"
        )
