"""A file behind a web server.

Parquet and Arrow IPC files are read by ranges where the server answers them, so that only the columns asked for
are sent; everything else is fetched once into a temporary folder, which goes when nothing uses it any more.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from dawnwatch.errors import DataError
from dawnwatch.sources.storage import DataFile
from dawnwatch.sources.urls import redacted
from dawnwatch.sources.web_client import HttpClient

__all__ = ["open_web_file"]

RANGED = (b"PAR1", b"ARROW1")
"""First bytes of formats of which parts can be read."""
PIECE = 1 << 20


def open_web_file(url: str, *, shown: str) -> DataFile:
    """Return the file a URL names, to be read by ranges or from a temporary copy.

    Raises
    ------
    DataError
        Where the server cannot be reached, refuses, or sends less than it said it would.
    """
    client = HttpClient(url, shown=shown)
    name = PurePosixPath(unquote(urlsplit(url).path)).name or "download"
    with client.get("bytes=0-15") as answer:
        start = b"" if answer.status == 200 else answer.read(16)
        total = re.match(r"bytes 0-\d+/(\d+)$", answer.headers.get("Content-Range", ""))
        if start.startswith(RANGED) and total:
            from dawnwatch.sources.web_ranges import range_filesystem

            filesystem = range_filesystem(client, int(total[1]), answer.headers.get("ETag"))
            return DataFile(PurePosixPath(name), {}, filesystem, shown=redacted(url))
        if answer.status == 200:  # the whole file is already on its way
            return _fetched(answer, name, url, shown)
    with client.get() as answer:
        return _fetched(answer, name, url, shown)


class _Folder:
    """A temporary folder that is removed with the last that refers to it, at the latest when Python ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="dawnwatch-"))
        self.remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def _fetched(answer: Any, name: str, url: str, shown: str) -> DataFile:
    """Save an answer's body."""
    folder = _Folder()
    path = folder.path / name.replace("\0", "")
    size = answer.headers.get("Content-Length")
    seen = 0
    try:
        with path.open("wb") as file:
            while piece := answer.read(PIECE):
                seen += file.write(piece)
    except Exception as error:
        folder.remove()
        fault = HttpClient.words(error)
        if isinstance(error, OSError) and error.errno is not None and error.filename:
            fault = f"{str(error.strerror).lower()} in the folder for temporary files; set TMPDIR to a larger one"
        raise DataError(f"{shown}: broke off after {seen:,} bytes: {fault}") from None
    if size is not None and size.isdecimal() and seen != int(size):
        folder.remove()
        raise DataError(f"{shown}: broke off: {seen:,} of {int(size):,} bytes came; try again")
    return DataFile(path, {}, shown=redacted(url), keep=folder)
