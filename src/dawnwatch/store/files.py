"""Packets as files: written whole or not at all, and never over an earlier one."""

from __future__ import annotations

import os
import re
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from dawnwatch.atomic import finished, write_atomically
from dawnwatch.errors import StoreError, one_line
from dawnwatch.model.packet import SCHEMA_VERSION, TriagePacket

__all__ = ["LATEST", "ResultsFolder", "alone"]

LATEST = "latest.json"


class ResultsFolder:
    """A folder of packets, `<time>[-label]-<severity>.json`, with a copy of the newest in `latest.json`."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser()

    def require_writable(self) -> None:
        """Prove, before any long work and writing nothing, that packets can be kept here. Raises StoreError."""
        try:
            place = self.folder
            while not place.exists() and place != place.parent:
                place = place.parent
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            raise self._unwritable(error) from None

    def save(self, packet: TriagePacket) -> Path:
        """Write a packet under a name of its own and point `latest.json` at the newest. Returns its path.

        Raises
        ------
        StoreError
            Where the folder cannot be written.
        """
        content = (packet.model_dump_json(indent=2) + "\n").encode()
        stamp = packet.created_at.strftime("%Y-%m-%dT%H-%M-%SZ")
        tag = f"-{_slug(packet.label)}" if packet.label else ""
        stem = f"{stamp}{tag}-{packet.severity.value}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._write_new(stem, content)
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            with alone(self.folder):
                if not self._has_newer(packet):
                    write_atomically(self.folder / LATEST, content)
        except (OSError, StoreError) as error:
            raise StoreError(f"{path} is saved, but {LATEST} could not be made to follow it: {error}") from None
        return path

    def load(self, name: str | Path = "latest") -> TriagePacket:
        """Read a packet: a path, or "latest". Raises StoreError."""
        path = self.folder / LATEST if str(name) == "latest" else Path(name)
        try:
            packet = TriagePacket.model_validate_json(path.read_text("utf-8"))
        except FileNotFoundError:
            raise StoreError(f"{path}: no such packet; `dawnwatch run` writes one") from None
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise StoreError(f"{path}: not a triage packet (not UTF-8 text)") from None
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in fault["loc"])
            reason = f"{where}: {fault['msg']}" if where else fault["msg"]
            raise StoreError(f"{path}: not a triage packet of schema {SCHEMA_VERSION} ({reason})") from None
        if packet.schema_version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
            raise StoreError(
                f"{path}: has schema {packet.schema_version} and this dawnwatch reads {SCHEMA_VERSION}; "
                "install the dawnwatch that wrote it"
            )
        return packet

    def ends_with(self, packet: TriagePacket) -> bool:
        """Whether a packet is the newest here, the one `latest.json` is a copy of."""
        try:
            return self.load().id == packet.id
        except StoreError:
            return False

    def _unwritable(self, error: OSError) -> StoreError:
        reason = error.strerror or one_line(error)
        return StoreError(
            f"{self.folder}: the results folder cannot be written ({reason}); choose another with --results"
        )

    def _has_newer(self, packet: TriagePacket) -> bool:
        """Whether latest.json holds a newer packet, which an older one must not replace."""
        try:
            latest = self.load().created_at
        except StoreError:
            return False
        # One from the future was written by a clock that went wrong, and would stay latest for ever.
        return packet.created_at < latest <= datetime.now(UTC)

    def _write_new(self, stem: str, content: bytes) -> Path:
        """Link a finished temporary file to the first free name; a link never replaces a file."""
        with finished(self.folder, content) as temporary:
            for number in range(1, 10_000):
                path = self.folder / f"{stem}{'' if number == 1 else f'-{number}'}.json"
                try:
                    path.hardlink_to(temporary)
                except FileExistsError:
                    continue
                except OSError:
                    # A file system without links: a random name is free, and moving the file there is atomic too.
                    path = self.folder / f"{stem}-{secrets.token_hex(8)}.json"
                    temporary.replace(path)
                return path
        raise FileExistsError(f"no free name for {stem}")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time look at a file of a folder and replace it; the lock dies with its process."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        # Without locks on this file system, of two who write at the same moment the later may undo the other.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _slug(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", label).strip("-.")[:60].rstrip("-.") or "label"
