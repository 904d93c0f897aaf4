"""From what the user wrote (a file, a folder, a glob) to the files to read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.formats import known_ending

__all__ = ["FoundFile", "find_files"]

GLOB = re.compile(r"[*?\[]")
VERSIONED = {
    "_delta_log": "a Delta Lake table",
    "metadata/*.metadata.json": "an Iceberg table",
    ".hoodie": "a Hudi table",
}
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class FoundFile:
    """A file to read.

    Attributes
    ----------
    partition : values that the folders' names give to all its rows: `day=3/x.parquet` has {"day": "3"}
    """

    path: Path
    partition: dict[str, str | None] = field(default_factory=dict)


def find_files(written: str, *, shown: str) -> list[FoundFile]:
    """Return the files that a path names, sorted by path, so that the order of the rows is always the same.

    In a folder, and in folders that a glob matches, hidden files, those that begin with "_" (`_SUCCESS`,
    `_metadata`) and those of no known ending are passed over.

    Parameters
    ----------
    written : path or glob as the user gave it; "~" is expanded
    shown : how messages begin

    Raises
    ------
    DataError
        Where nothing is found or the file system refuses.
    """
    if not written.strip():
        raise DataError(f"{shown}: the path is empty; give a file, a folder or a glob")
    if "://" in written:
        raise DataError(f"{shown}: URLs are not read; download the file first and give its path")
    try:
        path = Path(written).expanduser()
        if path.is_dir():
            return _in_folder(path, shown)
        if path.exists():
            if not path.is_file():
                raise DataError(f"{shown}: not a regular file; write the data to a file first")
            with path.open("rb"):
                return [FoundFile(path)]
        if GLOB.search(written):
            return _matching(path, shown)
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(f"{shown}: cannot be read: {_reason(error)}") from None
    raise DataError(f"{shown}: no such file or folder.{_near(path) or ' Check the path.'}")


def _in_folder(folder: Path, shown: str) -> list[FoundFile]:
    for mark, what in VERSIONED.items():
        if any(folder.glob(mark)):
            raise DataError(
                f"{shown}: {what}, whose folder also holds rows that were replaced or deleted; "
                "export its current version to Parquet"
            )
    files = list(_data_files(folder, folder))
    if not files:
        raise DataError(
            f"{shown}: no data files in this folder; dawnwatch reads .parquet, .csv, .tsv, .jsonl and .arrow"
        )
    return _sorted(files)


def _matching(pattern: Path, shown: str) -> list[FoundFile]:
    parts = pattern.parts
    wild = next(i for i, part in enumerate(parts) if GLOB.search(part))
    root = Path(*parts[:wild])
    files: list[FoundFile] = []
    for path in root.glob(str(Path(*parts[wild:]))):
        if _is_hidden(path, root):
            continue
        if path.is_dir():
            files.extend(_data_files(path, root))
        elif path.is_file():
            files.append(FoundFile(path, _partition(path, root)))
    if not files:
        raise DataError(f"{shown}: no file matches this pattern; check it with `ls`")
    return _sorted(files)


def _data_files(folder: Path, root: Path) -> Iterable[FoundFile]:
    next(folder.iterdir(), None)  # rglob passes over a folder it may not read; this says so
    for path in folder.rglob("*"):
        if known_ending(path.name) and not _is_hidden(path, folder) and path.is_file():
            yield FoundFile(path, _partition(path, root))


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def _partition(path: Path, root: Path) -> dict[str, str | None]:
    """Return the `key=value` folders between root and file, as Hive, Spark and Arrow write them."""
    keys: dict[str, str | None] = {}
    for part in path.relative_to(root).parts[:-1]:
        name, equals, value = part.partition("=")
        if equals and name:
            keys[unquote(name)] = None if value == HIVE_NULL else unquote(value)
    return keys


def _sorted(files: list[FoundFile]) -> list[FoundFile]:
    return sorted({file.path: file for file in files}.values(), key=lambda file: file.path.parts)


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "permission denied; ask its owner for read access, or run as a user who has it"
    text = error.strerror if isinstance(error, OSError) else None
    return (text or one_line(error)).lower() + "; check the path"


def _near(path: Path) -> str:
    try:
        # Compared without their endings, by which every two CSV files are alike.
        siblings = {sibling.stem: sibling.name for sibling in path.parent.iterdir()}
    except OSError:
        return ""
    near = difflib.get_close_matches(path.stem, siblings, n=1)
    return f" Did you mean {siblings[near[0]]!r}?" if near else ""
