"""The command line: parse, call, render, exit code. Nothing else happens here."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line; the console script."""
    from dawnwatch.cli.app import app

    app()
