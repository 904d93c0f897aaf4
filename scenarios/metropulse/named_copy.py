"""Ratings from a copy the user names: a zip, a folder or a `u.data` file."""

from __future__ import annotations

import zipfile
from pathlib import Path

from dawnwatch import DataError, UsageError
from metropulse.udata import ARCHIVE_URL, BYTES, from_zip, verified

__all__ = ["read_named_copy"]


def read_named_copy(data: str | Path) -> bytes:
    """Return the verified `u.data` of a copy.

    Parameters
    ----------
    data
        The zip from GroupLens (or another that holds `u.data`), a folder that holds `u.data` or
        `ml-100k/u.data`, or a `u.data` file. What a file is, its content decides, not its name.

    Raises
    ------
    UsageError
        Where the path leads to no copy.
    DataError
        Where the copy has another content or cannot be read.
    """
    path = Path(data).expanduser()
    try:
        return _read(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from None
    except DataError as error:
        raise DataError(f"{error}; name an unchanged copy, such as a fresh {ARCHIVE_URL}") from None


def _read(path: Path) -> bytes:
    if path.is_dir():
        found = [file for file in (path / "u.data", path / "ml-100k" / "u.data") if file.is_file()]
        if not found:
            raise UsageError(
                f"{path}: neither u.data nor ml-100k/u.data in this folder; "
                f"name the folder unpacked from {ARCHIVE_URL}, or the zip itself"
            )
        path = found[0]
    elif not path.is_file():
        raise UsageError(f"{path}: no such file or folder; name a copy of MovieLens 100K ({ARCHIVE_URL})")
    with path.open("rb") as file:
        if zipfile.is_zipfile(file) or path.suffix == ".zip":
            file.seek(0)
            return from_zip(file, str(path))
        file.seek(0)
        size = path.stat().st_size
        if size != BYTES:  # said before reading: the file may be of any size
            raise DataError(f"{path}: not the ratings of MovieLens 100K: expected {BYTES:,} bytes, got {size:,}")
        return verified(file.read(), str(path))
