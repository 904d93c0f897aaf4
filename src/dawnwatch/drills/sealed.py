"""The answer of a drill as a file beside its packet, encoded so that nobody reads it by accident."""

from __future__ import annotations

import base64
import binascii
import zlib
from pathlib import Path

from pydantic import ValidationError

from dawnwatch.atomic import write_atomically
from dawnwatch.drills.truth import Truth
from dawnwatch.errors import StoreError, one_line
from dawnwatch.model.base import Frozen

__all__ = ["FOLDER", "Sealed", "last_sealed", "seal", "unseal"]

FOLDER = "drills"
"""Folder of the sealed answers, within that of the packets."""
_SUFFIX = ".sealed"
_NOTE = "What really happened in a drill, sealed. `dawnwatch drill --reveal` opens it.\n"


class Sealed(Frozen):
    """An answer and the packet it belongs to."""

    packet: str
    """The packet's `id`, as it was before a person moved thresholds at the keyboard."""
    window: str
    """Fingerprint of its current window, by which the saved packet is found."""
    truth: Truth


def seal(sealed: Sealed, results: Path) -> Path:
    """Write an answer into the results folder; return its path. Raises StoreError."""
    path = results / FOLDER / f"{sealed.packet}{_SUFFIX}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent}: cannot be made ({error.strerror}); choose another with --results") from None
    packed = base64.encodebytes(zlib.compress(sealed.model_dump_json().encode()))
    return write_atomically(path, _NOTE.encode() + packed)


def unseal(path: Path) -> Sealed:
    """Read an answer. Raises StoreError where the file holds none."""
    try:
        packed = path.read_bytes().removeprefix(_NOTE.encode())
        return Sealed.model_validate_json(zlib.decompress(base64.decodebytes(packed)))
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from None
    except (binascii.Error, zlib.error, ValidationError) as error:
        raise StoreError(f"{path}: holds no sealed answer ({one_line(error)})") from None


def last_sealed(results: Path) -> Path:
    """Return the newest answer in the results folder. Raises StoreError where there is none."""
    found = list((results / FOLDER).glob(f"*{_SUFFIX}"))
    if not found:
        raise StoreError(f"{results}: holds no drill to reveal; `dawnwatch drill` plays one, --results names a folder")
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
