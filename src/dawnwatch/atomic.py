"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dawnwatch.errors import StoreError, one_line

__all__ = ["finished", "write_atomically"]


def write_atomically(path: Path, content: bytes) -> Path:
    """Put a finished file in the place of `path`, so that a reader sees the old one or the new and never a part.

    Raises
    ------
    StoreError
        Where the folder is missing, not writable or full.
    """
    try:
        with finished(path.parent, content) as temporary:
            temporary.replace(path)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror or one_line(error)}); choose another place"
        ) from None
    return path


@contextmanager
def finished(folder: Path, content: bytes) -> Iterator[Path]:
    """Give a hidden file that holds the content and is on the disk; it is gone afterwards unless it was moved."""
    temporary = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        # Unlike tempfile's, such a file has the permissions the user's umask asks for.
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
