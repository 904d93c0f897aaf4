"""Which files of a folder are data, in which order, and what their folders' names say; the same wherever they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import NoReturn
from urllib.parse import unquote

from dawnwatch.errors import DataError
from dawnwatch.sources.storage import DataFile

__all__ = ["GLOB", "in_order", "is_hidden", "no_data_files", "partition", "refuse_versioned"]

GLOB = re.compile(r"[*?\[]")
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def is_hidden(path: PurePath, root: PurePath) -> bool:
    """Whether a file, or a folder between it and root, is passed over: names that begin with "." or "_"."""
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def partition(path: PurePath, root: PurePath) -> dict[str, str | None]:
    """Return the `key=value` folders between root and file, as Hive, Spark and Arrow write them."""
    keys: dict[str, str | None] = {}
    for part in path.relative_to(root).parts[:-1]:
        name, equals, value = part.partition("=")
        if equals and name:
            keys[unquote(name)] = None if value == HIVE_NULL else unquote(value)
    return keys


def in_order(files: Iterable[DataFile]) -> list[DataFile]:
    """Return each file once, sorted by path, so that the order of the rows is always the same."""
    return sorted({file.path: file for file in files}.values(), key=lambda file: file.path.parts)


def refuse_versioned(found: Iterable[tuple[str, ...]], shown: str) -> None:
    """Refuse a folder that holds a versioned table, given the parts of the paths below it.

    Raises
    ------
    DataError
        Where it is one: such a folder also holds rows that were replaced or deleted.
    """
    for parts in found:
        iceberg = parts[0] == "metadata" and parts[-1].endswith(".metadata.json")
        what = {".hoodie": "a Hudi table"}.get(parts[0], "an Iceberg table" if iceberg else None)
        if what:
            raise DataError(
                f"{shown}: {what}, whose folder also holds rows that were replaced or deleted; "
                "export its current version to Parquet"
            )


def no_data_files(shown: str) -> NoReturn:
    """Refuse a folder without any data.

    Raises
    ------
    DataError
        Always.
    """
    raise DataError(f"{shown}: no data files in this folder; dawnwatch reads .parquet, .csv, .tsv, .jsonl and .arrow")
