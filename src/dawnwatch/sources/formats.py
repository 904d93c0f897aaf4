"""Which format a file is in: by its first bytes where they tell, else by its ending, else by its text."""

from __future__ import annotations

import codecs
from enum import StrEnum
from pathlib import PurePath

from dawnwatch.errors import DataError
from dawnwatch.sources.storage import DataFile, open_text, reason

__all__ = ["Format", "find_format", "known_ending", "unpacked_ending"]


class Format(StrEnum):
    """How a file holds its table."""

    PARQUET = "Parquet"
    IPC_FILE = "Arrow IPC file"
    IPC_STREAM = "Arrow IPC stream"
    DELIMITED = "delimited text"
    JSON_LINES = "JSON Lines"


ENDINGS = {
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".parq": Format.PARQUET,
    ".arrow": Format.IPC_STREAM,
    ".arrows": Format.IPC_STREAM,
    ".feather": Format.IPC_STREAM,
    ".ipc": Format.IPC_STREAM,
    ".csv": Format.DELIMITED,
    ".tsv": Format.DELIMITED,
    ".tab": Format.DELIMITED,
    ".txt": Format.DELIMITED,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
    ".json": Format.JSON_LINES,
}
COMPRESSED_ENDINGS = (".gz", ".bz2", ".zst")
HEAD = 65_536

FOREIGN = {
    b"PARE": "an encrypted Parquet file; write it without encryption",
    b"FEA1": "a Feather file of version 1; write it again with a newer pyarrow or pandas",
    b"PK\x03\x04": "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as CSV",
    b"ORC": "an ORC file; convert it to Parquet",
    b"Obj\x01": "an Avro file; convert it to Parquet",
    b"\x89HDF": "an HDF5 file; convert it to Parquet",
    b"SQLite format 3": "an SQLite database; export the table to CSV or Parquet",
    b"\x93NUMPY": "a NumPy array; save it as a table with named columns, such as Parquet",
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
}


def known_ending(name: str) -> bool:
    """Whether a file of this name is taken for data when its folder is read."""
    return unpacked_ending(name) in ENDINGS


def find_format(file: DataFile, *, shown: str) -> Format:
    """Return the format of a file.

    Raises
    ------
    DataError
        Where it is empty, cannot be read or is no table.
    """
    try:
        start = file.start(16)
        with open_text(file) as stream:
            head = bytes(stream.read(HEAD))
    except OSError as error:
        raise DataError(f"{shown}: cannot be read: {reason(error)}") from None
    if not start:
        raise DataError(f"{shown}: the file is empty (0 bytes); check what was to write it")
    if start.startswith(b"PAR1"):
        return Format.PARQUET
    if start.startswith(b"ARROW1"):
        return Format.IPC_FILE
    for magic, what in FOREIGN.items():
        if head.startswith(magic):
            raise DataError(f"{shown}: this is {what}")
    by_ending = ENDINGS.get(unpacked_ending(file.path.name))
    if by_ending is Format.PARQUET:
        raise DataError(f"{shown}: not a Parquet file although its name says so; check what wrote it")
    # An IPC stream has no magic; each message begins with this mark and its length.
    if start.startswith(b"\xff\xff\xff\xff") or by_ending is Format.IPC_STREAM:
        return Format.IPC_STREAM
    if not head:
        raise DataError(f"{shown}: the file is empty once unpacked; check what was to write it")
    if _is_binary(head):
        raise DataError(
            f"{shown}: not a table that dawnwatch can read; give Parquet, CSV, TSV, JSON Lines or Arrow IPC"
        )
    if by_ending is None and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Format.JSON_LINES
    return by_ending or Format.DELIMITED


def unpacked_ending(name: str) -> str:
    """Return the ending in lower case, looking behind that of a compression."""
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix if path.suffix in COMPRESSED_ENDINGS else path.suffix


def _is_binary(head: bytes) -> bool:
    """Whether bytes cannot be text: NULs, or control characters in what is no UTF-8 either."""
    if b"\0" in head:
        return True
    if not any(byte < 9 or 13 < byte < 32 for byte in head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a character cut off at the end is no fault
    except UnicodeDecodeError:
        return True
    return False
