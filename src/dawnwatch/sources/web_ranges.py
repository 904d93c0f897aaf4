"""A file behind a web server as an Arrow file system of one file, read by ranges."""

from __future__ import annotations

import io
from typing import Any, NoReturn

import pyarrow as pa
from pyarrow import fs

from dawnwatch.sources.web_client import HttpClient

__all__ = ["range_filesystem"]

AHEAD = 1 << 16
"""Bytes asked for at least: the footer of a file is read in many small steps."""


def range_filesystem(client: HttpClient, size: int, tag: str | None) -> Any:
    """Return a file system in which every path is the one file.

    Parameters
    ----------
    size : bytes of the file
    tag : its ETag, by which a change is noticed
    """
    return fs.PyFileSystem(_OneFile(client, size, tag))


class _Ranges(io.RawIOBase):
    """The file, for reading at any place; the latest bytes are kept."""

    def __init__(self, client: HttpClient, size: int, tag: str | None) -> None:
        self._client, self._size, self._tag = client, size, tag
        self._at = 0
        self._kept_from, self._kept = 0, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        size = max(0, min(len(buffer), self._size - self._at))
        first = self._at - self._kept_from
        if size and not 0 <= first <= len(self._kept) - size:
            # Behind the place asked for as a rule; before it at the end, where footers are.
            start = min(self._at, max(0, self._size - AHEAD))
            length = min(max(size + self._at - start, AHEAD), self._size - start)
            self._kept_from, self._kept = start, self._client.part(start, length, self._size, self._tag)
            first = self._at - start
        buffer[:size] = self._kept[first : first + size]
        self._at += size
        return size


class _OneFile(fs.FileSystemHandler):  # type: ignore[misc]
    """What Arrow asks of a file system; nothing can be written."""

    def __init__(self, client: HttpClient, size: int, tag: str | None) -> None:
        self._made_of = client, size, tag

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _OneFile) and other._made_of == self._made_of

    def __hash__(self) -> int:
        return hash(self._made_of)

    def get_type_name(self) -> str:
        return "http"

    def normalize_path(self, path: str) -> str:
        return path

    def get_file_info(self, paths: list[str]) -> list[Any]:
        return [fs.FileInfo(path, fs.FileType.File, size=self._made_of[1]) for path in paths]

    def get_file_info_selector(self, selector: Any) -> list[Any]:
        return []

    def open_input_file(self, path: str) -> Any:
        return pa.PythonFile(_Ranges(*self._made_of), mode="r")

    open_input_stream = open_input_file

    def _refuse(self, *args: object) -> NoReturn:
        raise OSError("read only")

    copy_file = create_dir = delete_dir = delete_dir_contents = delete_file = delete_root_dir_contents = _refuse
    move = open_append_stream = open_output_stream = _refuse
