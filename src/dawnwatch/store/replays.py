"""Replayed decisions as files: each is `replays/<id of the packet>/<time>.json`, with its chart and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from dawnwatch.atomic import write_together
from dawnwatch.errors import StoreError, one_line
from dawnwatch.model.replay import REPLAY_VERSION, Replay

__all__ = ["REPLAYS", "kept_replays", "replay_files", "save_together"]

REPLAYS = "replays"


def replay_files(folder: Path, replay: Replay, extra: Mapping[str, bytes]) -> dict[Path, bytes]:
    """Return the files of a replay that belongs to a packet, by path: its own, beside those of earlier replays.

    Parameters
    ----------
    folder : the results folder
    extra : what else is kept of it, by ending, such as ".md"
    """
    own = folder / REPLAYS / f"{replay.packet}"
    files = {".json": (replay.model_dump_json(indent=2) + "\n").encode(), **extra}
    return {own / f"{replay.created_at:%Y%m%dT%H%M%S.%fZ}{end}": content for end, content in files.items()}


def save_together(files: Mapping[Path, bytes]) -> list[Path]:
    """Write all of these files, or none where one cannot be.

    Raises
    ------
    StoreError
    """
    for folder in {path.parent for path in files if path.parent.parent.name == REPLAYS}:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder}: cannot be made ({error.strerror}); choose another with --results") from None
    return write_together(files)


def kept_replays(folder: Path, packets: Iterable[str]) -> tuple[list[Replay], list[str]]:
    """Return every replay kept of some packets, earliest first, and one line for each that cannot be read."""
    found, faults = [], []
    for packet in packets:
        # Until 1.1 there was one file for each packet, in which a later replay took an earlier one's place.
        single = folder / REPLAYS / f"{packet}.json"
        for path in [*([single] if single.is_file() else []), *sorted((folder / REPLAYS / packet).glob("*.json"))]:
            try:
                found.append(_read(path))
            except StoreError as error:
                faults.append(one_line(error))
    return sorted(found, key=lambda one: one.created_at), faults


def _read(path: Path) -> Replay:
    try:
        found = Replay.model_validate_json(path.read_text("utf-8"))
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, ValidationError):
        raise StoreError(f"{path}: not a replayed decision; `dawnwatch decide` makes another") from None
    if found.schema_version.partition(".")[0] != REPLAY_VERSION.partition(".")[0]:
        raise StoreError(f"{path}: has schema {found.schema_version} and this dawnwatch reads {REPLAY_VERSION}")
    return found
