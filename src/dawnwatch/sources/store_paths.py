"""From a URL of an object store (a file, a folder, a pattern) to the files to read, by the rules of local paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from dawnwatch.errors import DataError, did_you_mean
from dawnwatch.sources.delta import delta_files
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
from dawnwatch.sources.stores import open_store

__all__ = ["find_store_files"]


def find_store_files(url: str, *, shown: str) -> list[DataFile]:
    """Return the files that a URL names, sorted by path; see `paths.find_files` for which.

    Raises
    ------
    DataError
        Where nothing is found or the store refuses.
    """
    filesystem, path, origin = open_store(url, shown=shown)
    store = _Store(filesystem, origin)
    try:
        if (kind := store.kind(path)) == "file":
            return [store.file(path, {})]
        if kind == "folder":
            found = list(store.below(path))
            below = [item.relative_to(path).parts for item in found]
            if any(parts[0] == "_delta_log" for parts in below):
                return delta_files(path, shown=shown, filesystem=filesystem, origin=origin)
            refuse_versioned(below, shown)
            return in_order(store.data_files(found, path)) or no_data_files(shown)
        if GLOB.search(str(path)):
            return store.matching(path) or _none(f"{shown}: no file matches this pattern; check it")
        near = did_you_mean(path.name, (item.name for item, _ in store.children(path.parent)))
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{shown}: cannot be read: {reason(error)}") from None
    raise DataError(f"{shown}: no such file or folder.{near or ' Check the path.'}")


class _Store:
    """What is asked of a store. Names that end in "/" and hold nothing, which some tools write, are folders."""

    def __init__(self, filesystem: Any, origin: str) -> None:
        from pyarrow import fs

        self.filesystem = filesystem
        self.origin = origin
        self._kinds = {fs.FileType.File: "file", fs.FileType.Directory: "folder"}

    def file(self, path: PurePosixPath, keys: dict[str, str | None]) -> DataFile:
        return DataFile(path, keys, self.filesystem, shown=f"{self.origin}{path}")

    def kind(self, path: PurePosixPath) -> str | None:
        return self._kinds.get(self.filesystem.get_file_info(str(path)).type)

    def children(self, folder: PurePosixPath, *, recursive: bool = False) -> list[tuple[PurePosixPath, str | None]]:
        if not folder.parts:
            return []
        if self.filesystem.type_name != "gcs":
            return list(self._listed(folder, recursive).items())
        # Google's driver does not list a folder that only the names of its files imply.
        found = self._listed(folder, recursive=True)
        for path in list(found):
            for parent in path.parents[: len(path.parts) - len(folder.parts) - 1]:
                found.setdefault(parent, "folder")
        return [(path, kind) for path, kind in found.items() if recursive or path.parent == folder]

    def _listed(self, folder: PurePosixPath, recursive: bool) -> dict[PurePosixPath, str | None]:
        from pyarrow import fs

        chosen = fs.FileSelector(str(folder), allow_not_found=True, recursive=recursive)
        infos = self.filesystem.get_file_info(chosen)
        return {PurePosixPath(info.path): self._kinds.get(info.type) for info in infos}

    def below(self, folder: PurePosixPath) -> Iterator[PurePosixPath]:
        return (path for path, kind in self.children(folder, recursive=True) if kind == "file")

    def data_files(self, paths: Iterable[PurePosixPath], root: PurePosixPath) -> Iterator[DataFile]:
        for path in paths:
            if known_ending(path.name) and not is_hidden(path, root):
                yield self.file(path, partition(path, root))

    def matching(self, pattern: PurePosixPath) -> list[DataFile]:
        wild = next(i for i, part in enumerate(pattern.parts) if GLOB.search(part))
        root = PurePosixPath(*pattern.parts[:wild])
        files: list[DataFile] = []
        for path, kind in self._expand([(root, "folder")], list(pattern.parts[wild:])):
            if is_hidden(path, root):
                continue
            if kind == "file":
                files.append(self.file(path, partition(path, root)))
            else:
                files.extend(
                    self.file(item, partition(item, root))
                    for item in self.below(path)
                    if known_ending(item.name) and not is_hidden(item, root)
                )
        return in_order(files)

    def _expand(
        self, found: list[tuple[PurePosixPath, str | None]], parts: list[str]
    ) -> list[tuple[PurePosixPath, str | None]]:
        """Follow a pattern a folder at a time, so that no more is listed than it asks for."""
        for part in parts:
            folders = [path for path, kind in found if kind == "folder"]
            if part == "**":
                deeper = [item for folder in folders for item in self.children(folder, recursive=True)]
                found = [(folder, "folder") for folder in folders] + [i for i in deeper if i[1] == "folder"]
            elif GLOB.search(part):
                items = (item for folder in folders for item in self.children(folder))
                found = [item for item in items if fnmatchcase(item[0].name, part)]
            else:
                found = [(folder / part, kind) for folder in folders if (kind := self.kind(folder / part))]
        return found


def _none(message: str) -> list[DataFile]:
    raise DataError(message)
