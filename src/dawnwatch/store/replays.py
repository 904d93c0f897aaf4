"""Replayed decisions as files: `replays/<id of the packet>.json` in the results folder, with its chart and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from dawnwatch.atomic import write_together
from dawnwatch.errors import StoreError, one_line
from dawnwatch.model.replay import REPLAY_VERSION, Replay

__all__ = ["REPLAYS", "kept_replay", "kept_replays", "replay_files", "save_together"]

REPLAYS = "replays"


def replay_files(folder: Path, replay: Replay, extra: Mapping[str, bytes]) -> dict[Path, bytes]:
    """Return the files of a replay that belongs to a packet, by path.

    Parameters
    ----------
    folder : the results folder
    extra : what else is kept of it, by ending, such as ".md"
    """
    stem = folder / REPLAYS / f"{replay.packet}"
    files = {".json": (replay.model_dump_json(indent=2) + "\n").encode(), **extra}
    return {stem.with_name(f"{stem.name}{end}"): content for end, content in files.items()}


def save_together(files: Mapping[Path, bytes]) -> list[Path]:
    """Write all of these files, or none where one cannot be; a later replay takes the place of an earlier one.

    Raises
    ------
    StoreError
    """
    for folder in {path.parent for path in files if path.parent.name == REPLAYS}:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder}: cannot be made ({error.strerror}); choose another with --results") from None
    return write_together(files)


def kept_replay(folder: Path, packet: str) -> Replay | None:
    """Return the replay kept of a packet; None where there is none. Raises StoreError where it cannot be read."""
    path = folder / REPLAYS / f"{packet}.json"
    try:
        found = Replay.model_validate_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, ValidationError):
        raise StoreError(f"{path}: not a replayed decision; `dawnwatch decide` writes it anew") from None
    if found.schema_version.partition(".")[0] != REPLAY_VERSION.partition(".")[0]:
        raise StoreError(f"{path}: has schema {found.schema_version} and this dawnwatch reads {REPLAY_VERSION}")
    return found


def kept_replays(folder: Path, packets: Iterable[str]) -> tuple[list[Replay], list[str]]:
    """Return the replays kept of some packets, and one line for each that cannot be read."""
    found, faults = [], []
    for packet in packets:
        try:
            found.append(kept_replay(folder, packet))
        except StoreError as error:
            faults.append(one_line(error))
    return [one for one in found if one is not None], faults
