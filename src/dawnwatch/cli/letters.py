"""What a terminal has letters for: standard output and error as the locale asks, and JSON as UTF-8 whatever it says."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Mapping

__all__ = ["FALLBACK", "fit_streams", "plain_locale", "write_utf8"]

FALLBACK = "dawnwatch.letters"
"""Name of the error handler that writes what an encoding lacks in ASCII."""
PLAIN = {"C", "POSIX"}


def fit_streams() -> None:
    """Make standard output and error fit the terminal: no sign of ours ends in "?" or in a UnicodeEncodeError.

    Python takes a terminal of the locale C for one that shows UTF-8, and whoever sets it by hand asks for ASCII.
    """
    codecs.register_error(FALLBACK, _in_ascii)
    encoding = "ascii" if plain_locale(os.environ) else None
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # tests and notebooks put other streams in their place
        if reconfigure is not None:
            reconfigure(encoding=encoding, errors=FALLBACK)


def plain_locale(environment: Mapping[str, str]) -> bool:
    """Whether the environment asks for a terminal without letters beyond ASCII, and for no encoding by name.

    Examples
    --------
    >>> plain_locale({"LANG": "C"}), plain_locale({"LANG": "C.UTF-8"}), plain_locale({})
    (True, False, False)
    """
    if environment.get("PYTHONIOENCODING") or environment.get("PYTHONUTF8") == "1":
        return False
    whole, letters, general = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if letters == "C.UTF-8" and general in PLAIN:
        letters = ""  # Python itself sets it so where it starts under such a locale
    return (whole or letters or general) in PLAIN


def write_utf8(text: str) -> None:
    """Write to standard output what machines read, which is UTF-8 under any locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    from dawnwatch.report.words import ascii_signs

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return ascii_signs(error.object[error.start : error.end]), error.end
