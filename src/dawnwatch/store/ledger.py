"""The ledger as a file: `ledger.jsonl` beside the packets, one JSON line an entry, added to and never rewritten."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from dawnwatch.errors import StoreError
from dawnwatch.model.ledger import LEDGER_VERSION, Alarm, Entry
from dawnwatch.model.packet import TriagePacket, Verdict
from dawnwatch.store.files import alone

__all__ = ["LEDGER", "Ledger"]

LEDGER = "ledger.jsonl"


class Ledger:
    """The ledger of one results folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LEDGER

    def add(
        self,
        packet: TriagePacket,
        *,
        decision: Verdict | None = None,
        alarm: Alarm | None = None,
        by: str | None = None,
        note: str | None = None,
        at: datetime | None = None,
    ) -> Entry:
        """Add what a person said of a run, and return it once it is on the disk.

        Raises
        ------
        StoreError
            Where the folder is missing, or the file cannot be written; it then is as it was.
        """
        now = datetime.now(UTC)
        entry = Entry(
            id=secrets.token_hex(8),
            packet=packet.id,
            window=packet.provenance.current.fingerprint,
            at=at or now,
            recorded_at=now,
            decision=decision,
            alarm=alarm,
            by=by,
            note=note,
        )
        try:
            with alone(self.path.parent):
                _append(self.path, entry.model_dump_json().encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise StoreError(
                f"{self.path}: cannot be written ({error.strerror}); nothing was recorded: free the file and repeat"
            ) from None
        return entry

    def entries(self) -> tuple[list[Entry], list[str]]:
        """Return the entries in the order of recording, and one line for each line that is none.

        A line that cannot be read costs no other, and stays where it is. Raises StoreError where the file cannot be
        read at all; none is no fault.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return [], []
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be read ({error.strerror})") from None
        found, faults = [], []
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                found.append(_entry(line))
            except ValueError as error:
                faults.append(f"{self.path}, line {number}: no entry ({_why(error)}); it is left out")
        return found, faults


def _append(path: Path, line: bytes) -> None:
    """Add one line, all of it or nothing; only one process at a time may."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
    try:
        size = os.fstat(handle).st_size
        # What a machine that lost its power left half-written ends here, and spoils no line but its own.
        cut_off = size > 0 and _last_byte(handle, size) != b"\n"
        content = (b"\n" if cut_off else b"") + line + b"\n"
        try:
            written = os.write(handle, content)
            if written < len(content):
                raise OSError(28, "no space left on the device")
            os.fsync(handle)
        except BaseException:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def _last_byte(handle: int, size: int) -> bytes:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1)


def _entry(line: bytes) -> Entry:
    """Read a line. Raises ValueError."""
    entry = Entry.model_validate_json(line)
    if entry.schema_version.partition(".")[0] != LEDGER_VERSION.partition(".")[0]:
        raise ValueError(f"it has schema {entry.schema_version}, and this dawnwatch reads {LEDGER_VERSION}")
    return entry


def _why(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}" if where else fault["msg"]
