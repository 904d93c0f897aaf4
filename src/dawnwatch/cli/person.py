"""Who sits at the keyboard, as far as this machine knows."""

from __future__ import annotations

import subprocess
from getpass import getuser

__all__ = ["name_of_user"]

PATIENCE = 2.0


def name_of_user() -> str:
    """Return the name that Git signs with here, else that of the login, else "". A guess: it is offered, not taken."""
    try:
        asked = ["git", "config", "user.name"]
        found = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
        name = " ".join(found.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError):
        name = ""
    return name or _login()


def _login() -> str:
    try:
        return getuser()
    except (ImportError, KeyError, OSError):
        return ""
