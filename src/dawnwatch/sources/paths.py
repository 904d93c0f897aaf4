"""From what the user wrote (a file, a folder, a glob, a URL) to the files to read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dawnwatch.errors import DataError, did_you_mean
from dawnwatch.sources.formats import known_ending
from dawnwatch.sources.selection import (
    GLOB,
    in_order,
    is_hidden,
    no_data_files,
    partition,
    refuse_versioned,
)
from dawnwatch.sources.storage import DataFile, reason
from dawnwatch.sources.urls import SQL_SCHEMES, STORES, is_url, scheme

__all__ = ["find_files"]

SCHEMES = ("file", "http", "https", *STORES)


def find_files(written: str, *, shown: str) -> list[DataFile]:
    """Return the files that a path or URL names, sorted by path, so that the order of the rows is always the same.

    In a folder, and in folders that a glob matches, hidden files, those that begin with "_" (`_SUCCESS`,
    `_metadata`) and those of no known ending are passed over. A folder that is a Delta table gives the files
    of its current version.

    Parameters
    ----------
    written : path, glob or URL as the user gave it; "~" is expanded
    shown : how messages begin

    Raises
    ------
    DataError
        Where nothing is found, or the file system, store or server refuses.
    """
    if not written.strip():
        raise DataError(f"{shown}: the path is empty; give a file, a folder or a glob")
    if is_url(written):
        return _at_url(written, shown)
    try:
        path = Path(written).expanduser()
        if path.is_dir():
            return _in_folder(path, shown)
        if path.exists():
            if not path.is_file():
                raise DataError(f"{shown}: not a regular file; write the data to a file first")
            with path.open("rb"):
                return [DataFile(path)]
        if GLOB.search(written):
            return _matching(path, shown)
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(f"{shown}: cannot be read: {reason(error)}") from None
    if scheme(written) in {*SCHEMES, *SQL_SCHEMES}:
        raise DataError(f"{shown}: a URL that pathlib folded to one slash; give it as a str")
    raise DataError(f"{shown}: no such file or folder.{_near(path) or ' Check the path.'}")


def _at_url(url: str, shown: str) -> list[DataFile]:
    kind = scheme(url) or ""
    if kind in STORES:
        from dawnwatch.sources.store_paths import find_store_files

        return find_store_files(url, shown=shown)
    if kind in {"http", "https"}:
        from dawnwatch.sources.web import open_web_file

        return [open_web_file(url, shown=shown)]
    if kind == "file":
        return find_files(unquote(urlsplit(url).path), shown=shown)
    raise DataError(
        f"{shown}: {kind}:// is not read; give a path, or a URL that begins with s3://, gs://, az://, abfs://, "
        f"https://, postgresql://, sqlite:// or duckdb://.{did_you_mean(kind, [*SCHEMES, *SQL_SCHEMES])}"
    )


def _in_folder(folder: Path, shown: str) -> list[DataFile]:
    if (folder / "_delta_log").is_dir():
        from dawnwatch.sources.delta import delta_files

        return delta_files(folder, shown=shown)
    marks = [*folder.glob(".hoodie"), *folder.glob("metadata/*.metadata.json")]
    refuse_versioned((path.relative_to(folder).parts for path in marks), shown)
    files = list(_data_files(folder, folder))
    return in_order(files) or no_data_files(shown)


def _matching(pattern: Path, shown: str) -> list[DataFile]:
    parts = pattern.parts
    wild = next(i for i, part in enumerate(parts) if GLOB.search(part))
    root = Path(*parts[:wild])
    files: list[DataFile] = []
    for path in root.glob(str(Path(*parts[wild:]))):
        if is_hidden(path, root):
            continue
        if path.is_dir():
            files.extend(_data_files(path, root))
        elif path.is_file():
            files.append(DataFile(path, partition(path, root)))
    if not files:
        raise DataError(f"{shown}: no file matches this pattern; check it with `ls`")
    return in_order(files)


def _data_files(folder: Path, root: Path) -> Iterable[DataFile]:
    next(folder.iterdir(), None)  # rglob passes over a folder it may not read; this says so
    for path in folder.rglob("*"):
        if known_ending(path.name) and not is_hidden(path, folder) and path.is_file():
            yield DataFile(path, partition(path, root))


def _near(path: Path) -> str:
    try:
        # Compared without their endings, by which every two CSV files are alike.
        siblings = {sibling.stem: sibling.name for sibling in path.parent.iterdir()}
    except OSError:
        return ""
    near = difflib.get_close_matches(path.stem, siblings, n=1)
    return f" Did you mean {siblings[near[0]]!r}?" if near else ""
