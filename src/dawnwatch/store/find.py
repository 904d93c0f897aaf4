"""Finding a packet as a person names it: a file, `latest`, or the label of a run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dawnwatch.errors import StoreError, did_you_mean, one_line
from dawnwatch.model.numbers import moment, plural
from dawnwatch.model.packet import TriagePacket
from dawnwatch.store.files import LATEST, ResultsFolder

__all__ = ["Named", "find", "labelled", "packets"]

LABELS_SHOWN = 12


@dataclass(frozen=True)
class Named:
    """A packet, the file it was read from, and what a person should know of how it was found."""

    packet: TriagePacket
    path: Path
    notes: list[str] = field(default_factory=list)


def packets(folder: ResultsFolder, *, most: int | None = None) -> tuple[list[Named], list[str]]:
    """Return the packets of a folder, newest first, and one line for each file that could not be read as one.

    `latest.json` is a copy, and is left out. Raises StoreError where the folder cannot be listed.

    Parameters
    ----------
    most : read no more files than these, the newest by their names, which begin with the time; by default all
    """
    try:
        paths = sorted(path for path in folder.folder.iterdir() if _is_packet_file(path))
    except FileNotFoundError:
        raise StoreError(
            f"{folder.folder}: no such results folder; `dawnwatch run` makes it, --results names another"
        ) from None
    except OSError as error:
        raise StoreError(f"{folder.folder}: the results folder cannot be read ({error.strerror})") from None
    found, skipped = [], []
    for path in paths if most is None else paths[-most:]:
        try:
            found.append(Named(folder.load(path), path))
        except StoreError as error:
            skipped.append(one_line(error))
    found.sort(key=lambda named: named.packet.created_at, reverse=True)
    return found, skipped


def _is_packet_file(path: Path) -> bool:
    return path.suffix == ".json" and path.name != LATEST and not path.name.startswith(".")


def find(folder: ResultsFolder, name: str) -> Named:
    """Return the packet a person means.

    Parameters
    ----------
    folder : where `latest` and labels are looked up
    name : `latest`, a path (with a separator or ending in .json), or a label; a label before a file of that name

    Raises
    ------
    StoreError
        Where there is no such packet, or its file holds none.
    """
    if name == "latest":
        return Named(folder.load(), folder.folder / LATEST)
    path = Path(name).expanduser()
    if _looks_like_a_path(name) and path.exists() and not path.is_dir():
        return Named(folder.load(path), path)
    return labelled(folder, name)


def labelled(folder: ResultsFolder, label: str) -> Named:
    """Return the newest packet with a label; it says so where there are more. Raises StoreError."""
    path = Path(label).expanduser()
    if not folder.folder.exists() and not path.exists():
        raise StoreError(
            f"{label}: no such packet file, and no results folder {folder.folder} to look for that label in; "
            "name it with --results"
        )
    every, skipped = packets(folder) if folder.folder.exists() else ([], [])
    found = [named for named in every if named.packet.label == label]
    if not found:
        if path.is_file():
            return Named(folder.load(path), path)
        raise StoreError(_a_folder(path) if path.is_dir() else _unknown(folder, label, every, skipped))
    newest = found[0]
    notes = [f"skipped while looking for {label!r}: {line}" for line in skipped]
    if len(found) > 1:
        when = moment(newest.packet.created_at)
        notes.insert(0, f"{len(found)} packets are labelled {label!r}: taking the newest, of {when}")
    return Named(newest.packet, newest.path, notes)


def _looks_like_a_path(name: str) -> bool:
    separators = [os.sep, *([os.altsep] if os.altsep else [])]
    return name.endswith(".json") or any(separator in name for separator in separators)


def _a_folder(path: Path) -> str:
    """Say how to name a packet in a folder, with the labels there are in it."""
    every, _ = packets(ResultsFolder(path))
    labels = _labels(every)
    said = f"{path}: is a folder, not a packet; give a file in it, or --results {path} with `latest` or a label"
    return f"{said}. {_listed(labels)}" if labels else said


def _unknown(folder: ResultsFolder, label: str, every: Iterable[Named], skipped: list[str]) -> str:
    """Say that no packet has a label, and which labels there are, newest first."""
    labels = _labels(every)
    if _looks_like_a_path(label):
        said = f"{label}: no such packet, neither a file nor a label in {folder.folder}"
    else:
        said = f"no packet in {folder.folder} is labelled {label!r}"
    said += f".{did_you_mean(label, labels)}" if labels else ""
    if labels:
        said += f" {_listed(labels)}"
    else:
        said += "; none there has a label: `dawnwatch run --label NAME` gives one"
    return said + (f" ({plural(len(skipped), 'file')} could not be read)" if skipped else "")


def _labels(every: Iterable[Named]) -> list[str]:
    """Return the labels there are, newest first."""
    return list(dict.fromkeys(named.packet.label for named in every if named.packet.label))


def _listed(labels: list[str]) -> str:
    more = f" and {len(labels) - LABELS_SHOWN} more" if len(labels) > LABELS_SHOWN else ""
    return f"Labels there: {', '.join(labels[:LABELS_SHOWN])}{more}"
