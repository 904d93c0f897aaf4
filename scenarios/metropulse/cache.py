"""The local copy of the ratings: `ml-100k/u.data` in the cache folder, there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from platformdirs import user_cache_dir

from metropulse.progress import Say
from metropulse.udata import BYTES, fault_of

__all__ = ["VARIABLE", "cache_file", "read_cache", "write_cache"]

VARIABLE = "DAWNWATCH_CACHE"
"""Environment variable that names another cache folder."""

_PREFIX, _SUFFIX = ".u.data.", ".part"
_STALE_SECONDS = 3600.0


def cache_file() -> Path:
    """Return where the ratings are kept: the layout of the unpacked official archive, in the cache folder."""
    named = os.environ.get(VARIABLE)
    folder = Path(named).expanduser() if named else Path(user_cache_dir("dawnwatch", appauthor=False))
    return folder / "ml-100k" / "u.data"


def read_cache(say: Say) -> bytes | None:
    """Return the cached `u.data`, or None where there is none.

    A file with another content (a poisoned or truncated cache) is discarded, and `say` is told so.
    """
    path = cache_file()
    try:
        with path.open("rb") as file:
            text = file.read(BYTES + 1)
            size = path.stat().st_size
    except FileNotFoundError:
        return None
    except OSError as error:
        say(f"The cached ratings {path} cannot be read ({error.strerror}); fetching them anew.")
        return None
    fault = fault_of(text) if size == BYTES else f"expected {BYTES:,} bytes of u.data, got {size:,}"
    if fault is None:
        return text
    say(f"The cached ratings {path} are not MovieLens 100K ({fault}); discarded, fetching them anew.")
    with contextlib.suppress(OSError):
        path.unlink()
    return None


def write_cache(text: bytes, say: Say) -> None:
    """Keep verified ratings for the next run, atomically: a kill leaves the old file or the new one.

    A cache folder that cannot be written is no failure (the ratings are in memory); `say` is told so.
    """
    path = cache_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        _sync_folder(path.parent)
    except OSError as error:
        say(f"The ratings could not be kept in {path.parent} ({error.strerror}); the next run fetches them again.")


def _sweep(folder: Path) -> None:
    """Remove what killed runs left behind, sparing the file another run may be writing now."""
    for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable where the system lets a folder be synced."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
