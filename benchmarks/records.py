"""The measurements so far, one JSON line each, so that a run goes on where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

__all__ = ["Key", "Records", "key_of"]

Key = tuple[str, str, str, str, int, int]
"""Scale, work, group, contestant, rows, round."""
Record = dict[str, Any]


def key_of(record: Record) -> Key:
    """Return what makes a measurement the same one."""
    return (
        record["scale"],
        record["work"],
        record["group"],
        record["contestant"],
        record["rows"],
        record["round"],
    )


class Records:
    """A JSON lines file. Every line is written at once and whole; a line cut short by a stop is passed over."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept: dict[Key, Record] = {key_of(record): record for record in _read(path)}

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def failed(self, key: Key) -> bool:
        """Whether the same contestant failed in any round of the same group: it would fail again."""
        return any(k[:5] == key[:5] and "error" in r["line"] for k, r in self._kept.items())

    def add(self, record: Record) -> None:
        """Keep a measurement."""
        self._kept[key_of(record)] = record
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as file:
            cut_off = file.tell() and (file.seek(-1, 2), file.read(1) != b"\n")[1]
            file.write((("\n" if cut_off else "") + json.dumps(record, sort_keys=True) + "\n").encode())

    def forget(self, wrong: Callable[[Record], bool]) -> int:
        """Drop measurements that are to be made anew; return how many."""
        kept = {key: record for key, record in self._kept.items() if not wrong(record)}
        dropped = len(self._kept) - len(kept)
        if dropped:
            self._kept = kept
            lines = "".join(json.dumps(record, sort_keys=True) + "\n" for record in kept.values())
            whole = self.path.with_suffix(".new")
            whole.write_text(lines, "utf-8")
            whole.replace(self.path)
        return dropped

    def all(self) -> list[Record]:
        """Every measurement."""
        return list(self._kept.values())

    def of(self, scale: str, work: str) -> Iterable[Record]:
        """The measurements of one work."""
        return [record for record in self._kept.values() if (record["scale"], record["work"]) == (scale, work)]


def _read(path: Path) -> Iterable[Record]:
    if not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue
