"""Packets as files: written whole or not at all, and never over an earlier one."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from pydantic import ValidationError

from dawnwatch.errors import StoreError, one_line
from dawnwatch.model.packet import SCHEMA_VERSION, TriagePacket

__all__ = ["ResultsFolder", "write_atomically"]

LATEST = "latest.json"


class ResultsFolder:
    """A folder of packets, `<time>[-label]-<severity>.json`, with a copy of the newest in `latest.json`."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser()

    def require_writable(self) -> None:
        """Prove, before any long work and writing nothing, that packets can be kept here. Raises StoreError."""
        place = self.folder
        while not place.exists() and place != place.parent:
            place = place.parent
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            raise self._unwritable(error) from None

    def save(self, packet: TriagePacket) -> Path:
        """Write a packet under a name of its own and point `latest.json` at it. Returns its path."""
        text = packet.model_dump_json(indent=2) + "\n"
        stamp = packet.created_at.strftime("%Y-%m-%dT%H-%M-%SZ")
        tag = f"-{_slug(packet.label)}" if packet.label else ""
        stem = f"{stamp}{tag}-{packet.severity.value}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._write_new(stem, text)
            write_atomically(self.folder / LATEST, text.encode())
        except OSError as error:
            raise self._unwritable(error) from None
        return path

    def load(self, name: str | Path = "latest") -> TriagePacket:
        """Read a packet: a path, or "latest". Raises StoreError."""
        path = self.folder / LATEST if str(name) == "latest" else Path(name)
        try:
            return TriagePacket.model_validate_json(path.read_text("utf-8"))
        except FileNotFoundError:
            raise StoreError(f"{path}: no such packet; `dawnwatch run` writes one") from None
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror})") from None
        except (ValidationError, UnicodeDecodeError) as error:
            raise StoreError(
                f"{path}: not a triage packet of schema {SCHEMA_VERSION} ({one_line(error)[:120]})"
            ) from None

    def _unwritable(self, error: OSError) -> StoreError:
        reason = error.strerror or one_line(error)
        return StoreError(
            f"{self.folder}: the results folder cannot be written ({reason}); choose another with --results"
        )

    def _write_new(self, stem: str, text: str) -> Path:
        """Link a finished temporary file to the first free name; a link never replaces a file."""
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".packet-", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o666 & ~_umask())
            for number in range(1, 10_000):
                path = self.folder / f"{stem}{'' if number == 1 else f'-{number}'}.json"
                try:
                    _claim(temporary, path)
                except FileExistsError:
                    continue
                return path
        finally:
            Path(temporary).unlink(missing_ok=True)
        raise FileExistsError(f"no free name for {stem}")


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file by a finished one, so that a reader sees the old or the new and never a part."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _claim(temporary: str, path: Path) -> None:
    """Give a finished file its name unless the name is taken; raises FileExistsError where it is."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links: claim the name first, then put the finished file in its place.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.replace(temporary, path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _slug(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", label).strip("-.")[:60] or "label"
