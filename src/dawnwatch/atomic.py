"""Writing a file, or several that belong together, whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dawnwatch.errors import StoreError, one_line

__all__ = ["finished", "write_atomically", "write_together"]


def write_atomically(path: Path, content: bytes) -> Path:
    """Put a finished file in the place of `path`, so that a reader sees the old one or the new and never a part.

    Raises
    ------
    StoreError
        Where the folder is missing, not writable or full.
    """
    with _said_of(path), finished(path.parent, content) as temporary:
        temporary.replace(path)
    return path


def write_together(contents: Mapping[Path, bytes]) -> list[Path]:
    """Put finished files in the places of several, and none of them before all are finished. Returns their paths.

    Ctrl-C while they are being written leaves all as they were; while they are put in place, it waits for the last.

    Raises
    ------
    StoreError
        Where a folder is missing, not writable or full, and none was put in place; or where a place cannot be taken,
        and only those before it were.
    """
    with ExitStack() as stack:
        moves = []
        for path, content in contents.items():
            with _said_of(path):
                moves.append((stack.enter_context(finished(path.parent, content)), path))
        stopped: KeyboardInterrupt | None = None
        while moves:
            temporary, path = moves[0]
            try:
                with _said_of(path):
                    # Again where Ctrl-C came just behind the move.
                    if temporary.exists():
                        temporary.replace(path)
                del moves[0]
            except KeyboardInterrupt as stop:
                stopped = stop
    if stopped is not None:
        raise stopped
    return list(contents)


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror or one_line(error)}); choose another place"
        ) from None


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
