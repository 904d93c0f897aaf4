"""`python -m dawnwatch` is the console script."""

from __future__ import annotations

from dawnwatch.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
