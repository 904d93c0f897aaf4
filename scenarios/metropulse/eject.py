"""The scenario as files to study and change: its configuration, and a script that runs it."""

from __future__ import annotations

from pathlib import Path

from dawnwatch import StoreError, UsageError

__all__ = ["FILES", "eject"]

_HERE = Path(__file__).parent

FILES = {"dawnwatch.toml": _HERE / "dawnwatch.toml", "metropulse.py": _HERE / "ejected.py"}
"""What is written, by name, and what it is a copy of."""


def eject(folder: str | Path) -> list[Path]:
    """Write the scenario's files into a folder, which is made where it is missing. Returns their paths.

    Raises
    ------
    UsageError
        Where the folder is a file, or already holds one of the names: nothing is ever written over.
    StoreError
        Where it cannot be written; what was written until then is taken away again.
    """
    folder = Path(folder).expanduser()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file, and --eject takes a folder; name another")
    for name in FILES:
        if (folder / name).exists() or (folder / name).is_symlink():
            raise UsageError(f"{folder / name} is there already, and is not written over; eject into another folder")
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, original in FILES.items():
            # "x" still refuses a file that came since.
            with (folder / name).open("xb") as file:
                written.append(folder / name)
                file.write(original.read_bytes())
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise StoreError(f"{folder}: cannot be written ({reason}); eject into another folder") from None
    return written
