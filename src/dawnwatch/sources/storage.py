"""A file to read, wherever it lies: on this machine, in an object store, behind a web server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import pyarrow as pa

__all__ = ["DataFile", "open_text", "reason", "unpacked_beyond"]

COMPRESSIONS = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zstd"}
PIECE = 1 << 20
"""Bytes read at a time where a file is only measured."""

ANSWERS = {
    "NO_SUCH_BUCKET": "no such bucket; check its name",
    "NO_SUCH_KEY": "no such object; check its name",
    "ACCESS_DENIED": "access denied; check that your credentials may list and read it",
    "INVALID_ACCESS_KEY_ID": "the access key is not known there; check your credentials",
    "SIGNATURE_DOES_NOT_MATCH": "the secret key does not fit the access key; check your credentials",
    "EXPIREDTOKEN": "the credentials have expired; log in again",
    "NETWORK_CONNECTION": "cannot be reached; check the network, and the endpoint if you set one",
}
"""What object stores answer, by the code within Arrow's message, in words."""


@dataclass(frozen=True)
class DataFile:
    """A file to read.

    Attributes
    ----------
    path : where it is within its file system
    partition : values that the folders' names, or a table format, give to all its rows: `day=3/x.parquet` has
        {"day": "3"}; an Arrow scalar has its type, text takes that of its likes in the other files
    filesystem : Arrow file system; None on this machine
    shown : how messages name it, without any secret; by default its path
    keep : something that must live as long as the file is used, such as a temporary folder
    """

    path: PurePath
    partition: Mapping[str, Any] = field(default_factory=dict)
    filesystem: Any = None
    shown: str = ""
    keep: object = None

    def __str__(self) -> str:
        return self.shown or str(self.path)

    def open(self) -> Any:
        """Open it for reading at any place, as an Arrow file.

        Raises
        ------
        OSError
            Where it cannot be read.
        """
        if self.filesystem is None:
            return pa.OSFile(str(self.path))
        return self.filesystem.open_input_file(str(self.path))

    def size(self) -> int:
        """Return how many bytes it holds.

        Raises
        ------
        OSError
            Where it cannot be found.
        """
        if self.filesystem is None:
            return Path(self.path).stat().st_size
        return int(self.filesystem.get_file_info(str(self.path)).size or 0)

    def start(self, size: int) -> bytes:
        """Return its first bytes, packed or not.

        Raises
        ------
        OSError
            Where it cannot be read.
        """
        if self.filesystem is None:
            with Path(self.path).open("rb") as file:
                return file.read(size)
        with self.filesystem.open_input_stream(str(self.path), compression=None) as stream:
            return bytes(stream.read(size))


def open_text(file: DataFile) -> Any:
    """Open a file for reading bytes from its start, unpacking gzip, bzip2 and Zstandard by their first bytes.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    compression = _compression(file.start(16))
    if file.filesystem is None:
        return pa.input_stream(str(file.path), compression=compression)
    return file.filesystem.open_input_stream(str(file.path), compression=compression)


def unpacked_beyond(file: DataFile, limit: int) -> bool:
    """Whether a file holds more than `limit` bytes once unpacked; at most that much of it is read.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    if _compression(file.start(16)) is None:
        return file.size() > limit
    seen = 0
    with open_text(file) as stream:
        while piece := stream.read(PIECE):
            seen += len(piece)
            if seen > limit:
                return True
    return False


def reason(error: BaseException) -> str:
    """Say in words why a file cannot be read: a refusal by its cause, anything else by its message."""
    text = " ".join(str(error).split())
    if isinstance(error, PermissionError):
        return "permission denied; ask its owner for read access, or run as a user who has it"
    found = next((words for code, words in ANSWERS.items() if code in text), None)
    if found:
        return found
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower() + "; check the path"
    # Arrow puts the request it made before the reason, and the libraries below it ever more after it.
    return (text[:297] + "..." if len(text) > 300 else text).rstrip(".") + "; check the file"


def _compression(start: bytes) -> str | None:
    return next((name for magic, name in COMPRESSIONS.items() if start.startswith(magic)), None)
