"""Delta tables: the files of the current version, found with the `deltalake` package."""

from __future__ import annotations
from pathlib import PurePath
from typing import Any
from dawnwatch.sources.storage import DataFile


def delta_files(folder: PurePath, *, shown: str, filesystem: Any = None, origin: str = "") -> list[DataFile]:
    from dawnwatch.errors import DataError

    raise DataError(
        f"{shown}: a Delta Lake table, whose folder also holds rows that were replaced or deleted; "
        "to read its current version: pip install 'dawnwatch[delta]'"
    )
