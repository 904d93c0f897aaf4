"""Profile files whatever they are of: which are there, what is in them, and what one may be written over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dawnwatch.errors import DamagedError, DataError, StoreError, one_line
from dawnwatch.profiling.container import MAGIC, unpack

__all__ = [
    "KINDS",
    "REFERENCE",
    "RUN",
    "WINDOW",
    "Files",
    "is_profile",
    "matching",
    "read_profile",
    "require_free",
    "under",
    "whole",
]

REFERENCE, WINDOW, RUN = "reference", "window", "run"
KINDS = {
    REFERENCE: "a reference, which is given as --reference-profile",
    WINDOW: "a window",
    RUN: "a whole run, which `dawnwatch what-if` reads",
}
"""What the file of each kind is the profile of, in words."""
SUFFIX = ".profile"
Files = dict[str, Any]


def is_profile(data: object) -> bool:
    """Whether this names a profile file, by its first bytes or its ending."""
    if not isinstance(data, str | Path) or "://" in str(data):
        return False
    try:
        with Path(data).open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC or Path(data).suffix == SUFFIX
    except (OSError, ValueError):
        return False


def matching(pattern: str | Path) -> list[Path]:
    """Return the profile files that a pattern such as `0*.profile` means, in the order of their names."""
    path = Path(pattern)
    if "://" in str(pattern) or not set("*?[") & set(path.name):
        return []
    return sorted(found for found in path.parent.glob(path.name) if is_profile(found))


def require_free(output: Path, *inputs: object) -> None:
    """Prove, before anything is read, that writing a profile there costs nothing but an older profile.

    Raises
    ------
    StoreError
        Where the file is one of the inputs, or is there and is no profile.
    """
    for data in inputs:
        if isinstance(data, str | Path) and "://" not in str(data) and _same_file(output, Path(data)):
            raise StoreError(f"{output}: is what is to be read; write to another file")
    if output.exists() and not (output.is_file() and is_profile(output)):
        raise StoreError(f"{output}: is there and is no profile, so it is not replaced; write to another file")


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def read_profile(path: str | Path) -> tuple[Files, Files]:
    """Return a profile file's facts and arrays. Raises DataError."""
    try:
        return unpack(Path(path).read_bytes())
    except FileNotFoundError:
        raise DataError(f"{path}: no such profile; write one with `dawnwatch profile`") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or one_line(error)}") from None
    except DamagedError as error:
        raise DamagedError(f"{path}: {error}") from None


@contextmanager
def whole(path: str | Path) -> Iterator[None]:
    """Say of a file whose checksum is right what else is wrong with it."""
    try:
        yield
    except DamagedError as error:
        raise DamagedError(f"{path}: {error}") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise DamagedError(
            f"{path}: its checksum is right and its content is not ({type(error).__name__}); profile the data again"
        ) from None


def under(prefix: str, arrays: Files) -> Files:
    """Return the arrays whose names begin so, without that beginning."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
