"""Documents that people write in: read before they are written anew, and never lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dawnwatch.cli.exits import say
from dawnwatch.errors import StoreError, UsageError

if TYPE_CHECKING:
    from dawnwatch.report.kept import Earlier

__all__ = ["read_earlier", "write_kept"]


def read_earlier(path: Path, document: str) -> Earlier | None:
    """Read the document that is there already; None where there is none.

    Parameters
    ----------
    document : what kind it must be, such as "plan"

    Raises
    ------
    UsageError
        Where it is none of ours, or of another kind.
    """
    from dawnwatch.report.kept import read

    try:
        return read(path.read_text("utf-8-sig"), str(path), document)
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text, so it is no {document} of ours; choose another --output") from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror}); choose another --output") from None


def write_kept(path: Path, text: str, earlier: Earlier | None) -> None:
    """Write a document; where the earlier one was edited outside its marks, keep that beside it. Raises StoreError."""
    from dawnwatch.atomic import write_atomically

    if earlier is not None and not earlier.untouched:
        kept = _free(path)
        write_atomically(kept, path.read_bytes())
        say(
            f"dawnwatch: warning: {path} was edited outside its `keep` marks; it is kept as it was in {kept}: move "
            "what you want to stay between the marks"
        )
    # What a link leads to is written anew, not the link.
    write_atomically(path.resolve() if path.is_symlink() else path, text.encode())
    say(f"wrote {path}")


def _free(path: Path) -> Path:
    """Return the first free name beside a document."""
    number = 1
    while (free := path.with_name(f"{path.stem}.edited{'' if number == 1 else f'-{number}'}{path.suffix}")).exists():
        number += 1
    return free
